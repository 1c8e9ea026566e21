"""Makes the weights of the safety classifier from labelled messages, or measures them on held-out ones: `python -m bot train`."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

import intents
from bot.classifier import BITS, REPORT, WEIGHTS, Classifier, features_of, places_of
from bot.marks import Marks
from bot.safety import REPORT_LABELS, REQUESTS, fired_patterns, judge, marks_of

MESSAGES = Path(intents.__file__).parent / "safety" / "messages"
LABELS = (REPORT, *sorted(REPORT_LABELS), *sorted(REQUESTS))
# Asked of reports only: what a message that is none holds is labelled by convention.
OF_REPORTS = ("reporter", "patient", "serious", "not_serious")
IDENTIFIER = "identifier"
HEADS = (*LABELS, *OF_REPORTS, IDENTIFIER)
# Strength of the data against the wish for small weights; flat between 5 and 20 in five-fold cross-validation.
FIT = 10.0
# A feature seen once says nothing about the next message.
SEEN_IN = 2
MOST_STEPS = 150
# "forgot {x} last night": whoever asks about these often tells of somebody.
TOLD = frozenset({"missed-dose", "overdose"})


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled message and its marks; what was read while the patterns were written is not shown which of them fired."""

    row: dict[str, Any]
    marks: Marks
    with_patterns: bool = True

    def answers(self) -> list[int]:
        """Yes (1), no (-1) or not to be learnt from (0), for each of `HEADS`."""
        row = self.row
        labels = [row["is_report"], *(label in row["labels"] for label in LABELS[1:])]
        criteria = row.get("criteria", {})
        of_report = [criteria.get(name) for name in OF_REPORTS[:2]] + [row.get("serious") is serious for serious in (True, False)]
        learnt = [(1 if true else -1) if row["is_report"] else 0 for true in of_report]
        return [1 if true else -1 for true in labels] + learnt + [1 if row.get("contains_patient_identifier") else -1]


def examples(also: Iterable[Path]) -> list[Example]:
    """The shipped messages, the example questions, and the messages of the files `also`."""
    own = list(_messages(sorted(MESSAGES.glob("*/*.jsonl"))))
    own += _questions(own)
    return [Example(row, marks_of(row["text"])) for row in own] + [
        Example(row, marks_of(row["text"]), with_patterns=False) for row in _messages(also)
    ]


def _messages(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line) | {"file": file.name}


