"""How an edition is cut into sentences and indexed: what stands in each, above it and around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt

from bot.words import STEMS, words
from content.model import Edition, Passage
from content.sections import Topic, codes_for, topics_of, topics_of_heading
from content.sentences import sentences

BY_FIRST_CODE = 0.85  # how surely a section is about the subject that has it as its first place
BY_CODE = 0.4  # and about the others it may speak of
CAPTION = 30  # words: the first row of a table and the sentence before it are its titles when no longer and without figures

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

# Subjects that have a place inside other sections, where only a heading shows it.
_SIDE_TOPICS = frozenset(
    {Topic.CHILDREN, Topic.ELDERLY, Topic.RENAL, Topic.HEPATIC, Topic.MISSED_DOSE, Topic.FERTILITY, Topic.DEPENDENCE}
)
_DOSE = re.compile(r"\d\s?(?:mg|g|ml|mL|µg|mcg|microg|UI|IU|U|unit|%|capsule|comprim|tablet|goutte|drop|inhalation|mmol)")
_TIME = re.compile(
    r"(?:\d|un|une|deux|trois|quatre|six|one|two|three|four|half)[\s\xa0-]{1,2}(?:an|ans|h|heures?|jours?|semaines?|mois|minutes?|days?|weeks?|months?|hours?|years?)\b",
    re.IGNORECASE,
)
_RATE = re.compile(r"\d\s?%|\b1\s?/\s?10|\d\s?/\s?\d{2,}|\b(?:fréquent|rare|common)", re.IGNORECASE)
# Openings that take up the sentence before: what that one speaks of is spoken of here.
_LEANS = re.compile(
    r"(?:Ces?|Cet|Cette|Celui-ci|Celle-ci|Ceux-ci|Elles?|Ils?|Dans ce|En cas|Sinon|Toutefois|Cependant"
    r"|This|These|Those|It|They|Its|Their|Such|Otherwise|However|If so|In (?:this|these|such)"
    # Rows of a US table of interactions.
    r"|Intervention|Prevention|Management|Examples|Clinical (?:Impact|Effect|Comment|Implication))\b"
)
# Statements that the templates of labels and leaflets put into every text: they seldom answer.
_STANDING = re.compile(
    r"date de péremption|hors de la vue et de la portée|tout-à-l.égout|ordures ménagères|que vous n.utilisez plus"
    r"|en suivant exactement|Vérifiez auprès de|d.autres questions sur|ou pourriez prendre tout autre"
    r"|déclaration des effets|mesures contribueront"
    r"|ressentez un quelconque effet|portail de signalement|expiry date|sight and reach|Do not throw away|medicine exactly as"
    r"|Check with your doctor or pharmacist if|any further questions|have recently (?:taken|used)"
    r"|si vous pensez (?:être|que vous)|si vous apprenez que vous êtes enceinte|planifiez une grossesse|think you may be pregnant"
    r"|planning to have a baby|become pregnant while"
    r"|Reporting (?:of )?(?:suspected|side)|medical advice about side effects|report side effects"
    r"|SUSPECTED ADVERSE REACTIONS, contact|patient labeling"
    r"|U\.?S\.? Patent|All rights reserved|registered trademark|Manufactured (?:by|for)|Distributed by|Marketed by"
    r"|Printed in|Revised:",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d\s?(?:mg|g|%|fold|mL|days?|times)")
_OWN_NAME = "·"  # stands for the words of the product's own name, which say nothing in its own text


@dataclass(frozen=True, slots=True)
class Source:
    """One edition with its index. Arrays are parallel per sentence, or per word (`terms`, `sentence_of`)."""

    reference: str
    edition: Edition
    spans: Ints  # (sentences, 2): start and end in edition.text
    passage_of: Ints  # sentence → passage
    terms: Ints  # word → term number
    sentence_of: Ints  # word → sentence
    lengths: Ints  # words of each sentence
    heading_terms: Ints
    heading_passage: Ints
    doses: Flags  # sentence holds an amount
    times: Flags  # sentence holds a time
    rates: Flags  # sentence says how often
    leans: Flags  # sentence takes up the one before
    standing: Flags  # sentence stands in every text of its kind
    topics: tuple[dict[Topic, float], ...]  # passage → what it is about, and how surely

    def text(self, sentence: int) -> str:
        """The words of a sentence."""
        start, end = self.spans[sentence]
        return self.edition.text[start:end]


@dataclass(slots=True)
class _Columns:
    spans: list[tuple[int, int]] = field(default_factory=list)
    passage_of: list[int] = field(default_factory=list)
    terms: list[int] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    heading_terms: list[int] = field(default_factory=list)
    heading_passage: list[int] = field(default_factory=list)
    doses: list[bool] = field(default_factory=list)
    times: list[bool] = field(default_factory=list)
    rates: list[bool] = field(default_factory=list)
    leans: list[bool] = field(default_factory=list)
    standing: list[bool] = field(default_factory=list)


def index(reference: str, edition: Edition, vocabulary: dict[str, int]) -> Source:
    """Indexes one edition, adding its words to `vocabulary`."""
    stem = STEMS["fr" if edition.language == "fr" else "en"]
    own_words = {w for name in (edition.product, *edition.substances, *edition.names) for w in words(name)}
    own_name = words(edition.product)
    own_runs = set(zip(own_name, own_name[1:], own_name[2:], strict=False))
    columns = _Columns()
    number = vocabulary.setdefault
    before = ""
    for place, passage in enumerate(edition.passages):
        titles = [*passage.path, *_titles_of_table(passage, before)]
        heading = {stem(word) for title in titles for word in words(title) if word not in own_words}
        columns.heading_terms.extend(number(term, len(vocabulary)) for term in sorted(heading))
        columns.heading_passage.extend([place] * len(heading))
        for start, end in sentences(passage.text):
            text = before = passage.text[start:end]
            said = words(text)
            if own_runs:
                said = _without_own_name(said, own_runs)
            columns.spans.append((passage.start + start, passage.start + end))
            columns.passage_of.append(place)
            columns.terms.extend(number(stem(word), len(vocabulary)) for word in said)
            columns.lengths.append(len(said))
            columns.doses.append(_DOSE.search(text) is not None)
            columns.times.append(_TIME.search(text) is not None)
            columns.rates.append(_RATE.search(text) is not None)
            columns.leans.append(_LEANS.match(text) is not None)
            columns.standing.append(_STANDING.search(text) is not None)
    lengths = np.array(columns.lengths, dtype=np.int32)
    return Source(
        reference,
        edition,
        np.array(columns.spans, dtype=np.int32).reshape(-1, 2),
        np.array(columns.passage_of, dtype=np.int32),
        np.array(columns.terms, dtype=np.int32),
        np.repeat(np.arange(len(lengths), dtype=np.int32), lengths),
        lengths,
        np.array(columns.heading_terms, dtype=np.int32),
        np.array(columns.heading_passage, dtype=np.int32),
        np.array(columns.doses, dtype=np.bool_),
        np.array(columns.times, dtype=np.bool_),
        np.array(columns.rates, dtype=np.bool_),
        np.array(columns.leans, dtype=np.bool_),
        np.array(columns.standing, dtype=np.bool_),
        topics_of_passages(edition),
    )


def _titles_of_table(passage: Passage, before: str) -> tuple[str, ...]:
    """The header row of a table and the sentence that announces it: they say what its rows are about."""
    if not passage.table:
        return ()
    header = passage.text.partition("\n")[0]
    return tuple(title for title in (header, before) if len(title.split()) <= CAPTION and not _FIGURE.search(title))


def _without_own_name(said: Sequence[str], own_runs: set[tuple[str, str, str]]) -> list[str]:
    """Words without the product's own name (three words of it in a row: `… 60 mg, comprimé sécable`)."""
    kept = list(said)
    for place, run in enumerate(zip(said, said[1:], said[2:], strict=False)):
        if run in own_runs:
            kept[place : place + 3] = [_OWN_NAME] * 3
    return kept


def topics_of_passages(edition: Edition) -> tuple[dict[Topic, float], ...]:
    """What each passage is about: surely what its headings say, nearly so the first subject of its section, less the others."""
    return tuple(_fits(passage) for passage in edition.passages)


def _fits(passage: Passage) -> dict[Topic, float]:
    fits = dict.fromkeys(topics_of(passage.section), BY_CODE)
    for topic in fits:
        if topic not in _SIDE_TOPICS and is_home(passage.section, topic):
            fits[topic] = BY_FIRST_CODE
    for heading in passage.path[1:]:
        fits |= dict.fromkeys(topics_of_heading(heading), 1.0)
    return fits


@cache
def is_home(section: str, topic: Topic) -> bool:
    """Whether a section is the first place that its standard gives to a topic (interactions: 4.5, `drug_interactions` …)."""
    return section in {_standard(code): code for code in reversed(codes_for(topic))}.values()


def _standard(code: str) -> str:
    return (
        "leaflet"
        if code.startswith("leaflet")
        else "smpc"
        if code[0].isdigit() and "-" not in code
        else "loinc"
        if code[0].isdigit()
        else "openfda"
    )
