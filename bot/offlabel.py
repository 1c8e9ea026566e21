"""Questions on a use outside the approved one: looked for before any sentence is, never answered."""

from __future__ import annotations

import re
from functools import cache

import numpy as np

import intents
from bot.concepts import concept_book
from bot.indexing import Source
from bot.library import Library
from bot.reading import Question
from bot.subject import Subject
from bot.words import STEMS, Word, fold
from content.sections import Topic

_APPROVED_USE = frozenset({Topic.INDICATIONS, Topic.POSOLOGY, Topic.CHILDREN})
_DOSED_IN = frozenset({Topic.INDICATIONS, Topic.POSOLOGY})
_INDICATIONS = frozenset({Topic.INDICATIONS})
_SETTLED = frozenset(
    """pregnancy breast_feeding renal hepatic elderly overdose allergy dialysis interaction food crush feeding_tube
    surgery missed_dose storage shelf_life""".split()
)


_ASKS_DOSE = frozenset({"posology", "starting_dose", "maximum", "loading_dose", "maintenance", "titration"})
_NOT_FOR = re.compile(
    r"\b(?:pas (?:ete )?(?:indique\w*|etabli\w*|recommande\w*|etudie\w*"
    r"|utilise\w*|administre\w*)|ne (?:doit|doivent|donnez|prenez|pas)\b"
    r"|deconseille\w*|aucune donnee|reserve\w* a l.adulte"
    r"|contre.indique\w*"
    r"|not (?:been )?(?:indicated|established|recommended|approved|studied|be used)|no data|contraindicated|adults only)"
)
# An aim of treatment named outright; then what is said of the patient does not settle the matter.
_AIM = re.compile(
    r"\b(?:pour (?:traiter|ralentir|prevenir|soulager|calmer|ameliorer|reduire|faire)"
    r"|to (?:treat|slow|prevent|relieve|improve|reduce|help))\b"
)


@cache
def _rules() -> dict[str, list[re.Pattern[str]]]:
    data = intents.load("off_label")
    return {
        name: [re.compile(pattern) for patterns in data[name].values() for pattern in patterns]
        for name in ("openly", "asks_use", "purpose")
    }


@cache
def _not_conditions() -> frozenset[str]:
    return frozenset(
        word for terms in intents.load("off_label")["no_condition"].values() for term in terms for word in term.split()
    )


def off_label(question: Question, subject: Subject, library: Library) -> str | None:
    """Why a question asks for a use outside the approved indications and posology; None when nothing says so."""
    plain = question.message.plain
    rules = _rules()
    for pattern in rules["openly"]:
        if found := pattern.search(plain):
            return f"asks openly: {found[0]}"
    if not any(pattern.search(plain) for pattern in rules["asks_use"]):
        return None
    if reason := _not_for_children(question, subject, library):
        return reason
    if (
        ({concept.name for concept in question.concepts} & _SETTLED and not _AIM.search(plain))
        or any(concept.drug for concept in question.concepts)
        or len(subject.matches) > 1
    ):
        return None
    for pattern in rules["purpose"]:
        for found in pattern.finditer(plain):
            uses = _INDICATIONS if _AIM.search(found[0]) else _APPROVED_USE
            if reason := _outside(found["condition"], question, subject, library, uses):
                return reason
    return None


def _not_for_children(question: Question, subject: Subject, library: Library) -> str | None:
    """Whether a dose is asked for a child although every edition rules children out and gives them no dose."""
    names = {concept.name for concept in question.concepts}
    if not names & {"child", "premature"} or not names & _ASKS_DOSE or not subject.editions:
        return None
    if all(_rules_children_out(library.sources[place], library) for place in subject.editions):
        return "a dose for children, whom the label rules out"
    return None


def _rules_children_out(source: Source, library: Library) -> bool:
    language = "fr" if source.edition.language == "fr" else "en"
    book = concept_book()
    terms = book.concept("child", "").terms[language] | book.concept("premature", "").terms[language]
    numbers = [library.vocabulary[term] for term in sorted(terms) if term in library.vocabulary]
    speaks = np.zeros(len(source.spans), dtype=np.bool_)
    speaks[source.sentence_of[np.isin(source.terms, numbers)]] = True
    headed = set(source.heading_passage[np.isin(source.heading_terms, numbers)].tolist())
    ruled_out = False
    for sentence in range(len(source.spans)):
        place = int(source.passage_of[sentence])
        if not (speaks[sentence] or place in headed) or not any(
            source.topics[place].get(topic, 0.0) > 0.5 for topic in _APPROVED_USE
        ):
            continue
        if _NOT_FOR.search(fold(source.text(sentence))):
            ruled_out = True
        elif speaks[sentence] and source.doses[sentence] and any(source.topics[place].get(t, 0.0) > 0.5 for t in _DOSED_IN):
            return False
    return ruled_out


def _outside(condition: str, question: Question, subject: Subject, library: Library, uses: frozenset[Topic]) -> str | None:
    """Whether no approved use among the editions asked about speaks of this condition."""
    book = concept_book()
    said = [
        word
        for word in question.message.words
        if word.form in condition.split()
        and len(word.form) > 2
        and not word.form[0].isdigit()
        and word.form not in book.phrasing["fr"] | book.phrasing["en"] | _not_conditions()
    ]
    said = [word for word in said if not any(word.form in (match.said, match.name) for match in question.found.matches)]
    generic = {
        w
        for name, first, last in book.find(said, question.language)
        if book.concept(name, "").generic or name in {"child", "elderly", "adult", "maximum", "starting_dose", "posology"}
        for w in (x.form for x in said[first:last])
    }
    said = [word for word in said if word.form not in generic]
    if not said:
        return None
    missing = [
        all(not _approved(word, library.sources[place], library, question.language, uses) for place in subject.editions)
        for word in said
    ]
    if any(missing):
        return f"not among the approved uses: {' '.join(word.form for word, absent in zip(said, missing, strict=True) if absent)}"
    return None


def _approved(word: Word, source: Source, library: Library, language: str, uses: frozenset[Topic]) -> bool:
    """Whether the approved uses of an edition hold a word, in any of its forms or under its concept's other names."""
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
        if any(topics.get(topic, 0.0) > 0.5 for topic in uses):
            sentences = (source.passage_of == place).nonzero()[0]
            if len(sentences) and numbers & set(
                source.terms[(source.sentence_of >= sentences[0]) & (source.sentence_of <= sentences[-1])].tolist()
            ):
                return True
    return False
