"""Words that tell what a question is about, and of which a label says nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

import intents
from bot.concepts import LANGUAGES, Concept, concept_book
from bot.library import Library
from bot.near_words import SHORTEST_SLIP
from bot.reading import Question
from bot.words import STEMS, words

RARE = 20  # passages: a word that the documents of its language write more often is no name of a disease
SHORTEST = 5  # letters; a shorter word counts when it is written as an acronym (`HEV`)
SHORTEST_ACRONYM = 3
USUAL = 5  # passages that hold a word of which another is taken for a slip
POINTS_TO = 0.5  # a concept that points to a section this surely says what is asked, not for whom


def unheard(question: Question, concepts: Sequence[Concept], place: int, library: Library) -> list[Concept]:
    """The concepts of a question that an edition holds under no name, in no form and not misspelt."""
    language = "fr" if library.sources[place].edition.language == "fr" else "en"
    return [
        concept
        for concept in concepts
        if _tells(concept, question, library)
        and not library.holds(place, concept.terms[language])
        and (language == question.language or _is_translated(concept, language))
    ]


def _is_translated(concept: Concept, language: str) -> bool:
    """Whether a concept has words of its own in another language: what was never translated may be there under any word."""
    return not concept.terms[language] <= {STEMS[language](concept.said)}


def _tells(concept: Concept, question: Question, library: Library) -> bool:
    """Whether a concept is a rare word of its own: no name of a section or medicine, nothing anybody says, no slip of the pen."""
    said, book = concept.said, concept_book()
    return (
        not concept.generic
        and not concept.drug
        and max(concept.topics.values(), default=0.0) < POINTS_TO
        and said.isalpha()
        and (len(said) >= SHORTEST or _is_acronym(said, question))
        and library.frequency(STEMS[question.language](said), question.language) < RARE
        and said not in _asked_of_any()
        and not any(said in table for table in book.abbreviations.values())
        and not (len(said) >= SHORTEST_SLIP and (book.is_typo(said) or _is_slip(said, question.language, library)))
    )


def _is_acronym(said: str, question: Question) -> bool:
    return len(said) >= SHORTEST_ACRONYM and said.upper() in question.message.text


def _is_slip(said: str, language: str, library: Library) -> bool:
    """Whether a word that no document of a language holds is one slip away from one that several do."""
    stem = STEMS[language](said)
    if library.frequency(stem, language):
        return False
    return process.extractOne(stem, _usual(library, language), scorer=OSA.distance, score_cutoff=1) is not None


@cache
def _asked_of_any() -> frozenset[str]:
    """Words of the example questions: what can be asked of any medicine is the use of none."""
    entries = intents.load("sentences").values()
    return frozenset(word for entry in entries for language in LANGUAGES for text in entry[language] for word in words(text))


@lru_cache(maxsize=4)
def _usual(library: Library, language: str) -> list[str]:
    return [stem for stem in library.vocabulary if len(stem) >= SHORTEST and library.frequency(stem, language) >= USUAL]
