"""Power cuts: what a run wrote and synced, step by step, and what a disk may hold when the power goes at any of those steps."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from disk import OK, Disk, Step

SECTOR = 512


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The moment at which somebody was told that their act is kept."""

    act: str
    answer: dict[str, object]


class Recording(Disk):
    """Remembers every step and every acknowledgement, in the order in which they happened."""

    def __init__(self) -> None:
        self.steps: list[Step | Acknowledged] = []

    def about_to(self, step: Step) -> int:
        if not step.path.endswith("-shm"):
            self.steps.append(step)
        return OK


@dataclass(slots=True)
class _File:
    """What is safe on the disk (None: no such file), and what is still in caches."""

    safe: bytearray | None = None
    unsafe: list[Step] = field(default_factory=list)


class Platters:
    """What a disk holds: synced bytes for certain, of the others any part; of what a failed sync `dropped`, nothing."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = {path: _File(bytearray(held)) for path, held in files.items()}

    def take(self, step: Step) -> None:
        """One more step has happened."""
        file = self._files.setdefault(step.path, _File())
        if step.kind == "delete":
            # Whether a deleted log comes back is not asked here: it was folded into the file, and synced, before.
            self._files[step.path] = _File()
        elif step.kind == "dropped":
            file.unsafe.clear()
        elif step.kind == "sync":
            file.safe = _written(file.safe, file.unsafe)
            file.unsafe.clear()
        else:
            file.unsafe.append(step)

    def after_a_cut(self, chance: random.Random) -> Iterator[tuple[str, bytes]]:
        """The files as they are found again: of what was not synced nothing is left, or any part, torn between sectors."""
        for path, file in self._files.items():
            kept = chance.choice([[], list(_torn(file.unsafe, chance))])
            found = _written(file.safe, kept)
            if found is not None:
                yield path, bytes(found)


def _torn(steps: list[Step], chance: random.Random) -> Iterator[Step]:
    for step in steps:
        if step.kind == "truncate" or chance.random() < 0.5:
            yield step
            continue
        for start in range(0, len(step.data), SECTOR):
            if chance.random() < 0.5:
                yield Step("write", step.path, step.offset + start, step.data[start : start + SECTOR])


def _written(held: bytearray | None, steps: list[Step]) -> bytearray | None:
    if held is None and not steps:
        return None
    now = bytearray(held or b"")
    for step in steps:
        if step.kind == "truncate":
            del now[step.offset :]
            continue
        if len(now) < step.offset:
            now.extend(bytes(step.offset - len(now)))
        now[step.offset : step.offset + len(step.data)] = step.data
    return now


def lay_out(files: Iterator[tuple[str, bytes]], folder: Path) -> None:
    """Put the files of a disk into a folder, to be opened there."""
    for path, held in files:
        (folder / Path(path).name).write_bytes(held)
