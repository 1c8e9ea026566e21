"""Lists of words found in a message by their stems, with spaCy's PhraseMatcher: no model, no download."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans
from spacy.vocab import Vocab

from bot.words import STEMS, Word, words

_UNKNOWN = "·"  # stands for every word no list knows, so that hostile messages cannot make the vocabulary grow


class Lexicon:
    """Named lists of terms in one language; `find` tells which occur in a message, longest first, and where."""

    def __init__(self, language: str, lists: Mapping[str, Iterable[str]]) -> None:
        self._stem = STEMS[language]
        self._vocab = Vocab()  # the words are cut and stemmed already: a tokenizer would only cost its seconds to load
        self._matcher = PhraseMatcher(self._vocab)
        self._known: set[str] = set()
        for name, terms in lists.items():
            cut = [[self._stem(word) for word in words(term)] for term in terms]
            self._known.update(stem for stems in cut for stem in stems)
            self._matcher.add(name, [Doc(self._vocab, words=stems) for stems in cut if stems])

    def find(self, message_words: Iterable[Word]) -> list[tuple[str, int, int]]:
        """(list, first word, last word + 1) for each term found; of overlapping terms of one list the longest."""
        stems = [stem if (stem := self._stem(word.form)) in self._known else _UNKNOWN for word in message_words]
        if not stems:
            return []
        spans = self._matcher(Doc(self._vocab, words=stems), as_spans=True)
        by_list: dict[str, list[Span]] = {}
        for span in spans:
            by_list.setdefault(span.label_, []).append(span)
        return sorted(
            ((name, span.start, span.end) for name, found in by_list.items() for span in filter_spans(found)),
            key=lambda f: (f[1], f[0]),
        )
