"""Kinds of one disease and aims of treatment that exclude each other: asked for one where only another is approved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import intents
from bot.uses import Uses

_MARKER = re.compile(
    r"\b(?P<marker>her.?2|hr|er|rh|ph|alk|ros.?1|egfr|braf|k.?ras|brca\d?|flt3|idh\d|pd.?l1|ntrk|met|fgfr\d?|philadelphia)\b\W{0,2}"
    r"(?:[a-z0-9()+/-]+ ){0,7}?(?P<sign>negati\w+|neg\b|low\b|wild.?type|sauvage|non mute\w*"
    r"|positi\w+|pos\b|mut\w+|amplif\w+|overexpress\w*|surexpr\w+|rearrange\w*|deletions?)"
    r"|\b(?P<first>wild.?type|sauvage|non.?mut\w+) (?P<of>braf|k.?ras|egfr|flt3)\b"
    r"|\b(?P<short>her.?2|hr|er|rh|ph|alk|ros.?1)(?P<mark>[+-])(?=[\s,./)]|$)"
)
# What patients had before is not what the medicine is given for.
_BEFORE = re.compile(r"\b(?:who (?:have|has)|having|previously|after|following|ayant|prealablement|apres)\b[^.;\n]*")
_NEGATIVE = re.compile(r"neg|low|wild|sauvage|non|-")


@cache
def _opposites() -> dict[str, dict[str, re.Pattern[str]]]:
    return {
        axis: {kind: re.compile(pattern) for kind, pattern in kinds.items()}
        for axis, kinds in intents.load("off_label")["opposites"].items()
    }


@cache
def _aims() -> dict[str, re.Pattern[str]]:
    return {aim: re.compile(pattern) for aim, pattern in intents.load("off_label")["aims"].items()}


def other_kind(plain: str, indications: Sequence[Uses]) -> str | None:
    """Whether the question is on one kind of a disease, or of patient, where only another is approved."""
    asked = _kinds(plain)
    granted = [_kinds(_BEFORE.sub(" ", " \n".join(uses.granted.values()))) for uses in indications]
    for axis, kinds in sorted(asked.items()):
        if all(theirs.get(axis) and not theirs[axis] & kinds for theirs in granted):
            return f"approved for another kind: {axis} {', '.join(sorted(kinds))}"
    return None


def other_aim(plain: str, approved: Sequence[Uses]) -> str | None:
    """Whether an aim of treatment is named (prevention, premedication …) of which no approved use speaks."""
    for aim, pattern in _aims().items():
        if (found := pattern.search(plain)) and not any(pattern.search(" \n".join(uses.granted.values())) for uses in approved):
            return f"no approved use is {aim}: {found[0]}"
    return None


def _kinds(text: str) -> dict[str, set[str]]:
    found = {axis: {kind for kind, pattern in kinds.items() if pattern.search(text)} for axis, kinds in _opposites().items()}
    for sign in _MARKER.finditer(text):
        marker = re.sub(r"\W", "", sign["marker"] or sign["of"] or sign["short"])
        shown = sign["sign"] or sign["first"] or sign["mark"]
        found.setdefault(marker, set()).add("negative" if _NEGATIVE.match(shown) else "positive")
    return {axis: kinds for axis, kinds in found.items() if kinds}
