"""What is said between HCPs, MSLs and pharmacovigilance."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from server.store.messages import CONSOLE, CONVERSATION, DESK, Command, Fact


class RequestPerson(Command, by=("hcp",)):
    """The HCP wants an answer from a person. `question_id`: the question it is about; `text`: other words, if any."""

    question_id: str | None = None
    text: str | None = Field(default=None, min_length=1, max_length=4000)


class ReportAdverseEvent(Command, by=("hcp", "rep", "msl")):
    """Someone reports a suspected adverse event in their own words, however incomplete and however long."""

    text: str = Field(min_length=1)


class AssignInquiry(Command, by=("msl",)):
    """The MSL takes an inquiry on; of two at once, one gets it."""

    inquiry_id: str


class ReleaseInquiry(Command, by=("msl",)):
    """The MSL gives an inquiry back to the queue."""

    inquiry_id: str


class AnswerInquiry(Command, by=("msl",)):
    """The MSL answers the asker, and nobody else. `passage_ids`: approved passages to attach as references."""

    inquiry_id: str
    text: str = Field(min_length=1, max_length=20000)
    passage_ids: list[str] = Field(default_factory=list, max_length=20)


class InquiryAccepted(Fact, stream=CONVERSATION):
    """To the HCP: your request has a number and a promised time (UTC)."""

    inquiry_id: str
    number: str
    question_id: str | None
    due_at: datetime


class InquiryTaken(Fact, stream=CONVERSATION):
    """To the HCP: this person is answering you."""

    inquiry_id: str
    number: str
    msl_name: str


class InquiryAnswered(Fact, stream=CONVERSATION):
    """To the HCP alone: the MSL's answer, with its references."""

    inquiry_id: str
    number: str
    msl_name: str
    text: str
    references: list[str]


class AdverseEventReported(Fact, stream=CONVERSATION):
    """To the HCP: what you told was passed to pharmacovigilance under this number."""

    report_id: str
    number: str


class InquiryOpened(Fact, stream=DESK):
    """A new line in the queue."""

    inquiry_id: str
    number: str
    product: str | None
    reason: str
    excerpt: str
    language: str
    due_at: datetime


class InquiryAssigned(Fact, stream=DESK):
    """Someone has it now."""

    inquiry_id: str
    msl_id: str
    msl_name: str


class InquiryReleased(Fact, stream=DESK):
    """It is back in the queue."""

    inquiry_id: str


class InquiryClosed(Fact, stream=DESK):
    """It was answered."""

    inquiry_id: str


class InquiryProgressed(Fact, stream=CONSOLE):
    """To the rep: a request exists and where it stands. Never its words, its answer or its notes."""

    number: str
    state: Literal["queued", "assigned", "answered"]
