"""What an edition's approved uses grant and rule out: the sentences, ages and amounts against which a use is held."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bot.concepts import population
from bot.indexing import Ints, Source
from bot.words import Message, fold
from content.sections import Topic, topics_of

INDICATIONS = frozenset({Topic.INDICATIONS})
DOSED_IN = frozenset({Topic.INDICATIONS, Topic.POSOLOGY})
APPROVED_USE = frozenset({Topic.INDICATIONS, Topic.POSOLOGY, Topic.CHILDREN})
TAKEN = frozenset({Topic.POSOLOGY, Topic.ADMINISTRATION, Topic.FORM, Topic.COMPOSITION, Topic.NAME, Topic.PRESENTATION})

_NOT_FOR = re.compile(
    r"\b(?:pas (?:ete )?(?:indique\w*|etabli\w*|recommande\w*|etudie\w*|approprie\w*|adapte\w*|evalue\w*|demontre\w*"
    r"|utilise\w*|administre\w*)|ne (?:doit|doivent|donnez|prenez|pas)\b"
    r"|deconseille\w*|aucune donnee|reserve\w* a l.adulte(?! et)"
    r"|contre.indique\w*"
    r"|limitations? of use|not for (?:the )?treat\w*"
    r"|not (?:been )?(?:indicated|established|recommended|approved|studied|evaluated|demonstrated|be used|for use)"
    r"|no data|contraindicated|adults only)"
)
_YEARS = {"y": 1.0, "a": 1.0, "m": 1 / 12, "w": 1 / 52, "s": 1 / 52, "d": 1 / 365, "j": 1 / 365}
_UNIT = r"(ans?|mois|years?|months?)"
_YOUNG = re.compile(r"\b(?:child|pa?ediatr|adolesc|infant|enfant|nourrisson|age|older)")
_OLD = re.compile(r"\b(\d{1,2})[ -](weeks?|days?)[ -]old\b|\b(?:age de|nourrisson de|bebe de) (\d{1,2}) (semaines?|jours?)\b")
_NEWBORN = re.compile(r"\b(?:nouveau.?nes?|newborns?|neonat\w*|prematures?|preterm)\b")
# From which age a label speaks of: « à partir de 6 ans », "6 years and older", "aged 6 to 17 years", "6-15 years".
_FROM = (
    re.compile(
        rf"\b(\d{{1,2}})[ -]?{_UNIT}(?: of age| d.age| old)?,? (?:and|or|et|ou)"
        r" (?:older|above|over|up|plus|au.dela|adultes?|adults?)\b"
    ),
    re.compile(
        r"(?:\b(?:plus de|partir de|au moins|des|over|older than|at least|above|from|egal\w* a|age of|aged)|>=?|≥)"
        rf" ?(?:l.age de |the age of |age )?(\d{{1,2}})[ -]?{_UNIT}\b(?! (?:after|apres|de traitement|of (?:treatment|therapy)))"
    ),
    re.compile(rf"\b(\d{{1,2}})[ -]?{_UNIT}?(?: of age)? ?(?:a|to|-|et|and|through|to less than|to <) ?\d{{1,2}}[ -]?{_UNIT}\b"),
)
_UNDER = re.compile(
    r"(?:\b(?:moins de|avant(?: l.age de)?|under|below|younger than|less than)|<)"
    rf"(?: the age of)? ?(\d{{1,2}})[ -]?{_UNIT}\b"
)
_AMOUNT = re.compile(
    r"\b(\d+(?: \d{3})*(?:[.,]\d+)?) ?(mg|g|mcg|µg|μg|ug|microgrammes?|micrograms?|ui|iu|units?|unites?)\b"
    r"(?: ?(?:/|per |par ) ?(kg|m2|m²|l|ml|dl|mmol)\b)?"
)
_MILLIGRAMS = {"mg": 1.0, "g": 1000.0, "m": 0.001, "µ": 0.001, "μ": 0.001, "u": 0.001}
_A_DAY = re.compile(
    r"(?:(?!fois|times|twice|comprime|tablet|gelule|capsule|prise|sachet)[^.;,]){0,25}?"
    r"(?:par jour|/ ?j\b|/ ?jour|per day|/ ?day|(?:par|en) 24)"
)
_TIMES = re.compile(
    r"\b(\d{1,2}|twice|deux|two|trois|three|quatre|four|six) ?(?:a |x )?"
    r"(?:fois|times|daily|prises|comprimes?|tablets?|gelules?|capsules?|sachets?|doses|injections?)"
)
_EVERY = re.compile(r"\b(?:every|toutes les|q) ?(\d{1,2})(?: (?:to|a|-) \d{1,2})? ?(?:h|hours|heures)\b")
_NUMBERS = {"twice": 2, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "six": 6}


@dataclass(frozen=True)
class Uses:
    """The sentences of an edition on some subjects: those that grant a use, and those that rule one out."""

    source: Source
    about: frozenset[Topic]

    @cached_property
    def _read(self) -> tuple[dict[int, str], dict[int, str]]:
        granted: dict[int, str] = {}
        denied: dict[int, str] = {}
        for sentence, place in enumerate(self.source.passage_of.tolist()):
            if place in self._places:
                text = fold(self.source.text(sentence))
                (denied if _NOT_FOR.search(text) else granted)[sentence] = text
        return granted, denied

    def __bool__(self) -> bool:
        """Whether the edition speaks of these subjects at all: an extract may not."""
        return bool(self._places)

    @cached_property
    def _places(self) -> frozenset[int]:
        passages = zip(self.source.edition.passages, self.source.topics, strict=True)
        return frozenset(
            place
            for place, (passage, topics) in enumerate(passages)
            if any(topics.get(topic, 0.0) > 0.5 for topic in self.about - {Topic.CHILDREN})
            or (Topic.CHILDREN in self.about and _is_on_children(passage.section, topics))
        )

    @property
    def granted(self) -> dict[int, str]:
        """Sentence → its folded words, where nothing is ruled out."""
        return self._read[0]

    @property
    def denied(self) -> dict[int, str]:
        """The same where something is."""
        return self._read[1]

    @cached_property
    def indications(self) -> Uses:
        """The same edition, on its indications alone."""
        return self if self.about == INDICATIONS else Uses(self.source, INDICATIONS)

    @cached_property
    def terms(self) -> frozenset[int]:
        """The terms of the sentences that grant, and of their headings."""
        return self._terms(self.granted)

    @cached_property
    def denied_terms(self) -> frozenset[int]:
        """The terms of the sentences that rule out."""
        return self._terms(self.denied)

    def terms_of(self, sentence: int) -> frozenset[int]:
        """The terms of one sentence and of its headings."""
        return self._terms({sentence: ""})

    def _terms(self, sentences: dict[int, str]) -> frozenset[int]:
        source = self.source
        inside: Ints = source.terms[np.isin(source.sentence_of, list(sentences))]
        above = source.heading_terms[np.isin(source.heading_passage, source.passage_of[list(sentences)])]
        return frozenset(inside.tolist()) | frozenset(above.tolist())


def _is_on_children(section: str, topics: Mapping[Topic, float]) -> bool:
    """Whether a passage says which children may be treated, and not what happened to them."""
    return topics_of(section)[:1] == (Topic.CHILDREN,) or (
        topics.get(Topic.CHILDREN, 0.0) > 0.5 and Topic.ADVERSE_EFFECTS not in topics
    )


def age_asked(message: Message) -> float | None:
    """The age in years of the child a question speaks of; the youngest of several, None when it gives no age."""
    ages = [
        float(number) * _YEARS[unit] for name, said in population(message) if name == "child" for number, unit in _parts(said)
    ]
    for found in _OLD.finditer(message.plain):
        ages.append(float(found[1] or found[3]) * _YEARS[(found[2] or found[4])[0]])
    if _NEWBORN.search(message.plain):
        ages.append(0.0)
    return min(ages, default=None)


def _parts(said: str) -> Iterator[tuple[str, str]]:
    if found := re.match(r"(\d+)[ -]?([a-z])", said):
        yield found[1], found[2]


def ages_from(text: str) -> list[float]:
    """The ages, in years, from which a folded sentence speaks of patients."""
    ages: list[float] = []
    if not _YOUNG.search(text):
        return ages
    for pattern in _FROM:
        for found in pattern.finditer(text):
            unit = next(group for group in found.groups()[1:] if group)
            ages.append(float(found[1]) * _YEARS[unit[0]])
    return ages


def ages_under(text: str) -> list[float]:
    """The ages, in years, below which a folded sentence speaks of patients."""
    return [float(found[1]) * _YEARS[found[2][0]] for found in _UNDER.finditer(text)]


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount of a folded text: how many milligrams or units, by what (`mg`, `mg/kg`, `unit`), whether a day, and where."""

    much: float
    unit: str
    a_day: bool
    start: int


def amounts(text: str) -> Iterator[Amount]:
    """The amounts of a folded text; concentrations (`mg/ml`) are none."""
    for found in _AMOUNT.finditer(text):
        if found[3] in ("l", "ml", "dl", "mmol"):
            continue
        counted = found[2].startswith(("ui", "iu", "uni"))
        share = 1.0 if counted else _MILLIGRAMS.get(found[2]) or _MILLIGRAMS[found[2][0]]
        unit = "unit" if counted else "mg"
        yield Amount(
            float(found[1].replace(" ", "").replace(",", ".")) * share,
            f"{unit}/{found[3]}" if found[3] else unit,
            _A_DAY.match(text, found.end()) is not None,
            found.start(),
        )


def times_a_day(text: str) -> int:
    """How often at most a folded sentence lets an amount be taken in a day; 1 when it does not say."""
    often = [1]
    often += [_NUMBERS.get(found[1]) or int(found[1]) for found in _TIMES.finditer(text)]
    often += [24 // max(1, int(found[1])) for found in _EVERY.finditer(text)]
    return max(often)
