"""The approved editions, cut into sentences and indexed once: what the assistant may quote from."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.products import Catalogue
from bot.words import STEMS, skeleton, words
from content.model import Edition, Passage
from content.sections import Topic, codes_for, topics_of, topics_of_heading
from content.sentences import sentences

BY_FIRST_CODE = 0.85  # how surely a section is about the subject that has it as its first place
# Subjects that have a place inside other sections, where only a heading shows it.
_SIDE_TOPICS = frozenset(
    {Topic.CHILDREN, Topic.ELDERLY, Topic.RENAL, Topic.HEPATIC, Topic.MISSED_DOSE, Topic.FERTILITY, Topic.DEPENDENCE}
)
BY_CODE = 0.4  # and about the others it may speak of

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

_DOSE = re.compile(r"\d\s?(?:mg|g|ml|mL|µg|mcg|microg|UI|IU|U|unit|%|capsule|comprim|tablet|goutte|drop|inhalation|mmol)")
_TIME = re.compile(
    r"(?:\d|un|une|deux|trois|quatre|six|one|two|three|four|half)[\s\xa0-]{1,2}(?:an|ans|h|heures?|jours?|semaines?|mois|minutes?|days?|weeks?|months?|hours?|years?)\b",
    re.IGNORECASE,
)


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
    topics: tuple[dict[Topic, float], ...]  # passage → what it is about, and how surely
    doses: Flags  # sentence holds an amount
    times: Flags  # sentence holds a time

    def text(self, sentence: int) -> str:
        """The words of a sentence."""
        start, end = self.spans[sentence]
        return self.edition.text[start:end]


class Library:
    """An immutable set of editions; `Library.of` builds the index, about 20 ms a document."""

    def __init__(
        self, sources: tuple[Source, ...], vocabulary: dict[str, int], frequency: dict[str, Ints], passages: dict[str, int]
    ) -> None:
        self.sources = sources
        self.vocabulary = vocabulary
        self.catalogue = Catalogue([source.edition for source in sources])
        self._frequency = frequency
        self._passages = passages
        self._sorted = sorted(vocabulary)
        self._skeletons = _skeletons(vocabulary, frequency)

    @classmethod
    def of(cls, editions: Iterable[tuple[str, Edition]]) -> Library:
        """Indexes editions under the references by which their citations will name them."""
        vocabulary: dict[str, int] = {}
        sources = tuple(_index(reference, edition, vocabulary) for reference, edition in editions)
        frequency: dict[str, Ints] = {}
        passages: dict[str, int] = {}
        for language in sorted({source.edition.language for source in sources}):
            count = np.zeros(len(vocabulary), dtype=np.int32)
            for source in sources:
                if source.edition.language == language:
                    pairs = source.passage_of[source.sentence_of].astype(np.int64) * len(vocabulary) + source.terms
                    np.add.at(count, np.unique(pairs) % len(vocabulary), 1)
                    passages[language] = passages.get(language, 0) + len(source.edition.passages)
            frequency[language] = count
        return cls(sources, vocabulary, frequency, passages)

    def frequency(self, term: str, language: str) -> int:
        """In how many passages of a language a stem stands."""
        number = self.vocabulary.get(term)
        counts = self._frequency.get(language)
        return int(counts[number]) if number is not None and counts is not None else 0

    def rarity(self, terms: Iterable[str], language: str) -> float:
        """How much it tells that a passage holds one of these stems (inverse document frequency, 0 to about 10)."""
        total = max(1, self._passages.get(language, 1))
        found = min(total, sum(self.frequency(term, language) for term in terms))
        return float(np.log(1 + (total - found + 0.5) / (found + 0.5)))

    def longer(self, word: str) -> frozenset[str]:
        """The terms of the documents that begin with a word (`soy`, `soybean`)."""
        at = bisect_left(self._sorted, word)
        return frozenset(term for term in self._sorted[at : at + 8] if term.startswith(word) and len(term) < len(word) + 6)

    def cognates(self, word: str, language: str) -> frozenset[str]:
        """Stems of the documents of a language that look like a word of the other one (`allergie`, `allergy`)."""
        return self._skeletons.get((language, skeleton(word)), frozenset()) if len(word) > 5 else frozenset()


def _index(reference: str, edition: Edition, vocabulary: dict[str, int]) -> Source:
    stem = STEMS["fr" if edition.language == "fr" else "en"]
    spans: list[tuple[int, int]] = []
    passage_of: list[int] = []
    terms: list[int] = []
    lengths: list[int] = []
    doses: list[bool] = []
    times: list[bool] = []
    heading_terms: list[int] = []
    heading_passage: list[int] = []
    own = set(words(edition.product)) | {w for name in (*edition.substances, *edition.names) for w in words(name)}
    number = vocabulary.setdefault
    for place, passage in enumerate(edition.passages):
        heading = {stem(word) for title in passage.path for word in words(title) if word not in own}
        heading_terms.extend(number(term, len(vocabulary)) for term in sorted(heading))
        heading_passage.extend([place] * len(heading))
        for start, end in sentences(passage.text):
            text = passage.text[start:end]
            found = [number(stem(word), len(vocabulary)) for word in words(text)]
            spans.append((passage.start + start, passage.start + end))
            passage_of.append(place)
            terms.extend(found)
            lengths.append(len(found))
            doses.append(_DOSE.search(text) is not None)
            times.append(_TIME.search(text) is not None)
    return Source(
        reference,
        edition,
        np.array(spans, dtype=np.int32).reshape(-1, 2),
        np.array(passage_of, dtype=np.int32),
        np.array(terms, dtype=np.int32),
        np.repeat(np.arange(len(spans), dtype=np.int32), lengths),
        np.array(lengths, dtype=np.int32),
        np.array(heading_terms, dtype=np.int32),
        np.array(heading_passage, dtype=np.int32),
        tuple(_fits(passage) for passage in edition.passages),
        np.array(doses, dtype=np.bool_),
        np.array(times, dtype=np.bool_),
    )


def _fits(passage: Passage) -> dict[Topic, float]:
    """What a passage is about: surely what its headings say, nearly so the first subject of its section, less the others."""
    fits = dict.fromkeys(topics_of(passage.section), BY_CODE)
    for topic in fits:
        first = {_standard(code): code for code in reversed(codes_for(topic))}
        if topic not in _SIDE_TOPICS and passage.section in first.values():
            fits[topic] = BY_FIRST_CODE
    for heading in passage.path[1:]:
        fits |= dict.fromkeys(topics_of_heading(heading), 1.0)
    return fits


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


def _skeletons(vocabulary: dict[str, int], frequency: dict[str, Ints]) -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for term, number in vocabulary.items():
        if len(term) > 4 and term.isalpha():
            for language, counts in frequency.items():
                if counts[number]:
                    found[language, skeleton(term)].add(term)
    return {key: frozenset(terms) for key, terms in found.items()}
