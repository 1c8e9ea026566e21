"""Sentences of a passage as exact spans, French and English. What is quoted to an HCP is cut here, so it is never cut inside."""

from __future__ import annotations

import re

# A full stop after these does not end a sentence. Lower case, without the stop; inner stops kept.
_ABBREVIATIONS = frozenset(
    """p ex p.ex cf env approx fig tab réf ref n no nos tél tel art chap vol m mm mme mlle
    dr pr drs prof st ste vs al sp spp max min i.v s.c i.m p.o e.g i.e c.-à-d resp inc ltd
    corp jr sr u.s u.k u.i l.p co dept est c.a ca incl excl temp pts pt éd ed""".split()
)
# A reference in brackets (“( 5.1 )”, “[see …]”) belongs to the sentence before it.
_END = re.compile(
    r"[.!?…]+(?:\s?[»”\"')\]]+)*(?:\s\(\s*[\d.,; ]+\))?\s+(?!\(\s*[\d.,; ]+\)|\[[Ss]ee\b)(?=[A-ZÀ-ÖØ-Þ0-9«“\"(\[≥≤<>•+‑-])"
)
# Bullets that flat sources leave inside a line; `o` is the second level of lists typed by hand.
# In “25 o C” it is a degree.
_INLINE_BULLET = re.compile(r"\s+(?:[•▪◦]\s*|o\s+(?!C\b)(?=[A-ZÀ-ÖØ-Þ]))")
_MARKER = re.compile(r"\s*(?:[-•▪◦·–]\s+|o\s+(?=[A-ZÀ-ÖØ-Þ]))?")
_LINE = re.compile(r"[^\n]+")
_LAST_WORD = re.compile(r"[^\s(\[«“\"/]+$")
_CELL = " | "
# Longer than any abbreviation with its brackets; a search from the line's start would be quadratic in flat labels.
_LONGEST = 24


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans `(start, end)` of the sentences, in order and without overlap; `text[start:end]` has no space at its ends.

    A line never runs on into the next: list items, headings and table rows are sentences of their own. A list marker is
    left out of its span. A line that has cells is one sentence whole.
    """
    spans: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        start, end = line.span()
        if _CELL in line[0]:
            _add(text, start, end, spans)
            continue
        at = start
        for cut in _cuts(text, start, end):
            _add(text, at, cut, spans)
            at = cut
        _add(text, at, end, spans)
    return spans


def _cuts(text: str, start: int, end: int) -> list[int]:
    ends = [found.end() for found in _END.finditer(text, start, end) if not _is_abbreviation(text, start, found.start())]
    bullets = [found.start() for found in _INLINE_BULLET.finditer(text, start + 1, end)]
    return sorted({*ends, *bullets}) if bullets else ends


def _is_abbreviation(text: str, line_start: int, stop: int) -> bool:
    if text[stop] != ".":
        return False
    found = _LAST_WORD.search(text, max(line_start, stop - _LONGEST), stop)
    if found is None:
        return False
    word = found[0].lower()
    # “1. Tapoter …”: the number of a step opens its line.
    numbers_a_step = word.isdecimal() and len(word) <= 2 and not text[line_start : found.start()].strip(" -•")
    return numbers_a_step or word in _ABBREVIATIONS


def _add(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    marker = _MARKER.match(text, start, end)
    start = marker.end() if marker else start
    while end > start and text[end - 1].isspace():
        end -= 1
    if not any(character.isalnum() for character in text[start:end]):
        return
    spans.append((start, end))
