"""The sections a question asks for, as a model learnt to tell them from example sentences.

One logistic regression a section, over words, pieces of words and concepts. It starts from the sections that the concepts point
to, so that its weights (`intents/sections.npz`, made by `python -m bot train sections`) only say what the words add to them.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import intents
from bot.words import STEMS
from content.sections import Topic

WEIGHTS = Path(intents.__file__).parent / "sections.npz"
NAMED = "·"  # stands for the medicine asked about
OTHER = "§"  # and for one that is not among the documents
LONGEST = 40  # words
PLACES = 1 << 18
_PIECES = range(2, 6)  # letters
_DIGITS = re.compile(r"\d+")
_WORD, _PAIR, _PIECE = 1.0, 0.7, 0.35

Features = dict[str, float]


def features_of(forms: Sequence[str], concepts: Iterable[str], language: str) -> Features:
    """What the model sees of a question: stems, pairs of them, pieces of words (for slips, short forms and what the languages
    share) and the names of its concepts. `forms` are folded words, medicines masked."""
    stem = STEMS[language]
    said = [_DIGITS.sub("0", form) for form in forms[:LONGEST]]
    stems = [stem(form) for form in said]
    found = {f"w:{form}": _WORD for form in stems}
    for first, second in pairwise(("<", *stems, ">")):
        found[f"b:{first} {second}"] = _PAIR
    for form in said:
        edged = f"<{form}>"
        for length in _PIECES:
            for start in range(len(edged) - length + 1):
                found[f"p:{edged[start : start + length]}"] = _PIECE
    for name in concepts:
        found[f"c:{name}"] = _WORD
    return found


def places_of(features: Features) -> NDArray[np.int64]:
    """The hashed place of each feature, in order."""
    return np.fromiter((zlib.crc32(name.encode()) % PLACES for name in features), np.int64, len(features))


@dataclass(frozen=True, slots=True)
class Sections:
    """The learnt model. `column` leads from a feature's place to its column of `weights`; column 0 is what was never learnt."""

    topics: tuple[Topic, ...]
    column: NDArray[np.int32]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]  # (topics, columns)
    bias: NDArray[np.float32]
    pull: float  # how far the concepts' own sections count

    def likely(self, features: Features, hinted: Mapping[Topic, float]) -> dict[Topic, float]:
        """How likely each section is asked for, each judged alone; `hinted` are the sections that the concepts point to."""
        columns, values = self._scaled(features)
        start = np.array([hinted.get(topic, 0.0) for topic in self.topics], np.float32)
        scores = self.weights[:, columns] @ values + self.bias + self.pull * start
        return dict(zip(self.topics, (1 / (1 + np.exp(-scores))).tolist(), strict=True))

    def reasons(self, features: Features, topic: Topic, count: int = 3) -> list[str]:
        """The words and concepts that speak loudest for a section, the loudest first."""
        columns, values = self._scaled(features)
        pushes = (self.weights[self.topics.index(topic), columns] * values).tolist()
        told = [(-push, name[2:]) for push, name in zip(pushes, features, strict=True) if push > 0 and name[0] != "p"]
        return [name for _, name in sorted(told)][:count]

    def _scaled(self, features: Features) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        columns = self.column[places_of(features)]
        values = np.fromiter(features.values(), np.float32, len(features)) * self.rarity[columns]
        return columns, values / (float(np.sqrt((values * values).sum())) or 1.0)


@cache
def sections() -> Sections:
    """The model as it is shipped."""
    with np.load(WEIGHTS, allow_pickle=False) as file:
        column = np.zeros(PLACES, np.int32)
        column[file["places"]] = np.arange(1, len(file["places"]) + 1)
        return Sections(
            tuple(Topic(str(topic)) for topic in file["topics"]),
            column,
            np.pad(file["rarity"].astype(np.float32), (1, 0)),
            np.pad(file["weights"].astype(np.float32), ((0, 0), (1, 0))),
            file["bias"],
            float(file["pull"]),
        )
