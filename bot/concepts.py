"""What a question speaks of: words become concepts, with their other names in both languages and the sections they point to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

import intents
from bot.lexicon import Lexicon
from bot.names import name_book
from bot.words import STEMS, Message, Word, words
from content.sections import Topic

LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing a question speaks of. `terms` are the words it is searched under, per language of the documents.

    `said` are the question's own words. A `generic` concept does not tell passages apart; without one that is a `must` in what is
    quoted, the question is not answered. A `drug` is another medicine than the one asked about, `kin` the names of its classes.
    """

    name: str
    said: str
    terms: Mapping[str, frozenset[str]]
    kin: Mapping[str, frozenset[str]] = field(default_factory=dict)
    topics: Mapping[Topic, float] = field(default_factory=dict)
    generic: bool = False
    drug: bool = False
    must: bool = False
    weight: float = 1.0


class ConceptBook:
    """The concepts, abbreviations, classes, phrasing and everyday words of `intents/`, ready to be looked for."""

    def __init__(self) -> None:
        self._entries = intents.load("concepts")
        said = {name: _said(entry) for name, entry in self._entries.items()}
        self._terms = {
            name: {
                language: frozenset(
                    STEMS[language](w)
                    for term in (*entry[language], *entry.get("search", {}).get(language, ()))
                    for w in words(term)
                    if len(words(term)) == 1
                )
                for language in LANGUAGES
            }
            for name, entry in self._entries.items()
        }
        self._lexicons = {
            language: Lexicon(language, {n: terms[language] for n, terms in said.items()}) for language in LANGUAGES
        }
        self.phrasing = {
            language: frozenset(w for term in terms for w in words(term)) for language, terms in intents.load("phrasing").items()
        }
        self._everyday = {
            language: frozenset(STEMS[language](w) for term in terms for w in words(term))
            for language, terms in intents.load("everyday").items()
        }
        self._spelt = {
            language: sorted({w for terms in said.values() for t in terms[language] for w in words(t) if len(w) > 4})
            for language in LANGUAGES
        }
        self.abbreviations = {
            language: {" ".join(words(short)): long for short, long in table.items()}
            for language, table in intents.load("abbreviations").items()
        }
        known = {language: frozenset().union(*(terms[language] for terms in self._terms.values())) for language in LANGUAGES}
        self._groups = _groups(known)
        self._glossary = {
            language: Lexicon(language, {name: group[language] for name, group in self._groups.items()}) for language in LANGUAGES
        }
        self._classes: dict[str, dict[str, frozenset[str]]] = {}
        for entry in intents.load("classes").values():
            for member in entry["members"]:
                own = self._classes.setdefault(" ".join(words(member)), {language: frozenset() for language in LANGUAGES})
                for language in LANGUAGES:
                    own[language] |= frozenset(
                        STEMS[language](w)
                        for name in entry["names"]
                        for w in words(name)
                        if len(w) > 1 and w not in self.phrasing[language]
                    )

    @cached_property
    def _families(self) -> dict[str, dict[str, list[str]]]:
        found: dict[str, dict[str, list[str]]] = {}
        for entry in intents.load("classes").values():
            for name in entry["names"]:
                cut = words(name)
                if len(cut) == 1 and len(cut[0]) > 2 and cut[0] not in self._not_families:
                    found.setdefault(cut[0].rstrip("s"), entry)
        return found

    _not_families = frozenset(
        "cyp3a cyp3a4 cyp2d6 cyp1a2 cyp2c19 potassium calcium fer iron protease ergot dopamine monoamine".split()
    )

    @cached_property
    def ordinary(self) -> frozenset[str]:
        """Words that are no names of medicines."""
        terms = {
            word
            for entry in self._entries.values()
            for language, said in _said(entry).items()
            for term in said
            for word in words(term)
        }
        reactions = intents.load("safety/reactions")
        everyday = intents.load("everyday")
        others = {word for language in LANGUAGES for term in (*reactions[language], *everyday[language]) for word in words(term)}
        return self.phrasing["fr"] | self.phrasing["en"] | terms | others

    def classes(self, said: Sequence[Word]) -> list[str]:
        """The classes of medicines that the words name (`AINS`, `anticoagulant`, `PPI`)."""
        return [word.form for word in said if word.form.rstrip("s") in self._families]

    def family(self, said: str) -> Concept:
        """A class of medicines: searched under its names, then under its members."""
        entry = self._families[said.rstrip("s")]
        terms = {
            language: frozenset(STEMS[language](w) for name in entry["names"] for w in words(name) if len(words(name)) == 1)
            for language in LANGUAGES
        }
        kin = {
            language: frozenset(STEMS[language](w) for member in entry["members"] for w in words(member))
            for language in LANGUAGES
        }
        return Concept(
            f"medicine {said}",
            said,
            terms,
            kin,
            {Topic.INTERACTIONS: 0.8, Topic.CONTRAINDICATIONS: 0.4},
            drug=True,
            weight=1.3,
        )

    def is_everyday(self, word: str, language: str) -> bool:
        """Whether a word is one that anybody uses."""
        return STEMS[language](word) in self._everyday[language]

    def is_typo(self, word: str) -> bool:
        """Whether a word is one typing error away from a plain word of either language."""
        return process.extractOne(word, self._plain, scorer=OSA.distance, score_cutoff=1) is not None

    @cached_property
    def _plain(self) -> list[str]:
        return sorted(word for word in self.ordinary if len(word) > 5)

    def corrected(self, word: str, language: str) -> str:
        """A misspelt word of the concepts, put right; any other word as it is."""
        if len(word) < 4 or word[0].isdigit() or word in self.ordinary:
            return word
        near = process.extractOne(word, self._spelt[language], scorer=OSA.distance, score_cutoff=1 if len(word) < 8 else 2)
        return str(near[0]) if near else word

    def find(self, said: Sequence[Word], language: str) -> list[tuple[str, int, int]]:
        """(concept, first word, last word + 1) for each concept that the words show."""
        found = self._lexicons[language].find(said)
        # What stands inside a longer term of another concept means only that one (`Child-Pugh` is no child).
        return [(n, a, b) for n, a, b in found if not any(c <= a and b <= d and d - c > b - a for _, c, d in found)]

    def alike(self, said: Sequence[Word], language: str) -> list[tuple[str, int, int]]:
        """(group, first word, last word + 1) for each word or phrase that the glossary knows under other names."""
        return self._glossary[language].find(said)

    def group(self, name: str, said: str) -> Concept:
        """Words of the glossary that mean the same, as a concept that asks for no section."""
        return Concept(said, said, {language: _stems(self._groups[name][language], language) for language in LANGUAGES})

    def concept(self, name: str, said: str) -> Concept:
        """One concept of `intents/concepts.yaml`."""
        entry = self._entries[name]
        topics = {Topic(topic): float(weight) for topic, weight in entry.get("topics", {}).items()}
        generic = bool(entry.get("generic"))
        return Concept(
            name,
            said,
            self._terms[name],
            topics=topics,
            generic=generic,
            must=bool(entry.get("must")),
            weight=float(entry.get("weight", 0.35 if generic else 1.0)),
        )

    def medicine(self, said: str) -> Concept:
        """Another medicine: searched under its names in both languages, then under those of its classes."""
        book = name_book()
        meanings = book.meaning(said) or frozenset([said])
        spellings = {w for meaning in meanings for s in book.spellings(meaning) for w in words(s) if len(w) > 3} | {said}
        classes = [self._classes[s] for s in sorted(spellings) if s in self._classes]
        terms = {language: frozenset(STEMS[language](s) for s in spellings) for language in LANGUAGES}
        kin = {language: frozenset[str]().union(*(c[language] for c in classes)) for language in LANGUAGES}
        return Concept(
            f"medicine {said}",
            said,
            terms,
            kin,
            {Topic.INTERACTIONS: 0.8, Topic.CONTRAINDICATIONS: 0.4},
            drug=True,
            weight=1.5,
        )


