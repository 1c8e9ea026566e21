"""What is said between an HCP and the assistant, and between an HCP and their rep."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from server.store.messages import CONSOLE, CONVERSATION, Command, Fact, Wire


class AskQuestion(Command, by=("hcp",)):
    """The HCP asks the assistant. `language` is that of the page, a hint for reading the question."""

    text: str = Field(min_length=1, max_length=4000)
    language: Literal["fr", "en"]


class MarkAnsweredOrally(Command, by=("rep",)):
    """The rep answered this question by voice. Only one whose words they may know; the others are medical's to answer."""

    question_id: str


# What an answer may be found wanting for: it does not answer, it leaves out too much, it is hard to read.
Shortcoming = Literal["beside", "incomplete", "hard_to_read"]


class JudgeReply(Command, by=("hcp",)):
    """The HCP finds an answer of the assistant useful or not, or takes that back; `reason` goes with an answer that was not."""

    question_id: str
    useful: bool | None
    reason: Shortcoming | None = None


class ReplyJudged(Fact, stream=CONVERSATION):
    """How the HCP found an answer of the assistant; nothing when they took it back."""

    question_id: str
    useful: bool | None
    reason: Shortcoming | None


class CitedPassage(Wire):
    """Words of an approved passage, with all that is needed to find them again.

    `start` and `end` are character offsets in the edition's text; `passage_id` opens the passage in place. Said again
    later, `text` is empty where the edition may no longer be shown.
    """

    edition_id: str
    passage_id: str
    title: str
    section: str
    path: list[str]
    text: str
    start: int
    end: int
    page: int | None
    language: str
    table: bool


class QuestionAsked(Fact, stream=CONVERSATION):
    """The HCP's own words are on record. `slide_number`: the slide on screen at that moment, if any."""

    question_id: str
    text: str
    slide_number: int | None


class ReplyGiven(Fact, stream=CONVERSATION):
    """What the assistant replied: approved sentences, a question back, an offer of a person, or a polite no.

    `reason` is one of those in `bot.model`; `options` are the names to choose from when `kind` is `clarify`; `report_taken` says
    that the message was passed to pharmacovigilance, `report_asked` that it reads like a report and was not, being rehearsed:
    whoever wrote it is asked whether the case is real.
    """

    question_id: str
    kind: Literal["answer", "clarify", "handover", "decline"]
    reason: str
    options: list[str]
    citations: list[CitedPassage]
    report_taken: bool
    report_asked: bool = False


class OralAnswerMarked(Fact, stream=CONSOLE):
    """The rep said that they answered this question by voice."""

    question_id: str


class QuestionHeard(Fact, stream=CONSOLE):
    """To the rep: a question was asked. Its words are there only if approved content answered it and no report was in it."""

    question_id: str
    participant_id: str
    slide_number: int | None
    outcome: Literal["answer", "clarify", "handover", "decline"]
    text: str | None
    documents: list[str]


class WriteToRep(Command, by=("hcp",)):
    """The HCP writes to the rep of the running session."""

    text: str = Field(min_length=1, max_length=1000)


class WriteToHcps(Command, by=("rep",)):
    """The rep writes in their own name to one HCP in the room, or to everyone there (`participant_id` None)."""

    participant_id: str | None
    text: str = Field(min_length=1, max_length=1000)


class MessageWritten(Fact, stream=CONVERSATION):
    """Between an HCP and their rep: who wrote what. `name` is the rep's."""

    message_id: str
    by: Literal["hcp", "rep"]
    name: str
    text: str


class DeliveryDecided(Fact, stream=CONVERSATION):
    """To the HCP: whether their rep was given what they wrote. What is medical's to answer is not delivered.

    `report_taken`, `report_asked`: as in `ReplyGiven`.
    """

    message_id: str
    delivered: bool
    report_taken: bool
    report_asked: bool = False


class MessageHeard(Fact, stream=CONSOLE):
    """To the rep: what they wrote themselves, to one HCP or to everyone, or what an HCP wrote; without words kept for medical."""

    message_id: str
    participant_id: str | None
    by: Literal["hcp", "rep"]
    text: str | None
