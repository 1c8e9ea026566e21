"""Makes the weights of `bot/asked.py` from the example sentences (`python -m bot train sections`) and measures them, held out."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

import intents
from bot.asked import PLACES, WEIGHTS, Features, features_of, places_of
from bot.concepts import concept_book
from bot.library import Library
from bot.names import name_book
from bot.products import Found, Match
from bot.reading import asked_words, concepts_of, hinted_by
from bot.words import Message
from content.sections import Topic

FILES = ("sentences", "sentences_more")  # of intents/, written apart from each other
# Of five-fold cross-validation, and of learning from one file what is asked in the other:
FIT = 20.0  # strength of the data against the wish for small weights
PULL = 2.0  # of the sections that the concepts point to
SEEN_IN = 2  # sentences that hold a feature
BIAS_SHRINKS = 0.02
MOST_STEPS = 40
FOLDS = 5  # to calibrate
_NAME = "nortavel"  # no medicine: stands for {x} while a sentence is read

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence as the model sees it, and the section it asks for."""

    file: str
    language: str
    sentence: str
    topic: Topic
    features: Features
    hinted: dict[Topic, float]


def examples() -> list[Example]:
    """Every example sentence, read as a question is read, without any document."""
    library = Library.of(())
    return [
        Example(file, language, sentence, Topic(topic), *_read(sentence, language, library))
        for file in FILES
        for topic, entry in intents.load(file).items()
        for language in ("fr", "en")
        for sentence in entry[language]
    ]


def _read(sentence: str, language: str, library: Library) -> tuple[Features, dict[Topic, float]]:
    message = Message.read(sentence.replace("{x}", _NAME))
    found = Found()
    for place, word in enumerate(message.words):
        if word.form == _NAME:
            found.matches.append(Match(_NAME, _NAME, frozenset(), "brand", 0, place, place + 1))
        elif len(word.form) > 3 and word.form not in concept_book().ordinary and name_book().meaning(word.form):
            found.uncovered.append((word.form, place))
    concepts = concepts_of(message, language, found, library)
    return features_of(*asked_words(message, found, concepts), language), hinted_by(concepts, message, found)


class _Table:
    """All examples as arrays: hashed features, the sections that the concepts point to, the answers as signs."""

    def __init__(self, rows: list[Example]) -> None:
        self.topics = tuple(dict.fromkeys(row.topic for row in rows))
        values = np.array([value for row in rows for value in row.features.values()], np.float32)
        places = np.concatenate([places_of(row.features) for row in rows])
        ends = np.cumsum([0, *(len(row.features) for row in rows)])
        self.features = sparse.csr_matrix((values, places, ends), shape=(len(rows), PLACES))
        self.hinted = np.array([[row.hinted.get(topic, 0.0) for topic in self.topics] for row in rows], np.float32)
        self.signs = np.array([[1 if row.topic == topic else -1 for topic in self.topics] for row in rows], np.float32)

    def fit(self, chosen: NDArray[np.bool_]) -> _Fitted:
        """The regressions of the chosen rows."""
        seen = np.asarray((self.features[chosen] > 0).sum(axis=0)).ravel()
        places = np.flatnonzero(seen >= SEEN_IN)
        rarity = (np.log((1 + chosen.sum()) / (1 + seen[places])) + 1).astype(np.float16).astype(np.float32)
        matrix = sparse.hstack([_scaled(self.features[chosen][:, places], rarity), np.ones((chosen.sum(), 1))], format="csr")
        matrix = matrix.astype(np.float32)
        turned = matrix.T.tocsr()
        start, signs = PULL * self.hinted[chosen], self.signs[chosen]
        shape = (matrix.shape[1], signs.shape[1])
        shrunk = np.ones((matrix.shape[1], 1), np.float32)
        shrunk[-1] = BIAS_SHRINKS

        def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            weights = point.reshape(shape).astype(np.float32)
            margin = signs * (matrix @ weights + start)
            push = -FIT * signs / (1 + np.exp(np.clip(margin, -50, 50)))
            held = weights * shrunk
            cost = FIT * np.logaddexp(0, -margin).sum() + (held * weights).sum() / 2
            return float(cost), (turned @ push + held).ravel().astype(np.float64)

        enough = {"maxiter": MOST_STEPS, "maxcor": 6, "ftol": 1e-5}
        found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options=enough)
        return _Fitted(places, rarity, found.x.reshape(shape))

    def held_out(self, fold: NDArray[np.int64]) -> NDArray[np.float64]:
        """The scores of every row, each from a model made without its fold."""
        scores = np.zeros(self.signs.shape)
        for number in np.unique(fold):
            left = fold == number
            made = self.fit(~left)
            scaled = _scaled(self.features[left][:, made.places], made.rarity)
            scores[left] = scaled @ made.weights[:-1] + made.weights[-1] + PULL * self.hinted[left]
        return scores

    def calibration(self, scores: NDArray[np.float64]) -> tuple[float, float]:
        """By how much the scores of rows held out have to be stretched and shifted to be probabilities (Platt)."""

        def cost(point: NDArray[np.float64]) -> float:
            return float(np.logaddexp(0, -self.signs * (point[0] * scores + point[1])).mean())

        stretch, shift = minimize(cost, [1.0, 0.0], method="Nelder-Mead").x
        return float(stretch), float(shift)


@dataclass(frozen=True, slots=True)
class _Fitted:
    places: NDArray[np.int64]
    rarity: Matrix
    weights: NDArray[np.float64]  # (features and bias, topics)


def _scaled(features: sparse.csr_matrix, rarity: Matrix) -> sparse.csr_matrix:
    weighted = features @ sparse.diags(rarity)
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(length, 1e-9)) @ weighted)


def train(target: Path = WEIGHTS) -> None:
    """Fit the sections on all example sentences and write the weights; the same sentences make the same bytes."""
    rows = examples()
    table = _Table(rows)
    stretch, shift = table.calibration(table.held_out(_folds(rows, FOLDS)))
    made = table.fit(np.ones(len(rows), bool))
    np.savez_compressed(
        target,
        topics=np.array(table.topics),
        places=made.places.astype(np.uint32),
        rarity=made.rarity.astype(np.float16),
        weights=(stretch * made.weights[:-1].T).astype(np.float16),
        bias=(stretch * made.weights[-1] + shift).astype(np.float32),
        pull=np.float32(stretch * PULL),
    )


def measure(folds: int) -> Iterator[str]:
    """What to expect of sentences never seen, in `folds` parts, then of one file by a model that learnt the others."""
    rows = examples()
    table = _Table(rows)
    answers = table.signs.argmax(axis=1)
    by_file = np.array([FILES.index(row.file) for row in rows])
    groups = np.array([f"{row.file} {row.language}" for row in rows])
    for name, scores in (
        ("concepts alone", table.hinted),
        (f"{folds} folds", table.held_out(_folds(rows, folds))),
        ("other file", table.held_out(by_file)),
    ):
        order = np.argsort(-scores, axis=1, kind="stable")
        for group in sorted(set(groups)):
            at = groups == group
            first = (order[at, 0] == answers[at]).mean()
            two = (order[at, :2] == answers[at, None]).any(axis=1).mean()
            yield f"{name:15} {group:20} first {first:6.1%} | first or second {two:6.1%} | of {at.sum()}"


def _folds(rows: list[Example], count: int) -> NDArray[np.int64]:
    return np.array([zlib.crc32(row.sentence.encode()) % count for row in rows])
