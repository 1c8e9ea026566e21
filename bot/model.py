"""What the assistant can say. An `Answer` has no field for free text, so it cannot say anything that is not approved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of a conversation; `role` is `hcp` or `bot`."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of an approved passage, exactly: `text == edition.text[start:end]` of the edition that `document` names.

    `document` is the reference under which the edition entered the library (a path on the command line, an edition id in the
    server), `title` the document's title, `path` the headings above the words, `language` that of the document.
    """

    document: str
    digest: str
    title: str
    section: str
    path: tuple[str, ...]
    text: str
    start: int
    end: int
    page: int | None
    language: str
    table: bool = False


@dataclass(frozen=True, slots=True)
class Screening:
    """What the safety screening found in one message; labels as in `intents/safety`. Spans are quoted from the message."""

    is_report: bool
    labels: tuple[str, ...]
    criteria: dict[str, bool]
    product: str | None = None
    reaction: str | None = None
    patient: str | None = None
    serious: bool | None = None
    contains_patient_identifier: bool = False
    fired: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the assistant understood of a question: its language, the products and the sections it asks for."""

    language: str
    products: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """Approved sentences that answer, best first, five at most."""

    reading: Reading
    safety: Screening
    citations: tuple[Citation, ...]
    reason: str = "answered"


@dataclass(frozen=True, slots=True)
class Clarification:
    """One short question back; `reason` is `missing_product` or `ambiguous_product`, `options` the names to choose from."""

    reading: Reading
    safety: Screening
    reason: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Handover:
    """A person takes over: `no_evidence`, `off_label`, `unknown_product`, `human_requested`, `safety_report` (asks nothing)."""

    reading: Reading
    safety: Screening
    reason: str


@dataclass(frozen=True, slots=True)
class Decline:
    """Not a question for this assistant: `off_topic`."""

    reading: Reading
    safety: Screening
    reason: str = "off_topic"


Reply = Answer | Clarification | Handover | Decline
