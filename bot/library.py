"""The approved editions, cut into sentences and indexed once: what the assistant may quote from."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from copy import copy

import numpy as np

from bot.indexing import Ints, Source, index
from bot.meaning import Meaning
from bot.products import Catalogue
from bot.words import skeleton
from content.model import Edition


class Library:
    """An immutable set of editions; `Library.of` builds the index, about 20 ms a document."""

    def __init__(
        self, sources: tuple[Source, ...], vocabulary: dict[str, int], frequency: dict[str, Ints], passages: dict[str, int]
    ) -> None:
        self.sources = sources
        self.vocabulary = vocabulary
        self.catalogue = Catalogue([source.edition for source in sources])
        self.frequencies = frequency  # language → in how many passages each term stands
        self.passages = passages  # language → how many passages there are
        self.meaning: Meaning | None = None
        self._terms = np.array(list(vocabulary), dtype=object)
        self._sorted = sorted(vocabulary)
        self._skeletons = _skeletons(vocabulary, frequency)

    @classmethod
    def of(cls, editions: Iterable[tuple[str, Edition]]) -> Library:
        """Indexes editions under the references by which their citations will name them."""
        vocabulary: dict[str, int] = {}
        sources = tuple(index(reference, edition, vocabulary) for reference, edition in editions)
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

    def understood(self, meaning: Meaning) -> Library:
        """The same library, whose sentences are also compared with a question by what they mean."""
        library = copy(self)
        library.meaning = meaning
        return library

    def frequency(self, term: str, language: str) -> int:
        """In how many passages of a language a stem stands."""
        number = self.vocabulary.get(term)
        counts = self.frequencies.get(language)
        return int(counts[number]) if number is not None and counts is not None else 0

    def rarity(self, terms: Iterable[str], language: str) -> float:
        """How much it tells that a passage holds one of these stems (inverse document frequency, 0 to about 10)."""
        total = max(1, self.passages.get(language, 1))
        found = min(total, sum(self.frequency(term, language) for term in terms))
        return float(np.log(1 + (total - found + 0.5) / (found + 0.5)))

    def stems_of(self, place: int) -> list[str]:
        """The stems that stand in one edition, sorted."""
        return sorted(self._terms[np.unique(self.sources[place].terms)].tolist())

    def holds(self, place: int, stems: Iterable[str]) -> bool:
        """Whether one of some stems stands in an edition."""
        numbers = [self.vocabulary[stem] for stem in stems if stem in self.vocabulary]
        return bool(numbers) and bool(np.isin(self.sources[place].terms, numbers).any())

    def longer(self, word: str) -> frozenset[str]:
        """The terms of the documents that begin with a word (`soy`, `soybean`)."""
        at = bisect_left(self._sorted, word)
        return frozenset(term for term in self._sorted[at : at + 8] if term.startswith(word) and len(term) < len(word) + 10)

    def cognates(self, word: str, language: str) -> frozenset[str]:
        """Stems of the documents of a language that look like a word of the other one (`allergie`, `allergy`)."""
        return self._skeletons.get((language, skeleton(word)), frozenset()) if len(word) > 5 else frozenset()


def _skeletons(vocabulary: dict[str, int], frequency: dict[str, Ints]) -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for term, number in vocabulary.items():
        if len(term) > 4 and term.isalpha():
            for language, counts in frequency.items():
                if counts[number]:
                    found[language, skeleton(term)].add(term)
    return {key: frozenset(terms) for key, terms in found.items()}
