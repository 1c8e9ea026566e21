"""The nearest example sentences of `intents/sentences.yaml`: what is asked, when no word of the lexicon says so."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache

import intents
from bot.words import STEMS, words
from content.sections import Topic

NEAR = 0.5  # cosine from which an example counts
BESIDE = 0.85  # and the share of the best cosine that other examples need

Vector = dict[str, float]


class Examples:
    """The example sentences of one language as vectors of rare stems."""

    def __init__(self, language: str) -> None:
        self._stem = STEMS[language]
        sentences = [
            (Topic(topic), self._stems(words(sentence.replace("{x}", " "))))
            for topic, entry in intents.load("sentences").items()
            for sentence in entry[language]
        ]
        held = Counter(stem for _, stems in sentences for stem in stems)
        self._rarity = {stem: math.log(1 + len(sentences) / count) for stem, count in held.items()}
        self._unseen = math.log(1 + len(sentences))
        self._topics = [topic for topic, _ in sentences]
        self._holding: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)  # stem → examples with its weight
        for number, (_, stems) in enumerate(sentences):
            for stem, weight in self._vector(stems).items():
                self._holding[stem].append((number, weight))

    def _stems(self, said: Iterable[str]) -> frozenset[str]:
        return frozenset(self._stem(word) for word in said)

    def _vector(self, stems: Iterable[str]) -> Vector:
        weights = {stem: self._rarity.get(stem, self._unseen) for stem in sorted(stems)}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {stem: weight / length for stem, weight in weights.items()}

    def topics(self, said: Iterable[str]) -> dict[Topic, float]:
        """The topics of the examples nearest to these words, each with its cosine; empty when none is near."""
        cosines: defaultdict[int, float] = defaultdict(float)
        for stem, weight in self._vector(self._stems(said)).items():
            for number, held in self._holding.get(stem, ()):
                cosines[number] += weight * held
        near: dict[Topic, float] = {}
        for number, cosine in cosines.items():
            topic = self._topics[number]
            near[topic] = max(near.get(topic, 0.0), cosine)
        best = max(near.values(), default=0.0)
        return {topic: cosine for topic, cosine in near.items() if best >= NEAR and cosine >= BESIDE * best}


@cache
def examples(language: str) -> Examples:
    """The examples of one language, read at first use."""
    return Examples(language)