def _groups(known: Mapping[str, frozenset[str]]) -> dict[str, dict[str, list[str]]]:
    """The groups of the glossary that can be searched for in both languages; what a concept holds is left to it."""
    groups = {}
    for english, french in intents.glossary():
        group = {"fr": french, "en": english}
        stems = {language: _stems(terms, language) for language, terms in group.items()}
        if all(stems.values()) and not any(stems[language] & known[language] for language in LANGUAGES):
            groups[english[0]] = group
    return groups


def _stems(terms: Iterable[str], language: str) -> frozenset[str]:
    """The stems of the terms that are single words: those that documents are searched for."""
    return frozenset(STEMS[language](cut[0]) for term in terms if len(cut := words(term)) == 1)


def _said(entry: Mapping[str, Any]) -> dict[str, list[str]]:
    """What a question may call a concept, in each language."""
    return {language: [*entry[language], *entry.get("asks", {}).get(language, ())] for language in LANGUAGES}


@cache
def concept_book() -> ConceptBook:
    """The one book, read at first use."""
    return ConceptBook()


_AGE = re.compile(
    r"(?<!il y a )(?<!depuis )(?<!pendant )(?<!for )(?<!since )"
    r"\b(\d{1,3})[ -]?(ans?|y|yo|yrs?|years?|year|mois|months?)\b"
    r"(?! (?:apres|after|ago|of|de traitement|plus tard|later))"
)
_INFANT = re.compile(r"\b(?:bebe|nourrisson|enfant|fille|garcon|old|infant|baby|child|toddler|boy|girl)\b")
AMOUNT = re.compile(r"\b\d+(?:[.,]\d+)? ?(?:mg|g|mcg|µg|ug|ml|ui|iu|units?|cp|comprimes?|tablets?)\b")
_CLEARANCE = re.compile(r"\b(?:dfg|egfr|gfr|clcr|crcl|clairance|clearance)\D{0,15}(\d{1,3})\b")


