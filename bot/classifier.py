"""The second reader of the safety screening: what words, marks and patterns of a message, taken together, make likely.

A logistic regression a question over hashed features; its weights (`intents/safety/weights.npz`) are made by
`python -m bot train` from the labelled messages of `intents/safety/messages`. A pattern that is right in nine messages of ten
is believed so much.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import intents
from bot.marks import Marks

WEIGHTS = Path(intents.__file__).parent / "safety" / "weights.npz"
BITS = 17
REPORT = "report"
_SIZE = 1 << BITS
_DIGITS = re.compile(r"\d+")
# Marks and patterns say more than a single word does.
_MARK, _QUESTION, _WORD, _PIECE = 2.0, 1.5, 1.0, 0.5
# What stands in a message in the place of the words: the same thing told of another person, medicine or symptom reads alike.
_STANDS = {"symptom": "R", "person": "@", "value": "V", "product_class": "D", "product": "§"}
# Marks whose order tells a report from a question: who, which medicine, what, asked or told.
_ORDERED = """person product product_class reaction symptom value normal_value abnormal_value body_complaint taken happened asks
    good_outcome relief planned_change denied hypothesis principle label_topic lack_of_effect proposed not_yet past_reaction
    medication_error pregnancy lactation defect packaging batch overdose misuse staff occupational serious""".split()
_LENGTH_STEP, _LONGEST = 6, 5  # words; steps

Features = dict[str, float]


def places_of(features: Features) -> NDArray[np.int64]:
    """Where each feature stands among the weights, in order."""
    return np.fromiter((zlib.crc32(name.encode()) & (_SIZE - 1) for name in features), np.int64, len(features))


@dataclass(frozen=True, slots=True)
class Classifier:
    """The weights of each question over the features, and how rare each feature is."""

    labels: tuple[str, ...]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def probabilities(self, features: Features) -> dict[str, float]:
        """How likely each label is; `report` is the likelihood that any of the safety labels holds."""
        places, values = self._scaled(features)
        scores = self.weights[:, places] @ values + self.bias
        return {label: float(p) for label, p in zip(self.labels, 1 / (1 + np.exp(-scores)), strict=True)}

    def reasons(self, features: Features, count: int) -> list[str]:
        """The marks that speak loudest for a report, the loudest first."""
        places, values = self._scaled(features)
        pushes = (self.weights[self.labels.index(REPORT), places] * values).tolist()
        loud = sorted((-push, name[2:]) for push, name in zip(pushes, features, strict=True) if push > 0 and name[:2] == "m:")
        return [name for _, name in loud[:count]]

    def _scaled(self, features: Features) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        places = places_of(features)
        values = np.fromiter(features.values(), np.float32, len(features)) * self.rarity[places]
        return places, values / (float(np.sqrt((values * values).sum())) or 1.0)


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
    """What the classifier sees of a message.

    Its words, pairs of words and pieces of words (for slips of the keyboard), the same with marked words made alike, its marks
    alone, in pairs and in order, how it opens and ends, the patterns that `fired`, who writes.
    """
    message = marks.message
    medicines = {span[0] for span in marks.spans.get("product", ())}
    words = ["§" if word.start in medicines else _DIGITS.sub("0", word.form) for word in message.words]
    found: Features = {}
    for word in words:
        found[f"w:{word}"] = _WORD
        edged = f"<{word}>"
        for length in (3, 4):
            for start in range(len(edged) - length + 1):
                found[f"c:{edged[start : start + length]}"] = _PIECE
    for first, second in pairwise(words):
        found[f"b:{first} {second}"] = _WORD
    for mark in marks.spans:
        found[f"m:{mark}"] = _MARK
    for first, second in combinations(sorted(marks.spans), 2):
        found[f"mm:{first}&{second}"] = _WORD
    for pattern in fired:
        found[f"f:{pattern}"] = _MARK
    found.update(_alike(marks, words))
    found.update(_order(marks))
    found["asks" if "?" in message.text else "tells"] = _QUESTION
    found["ends asking" if message.plain.rstrip().endswith("?") else "ends telling"] = _QUESTION
    found[f"opens:{' '.join(words[:1])}"] = found[f"opens:{' '.join(words[:2])}"] = _WORD
    found[f"closes:{' '.join(words[-1:])}"] = _WORD
    found[f"length:{min(_LONGEST, len(words) // _LENGTH_STEP)}"] = _WORD
    found[f"by:{speaker}"] = _WORD
    return found


def _alike(marks: Marks, words: list[str]) -> Features:
    """Two and three words in a row, one of them marked, and pairs with a word between; a marked word stands for its kind."""
    kinds, starts = list(words), [word.start for word in marks.message.words]
    for mark, kind in _STANDS.items():
        for start, end in marks.spans.get(mark, ()):
            for number in range(bisect_left(starts, start), bisect_left(starts, end)):
                kinds[number] = kind
    row = [kind for number, kind in enumerate(kinds) if not number or kind != kinds[number - 1] or kind not in _STANDS.values()]
    marked = set(_STANDS.values())
    found = {f"k:{first} _ {last}": 0.7 for first, last in zip(row, row[2:], strict=False)}
    for length in (2, 3):
        for start in range(len(row) - length + 1):
            together = row[start : start + length]
            if not marked.isdisjoint(together):
                found[f"a:{' '.join(together)}"] = _WORD
    return found


def _order(marks: Marks) -> Features:
    """Two and three different marks one after the other."""
    placed = sorted((span[0], mark) for mark in _ORDERED for span in marks.spans.get(mark, ()))
    row = [mark for number, (_, mark) in enumerate(placed) if not number or mark != placed[number - 1][1]]
    return {f"o:{'>'.join(row[start : start + length])}": _WORD for length in (2, 3) for start in range(len(row) - length + 1)}
