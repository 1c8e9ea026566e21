"""Lists of words found in a message by their stems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from bot.words import STEMS, Word, words

_LONGEST = 12  # words of a term


class Lexicon:
    """Named lists of terms in one language; `find` tells which occur in a message, longest first, and where."""

    def __init__(self, language: str, lists: Mapping[str, Iterable[str]]) -> None:
        self._stem = STEMS[language]
        self._lists: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        self._lengths: defaultdict[str, set[int]] = defaultdict(set)  # first stem → lengths of the terms that begin with it
        for name, terms in lists.items():
            for term in terms:
                stems = tuple(self._stem(word) for word in words(term))[:_LONGEST]
                if stems:
                    self._lists[stems].add(name)
                    self._lengths[stems[0]].add(len(stems))

    def find(self, message_words: Iterable[Word]) -> list[tuple[str, int, int]]:
        """(list, first word, last word + 1) for each term found; of overlapping terms of one list the longest."""
        stems = [self._stem(word.form) for word in message_words]
        spans = [
            (name, first, first + length)
            for first, stem in enumerate(stems)
            for length in self._lengths.get(stem, ())
            if first + length <= len(stems)
            for name in self._lists.get(tuple(stems[first : first + length]), ())
        ]
        kept: list[tuple[str, int, int]] = []
        taken: set[tuple[str, int]] = set()
        for name, first, last in sorted(spans, key=lambda span: (span[1] - span[2], span[1], span[0])):
            places = {(name, place) for place in range(first, last)}
            if not places & taken:
                taken |= places
                kept.append((name, first, last))
        return sorted(kept, key=lambda span: (span[1], span[0]))