# Weeks of a pregnancy (`32 SA`, `at 39 wks`), not of a treatment.
AT_TERM = 37  # weeks
GESTATION = re.compile(
    r"\b(\d{1,2}) ?(?:\+ ?\d )?(?:sa|semaines? d.amenorrhee|w(?:ee)?ks? (?:of )?(?:pregnan\w*|gestation\w*|preg)|wga)\b"
    r"|\b(\d{1,2})/40\b"
    r"|(?:\b(?:at|a)|@) ?(2\d|3\d|4[0-2]) ?(?:w(?:ee)?ks?|sem(?:aines?)?)\b(?! (?:of|after|de traitement|apres))"
)


_DIALYSABLE = re.compile(r"\bdialy[sz]ables?\b")  # its stem is that of a dialysed patient


def population(message: Message) -> Iterable[tuple[str, str]]:
    """Concepts that no stem shows: an age is a child or an elderly person, a clearance a degree of renal impairment."""
    for found in _AGE.finditer(message.plain):
        months = found[2].startswith("mo")
        if months and not _INFANT.search(message.plain):
            continue
        years = int(found[1]) / (12 if months else 1)
        if years < 18:
            yield "child", found[0]
        elif years >= 65:
            yield "elderly", found[0]
    if weeks := GESTATION.search(message.plain):
        yield "pregnancy", weeks[0]
        if any(int(week) >= AT_TERM for week in weeks.groups() if week):
            yield "at_term", weeks[0]
    if asked := _DIALYSABLE.search(message.plain):
        yield "dialysable", asked[0]
    for found in _CLEARANCE.finditer(message.plain):
        yield "renal", found[0]
        yield ("severe" if int(found[1]) <= 30 else "moderate" if int(found[1]) < 60 else "mild"), found[0]
