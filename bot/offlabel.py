"""Questions on a use outside the approved one: looked for before any sentence is, never answered."""

from __future__ import annotations

import re
from functools import cache

import intents
from bot.concepts import concept_book
from bot.library import Library, Source
from bot.reading import Question
from bot.subject import Subject
from bot.words import STEMS, Word
from content.sections import Topic

_APPROVED_USE = frozenset({Topic.INDICATIONS, Topic.POSOLOGY, Topic.CHILDREN})
_SETTLED = frozenset("pregnancy breast_feeding renal hepatic elderly overdose allergy dialysis interaction food crush feeding_tube surgery missed_dose storage shelf_life".split())


# An aim of treatment named outright; then what is said of the patient does not settle the matter.
_AIM = re.compile(r"\b(?:pour (?:traiter|ralentir|prevenir|soulager|calmer|ameliorer|reduire|faire)|to (?:treat|slow|prevent|relieve|improve|reduce|help))\b")


@cache
def _rules() -> dict[str, list[re.Pattern[str]]]:
    data = intents.load("off_label")
    return {name: [re.compile(pattern) for patterns in data[name].values() for pattern in patterns] for name in ("openly", "asks_use", "purpose")}


@cache
def _not_conditions() -> frozenset[str]:
    return frozenset(word for terms in intents.load("off_label")["no_condition"].values() for term in terms for word in term.split())


def off_label(question: Question, subject: Subject, library: Library) -> str | None:
    """Why a question asks for a use outside the approved indications and posology; None when nothing says so."""
    plain = question.message.plain
    rules = _rules()
    for pattern in rules["openly"]:
        if found := pattern.search(plain):
            return f"asks openly: {found[0]}"
    if not any(pattern.search(plain) for pattern in rules["asks_use"]):
        return None
    if ({concept.name for concept in question.concepts} & _SETTLED and not _AIM.search(plain)) or any(concept.drug for concept in question.concepts) or len(subject.matches) > 1:
        return None
    for pattern in rules["purpose"]:
        for found in pattern.finditer(plain):
            if reason := _outside(found["condition"], question, subject, library):
                return reason
    return None


def _outside(condition: str, question: Question, subject: Subject, library: Library) -> str | None:
    """Whether no approved use among the editions asked about speaks of this condition."""
    book = concept_book()
    said = [
        word
        for word in question.message.words
        if word.form in condition.split() and len(word.form) > 2 and not word.form[0].isdigit() and word.form not in book.phrasing["fr"] | book.phrasing["en"] | _not_conditions()
    ]
    said = [word for word in said if not any(word.form in (match.said, match.name) for match in question.found.matches)]
    generic = {w for name, first, last in book.find(said, question.language) if book.concept(name, "").generic or name in {"child", "elderly", "adult", "maximum", "starting_dose", "posology"} for w in (x.form for x in said[first:last])}
    said = [word for word in said if word.form not in generic]
    if not said:
        return None
    missing = [all(not _approved(word, library.sources[place], library, question.language) for place in subject.editions) for word in said]
    if any(missing):
        return f"not among the approved uses: {' '.join(word.form for word, absent in zip(said, missing, strict=True) if absent)}"
    return None


def _approved(word: Word, source: Source, library: Library, language: str) -> bool:
    """Whether the indications or the posology of an edition hold a word, in any of its forms or under its concept's other names."""
    book = concept_book()
    other = "fr" if source.edition.language == "fr" else "en"
    stems = {STEMS[other](word.form)} | (library.cognates(word.form, other) if other != language else frozenset())
    for name, _, _ in book.find([word], language):
        stems |= book.concept(name, word.form).terms[other]
    for long in (book.abbreviations[language].get(word.form, ""),):
        for part in long.lower().split():
            if len(part) > 4:
                stems |= {STEMS[other](part)} | library.cognates(part, other)
    numbers = {library.vocabulary[stem] for stem in stems if stem in library.vocabulary}
    if not numbers:
        return False
    for place, topics in enumerate(source.topics):
        if any(topics.get(topic, 0.0) > 0.5 for topic in _APPROVED_USE):
            sentences = (source.passage_of == place).nonzero()[0]
            if len(sentences) and numbers & set(source.terms[(source.sentence_of >= sentences[0]) & (source.sentence_of <= sentences[-1])].tolist()):
                return True
    return False
