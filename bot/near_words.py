"""Words of a question that a document writes otherwise: shortened (`perf`, `plaq`) or with a slip (`contraceptf`)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.concepts import Concept
from bot.library import Library
from bot.words import STEMS

SHORTEST_STUB = 4  # letters of a shortened word
SHORTEST_SLIP = 6  # letters of a misspelt one: shorter words are one slip away from too many others
MOST = 4  # a stub with more readings in one document tells nothing
NEAR = 0.6  # share of its weight that a word counts for when only its like is found
LONG = 8  # letters: a word this long, one slip away from another, is that other
SELDOM = 3  # passages: a word that the documents write more often means itself


def near_words(form: str, stems: Sequence[str]) -> frozenset[str]:
    """Which of some sorted stems a word shortens, or else is one slip away from; none when there are too many."""
    at = bisect_left(stems, form)
    if len(form) >= SHORTEST_STUB and at < len(stems) and stems[at].startswith(form):
        begun = [stem for stem in stems[at : at + MOST + 1] if stem.startswith(form)]
        return frozenset(begun if len(begun) <= MOST else ())
    if len(form) < SHORTEST_SLIP:
        return frozenset()
    return frozenset(
        stem for stem, _, _ in process.extract(form, stems, scorer=OSA.distance, score_cutoff=1) if stem[0] == form[0]
    )


def with_near_words(concept: Concept, place: int, library: Library) -> Concept:
    """A concept whose word an edition does not hold, with the words of the edition that are like it; any other as it is."""
    language = "fr" if library.sources[place].edition.language == "fr" else "en"
    form = concept.name
    if (
        concept.said != form
        or len(form) < SHORTEST_STUB
        or not form.isalpha()
        or library.frequency(STEMS[language](form), language) > SELDOM
    ):
        return concept
    stems = library.stems_of(place)
    if not concept.terms[language].isdisjoint(stems):
        return concept
    found = near_words(form, stems) or near_words(STEMS[language](form), stems)
    if not found:
        return concept
    slip = len(form) >= LONG and len(found) == 1 and not next(iter(found)).startswith(form)
    return replace(concept, terms={**concept.terms, language: found}, weight=concept.weight * (1.0 if slip else NEAR))
