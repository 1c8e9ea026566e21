"""Makes the weights of the safety classifier from labelled messages: `python -m bot train`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

import intents
from bot.classifier import BITS, REPORT, WEIGHTS, Features, features_of
from bot.safety import REPORT_LABELS, fired_patterns, marks_of

MESSAGES = Path(intents.__file__).parent / "safety" / "messages"
LABELS = (REPORT, *sorted(REPORT_LABELS), "human_request", "medical_information_request", "off_label_request")
# Strength of the data against the wish for small weights; flat between 5 and 20 in five-fold cross-validation.
FIT = 10.0
# A feature seen once says nothing about the next message.
SEEN_IN = 2
# With all example questions among them, the messages would hold so few reports that understated ones are missed.
EVERY = 4
# "forgot {x} last night": whoever asks about these often tells of somebody.
TOLD = frozenset({"missed-dose", "overdose"})


def _messages(files: Iterable[Path]) -> list[dict[str, Any]]:
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return [json.loads(line) for line in lines if line.strip()]


def _questions(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The example questions of `intents/sentences.yaml` as messages that are no reports, about the medicines of the messages."""
    medicines = cycle([row["product"] for row in messages if row["product"]])
    return [
        {"text": sentence.replace("{x}", next(medicines)), "labels": ["medical_information_request"], "is_report": False}
        for topic, by_language in intents.load("sentences").items()
        if topic not in TOLD
        for sentences in by_language.values()
        for sentence in sentences
    ]


def _features(row: dict[str, Any], with_patterns: bool) -> Features:
    marks = marks_of(row["text"])
    fired = [pattern.name for pattern in fired_patterns(marks)] if with_patterns else []
    return features_of(marks, fired, row.get("speaker", "hcp"))


def _matrix(found: list[Features]) -> sparse.csr_matrix:
    lengths = [0, *np.cumsum([len(features) for features in found])]
    places = [place for features in found for place in features]
    values = [value for features in found for value in features.values()]
    return sparse.csr_matrix((values, places, lengths), shape=(len(found), 1 << BITS))


def _truth(rows: list[dict[str, Any]]) -> NDArray[np.bool_]:
    return np.array([[row["is_report"], *(label in row["labels"] for label in LABELS[1:])] for row in rows])


def _rarity(matrix: sparse.csr_matrix) -> NDArray[np.float64]:
    seen = np.asarray((matrix > 0).sum(axis=0)).ravel()
    return np.where(seen >= SEEN_IN, np.log((1 + matrix.shape[0]) / (1 + seen)) + 1, 0.0)


def _scaled(matrix: sparse.csr_matrix, rarity: NDArray[np.float64]) -> sparse.csr_matrix:
    weighted = matrix @ sparse.diags(rarity)
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(length, 1e-9)) @ weighted)


def _fit(matrix: sparse.csr_matrix, truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    signs = np.where(truth, 1.0, -1.0)

    def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, bias = point[:-1], point[-1]
        margin = signs * (matrix @ weights + bias)
        push = -signs * FIT / (1 + np.exp(np.clip(margin, -50, 50)))
        slope = np.append(matrix.T @ push + weights, push.sum())
        return float(FIT * np.logaddexp(0, -margin).sum() + weights @ weights / 2), slope

    return np.asarray(minimize(loss, np.zeros(matrix.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x)


def train(also: Iterable[Path] = (), target: Path = WEIGHTS) -> None:
    """Fit every label on the shipped messages and questions, and on the files `also`; write the weights that are not zero.

    `also` is for messages that were read while the patterns were written: patterns seem better on them than they are, so the
    classifier does not see which ones fired there.
    """
    own, others = _messages(sorted(MESSAGES.glob("*/*.jsonl"))), _messages(also)
    own += _questions(own)[::EVERY]
    matrix = _matrix([_features(row, True) for row in own] + [_features(row, False) for row in others])
    truth = _truth(own + others)
    rarity = _rarity(matrix)
    scaled = _scaled(matrix, rarity)
    points = np.array([_fit(scaled, truth[:, column]) for column in range(len(LABELS))])
    active = np.flatnonzero(rarity)
    np.savez_compressed(
        target,
        labels=np.array(LABELS),
        active=active.astype(np.uint32),
        rarity=rarity[active].astype(np.float16),
        weights=points[:, active].astype(np.float16),
        bias=points[:, -1].astype(np.float32),
    )
