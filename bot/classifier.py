"""The second reader of the safety screening: what words, marks and patterns of a message, taken together, make likely.

A logistic regression a label over hashed features; its weights (`intents/safety/weights.npz`) are made by `python -m bot train`
from the labelled messages of `intents/safety/messages`. A pattern that is right in nine messages of ten is believed so much.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import intents
from bot.marks import Marks

WEIGHTS = Path(intents.__file__).parent / "safety" / "weights.npz"
BITS = 16
REPORT = "report"
_SIZE = 1 << BITS
_DIGITS = re.compile(r"\d+")
# Marks and patterns say more than a single word does.
_MARK, _QUESTION, _WORD, _PIECE = 2.0, 1.5, 1.0, 0.5

Features = dict[int, float]


@dataclass(frozen=True, slots=True)
class Classifier:
    """The weights of each label over the features, and how rare each feature is."""

    labels: tuple[str, ...]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def probabilities(self, features: Features) -> dict[str, float]:
        """How likely each label is; `report` is the likelihood that any of the safety labels holds."""
        places = np.fromiter(features, dtype=np.int64, count=len(features))
        values = np.fromiter(features.values(), dtype=np.float32, count=len(features)) * self.rarity[places]
        length = float(np.sqrt((values * values).sum())) or 1.0
        scores = self.weights[:, places] @ (values / length) + self.bias
        return {label: float(p) for label, p in zip(self.labels, 1 / (1 + np.exp(-scores)), strict=True)}


@cache
def classifier() -> Classifier:
    """The classifier as it is shipped."""
    with np.load(WEIGHTS, allow_pickle=False) as file:
        rarity, active = np.zeros(_SIZE, np.float32), file["active"]
        rarity[active] = file["rarity"]
        weights = np.zeros((len(file["labels"]), _SIZE), np.float32)
        weights[:, active] = file["weights"]
        return Classifier(tuple(str(label) for label in file["labels"]), rarity, weights, file["bias"].astype(np.float32))


def features_of(marks: Marks, fired: list[str], speaker: str) -> Features:
    """What the classifier sees of a message: words and pairs of words with medicines and numbers made alike, pieces of words
    (for slips of the keyboard), marks alone and in pairs, the names of the patterns that `fired`, and who writes."""
    message = marks.message
    found: Features = {}

    def add(name: str, value: float) -> None:
        found[zlib.crc32(name.encode()) & (_SIZE - 1)] = value

    medicines = {span[0] for span in marks.spans.get("product", ())}
    words = ["§" if word.start in medicines else _DIGITS.sub("0", word.form) for word in message.words]
    for word in words:
        add(f"w:{word}", _WORD)
        edged = f"<{word}>"
        for length in (3, 4):
            for start in range(len(edged) - length + 1):
                add(f"c:{edged[start : start + length]}", _PIECE)
    for first, second in pairwise(words):
        add(f"b:{first} {second}", _WORD)
    for mark in marks.spans:
        add(f"m:{mark}", _MARK)
    for first, second in combinations(sorted(marks.spans), 2):
        add(f"mm:{first}&{second}", _WORD)
    for pattern in fired:
        add(f"f:{pattern}", _MARK)
    add("asks" if "?" in message.text else "tells", _QUESTION)
    add(f"by:{speaker}", _WORD)
    return found