def _questions(messages: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The example questions of `intents/sentences.yaml` as messages that are no reports, about the medicines of the messages."""
    medicines = cycle([row["product"] for row in messages if row["product"]])
    for topic, by_language in intents.load("sentences").items():
        for language, sentences in by_language.items():
            for sentence in sentences if topic not in TOLD else ():
                text = sentence.replace("{x}", next(medicines))
                yield {"id": text, "lang": language, "text": text, "labels": [REQUESTS[0]], "is_report": False}


class _Table:
    """The features and answers of all examples, cut once."""

    def __init__(self, rows: list[Example]) -> None:
        found = []
        for example in rows:
            fired = [pattern.name for pattern in fired_patterns(example.marks)] if example.with_patterns else []
            found.append(features_of(example.marks, fired, example.row.get("speaker", "hcp")))
        lengths = np.cumsum([0, *map(len, found)])
        values = np.array([value for features in found for value in features.values()])
        places = np.concatenate([places_of(features) for features in found])
        self.features = sparse.csr_matrix((values, places, lengths), shape=(len(rows), 1 << BITS))
        self.answers = np.array([example.answers() for example in rows])

    def fit(self, chosen: NDArray[np.bool_]) -> Classifier:
        """A classifier of the chosen rows."""
        matrix, answers = self.features[chosen], self.answers[chosen]
        seen = np.asarray((matrix > 0).sum(axis=0)).ravel()
        active = np.flatnonzero(seen >= SEEN_IN)
        rarity = np.zeros(1 << BITS, np.float32)
        rarity[active] = np.log((1 + matrix.shape[0]) / (1 + seen[active])) + 1
        weighted = matrix[:, active] @ sparse.diags(rarity[active])
        length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        scaled = sparse.csr_matrix(sparse.diags(1 / np.maximum(length, 1e-9)) @ weighted)
        weights, bias = np.zeros((len(HEADS), 1 << BITS), np.float32), np.zeros(len(HEADS), np.float32)
        points = _logistic(scaled, answers)
        weights[:, active], bias[:] = points[:-1].T, points[-1]
        return Classifier(HEADS, rarity, weights, bias)


def _logistic(matrix: sparse.csr_matrix, signs: NDArray[np.int64]) -> NDArray[np.float64]:
    """The regressions of all columns of `signs` at once: a column of weights each, the last row their bias."""
    matrix = sparse.hstack([matrix, np.ones((matrix.shape[0], 1))], format="csr")
    turned = matrix.T.tocsr()
    shape = (matrix.shape[1], signs.shape[1])
    shrunk = np.ones((matrix.shape[1], 1))
    shrunk[-1] = 0  # the bias is free

    def loss(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = point.reshape(shape)
        margin = signs * (matrix @ weights)
        push = -signs * FIT / (1 + np.exp(np.clip(margin, -50, 50)))
        held = weights * shrunk
        cost = FIT * (np.abs(signs) * np.logaddexp(0, -margin)).sum() + (held * held).sum() / 2
        return float(cost), (turned @ push + held).ravel()

    enough = {"maxiter": MOST_STEPS, "maxcor": 6, "ftol": 1e-8}
    return np.asarray(minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options=enough).x.reshape(shape))


def train(also: Iterable[Path] = (), target: Path = WEIGHTS) -> None:
    """Fit every question on the shipped messages and questions, and on the files `also`; write the weights that are not zero.

    `also` is for messages that were read while the patterns were written: patterns seem better on them than they are, so the
    classifier does not see which ones fired there.
    """
    rows = examples(also)
    made = _Table(rows).fit(np.ones(len(rows), bool))
    active = np.flatnonzero(made.rarity)
    np.savez_compressed(
        target,
        labels=np.array(made.labels),
        active=active.astype(np.uint32),
        rarity=made.rarity[active].astype(np.float16),
        weights=made.weights[:, active].astype(np.float16),
        bias=made.bias,
    )


def measure(also: Iterable[Path], folds: int) -> Iterator[str]:
    """What to expect of messages never seen: every message is judged by a classifier that was made without its fold.

    The files `also` are counted apart. One line a group: recall, recall of explicit reports, false alarms, label F1, criteria.
    """
    rows = examples(also)
    table = _Table(rows)
    fold = np.array([zlib.crc32(example.row["id"].encode()) % folds for example in rows])
    judged: list[Any] = [None] * len(rows)
    for number in range(folds):
        made = table.fit(fold != number)
        for place in np.flatnonzero(fold == number).tolist():
            row = rows[place].row
            judged[place] = judge(rows[place].marks, row.get("speaker", "hcp"), made)
    groups: dict[str, list[tuple[dict[str, Any], Any]]] = {}
    for example, found in zip(rows, judged, strict=True):
        if "file" in example.row:
            kind = "shipped" if example.with_patterns else example.row["file"]
            for group in (kind, f"{kind} {example.row['lang']}"):
                groups.setdefault(group, []).append((example.row, found))
        else:
            groups.setdefault("example questions", []).append((example.row, found))
    for group, pairs in groups.items():
        yield f"{group:22} {_figures(pairs)}"


def _figures(pairs: list[tuple[dict[str, Any], Any]]) -> str:
    def share(hits: Iterable[bool]) -> str:
        counted = list(hits)
        return f"{sum(counted) / len(counted):6.1%} of {len(counted)}" if counted else "–"

    reports = [(row, found) for row, found in pairs if row["is_report"]]
    right = sum(len(set(found.labels) & set(row["labels"])) for row, found in pairs)
    given = sum(len(found.labels) + len(set(row["labels"]) - {"none"}) for row, found in pairs)
    parts = {
        "recall": share(found.is_report for _, found in reports),
        "explicit": share(found.is_report for row, found in reports if row.get("explicit")),
        "false alarms": share(found.is_report for row, found in pairs if not row["is_report"]),
        "label F1": f"{2 * right / max(1, given):.3f}",
        **{
            name: share(found.criteria[name] == row["criteria"][name] for row, found in reports)
            for name in ("reporter", "patient", "product", "reaction")
        },
        "serious": share(found.serious == row.get("serious") for row, found in reports),
        "identifier": share(found.contains_patient_identifier for row, found in pairs if row.get("contains_patient_identifier")),
    }
    return " | ".join(f"{name} {figure}" for name, figure in parts.items())
