"""How HCPs take part: a raised hand, reactions to slides, the approved questions of the deck."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from server.detailing.messages.presenting import SlideNumber
from server.store.messages import CONSOLE, CONVERSATION, ROOM, Command, Fact, Wire

# A closed list: what a click says to the rep must mean the same to everybody.
Kind = Literal["useful", "unclear", "more", "thanks"]
PollNumber = Annotated[int, Field(ge=1, le=99)]


class Reaction(Wire):
    """What somebody marks a slide with: useful, unclear, to be deepened (`more`), thanks."""

    number: int
    kind: Kind


class MoveHand(Command, by=("hcp",)):
    """The HCP raises their hand, or takes it down."""

    raised: bool


class LowerHand(Command, by=("rep",)):
    """The rep has seen a raised hand and takes it down."""

    participant_id: str


class React(Command, by=("hcp",)):
    """The HCP marks a slide that was shown, or takes the mark back."""

    number: SlideNumber
    kind: Kind
    given: bool


class StartPoll(Command, by=("rep",)):
    """The rep puts one of the deck's approved questions to everyone; one that is open is closed."""

    number: PollNumber


class ClosePoll(Command, by=("rep",)):
    """Nobody answers this question any more."""

    number: PollNumber


class ShowPollResult(Command, by=("rep",)):
    """Everyone sees how often each answer was chosen; the question is closed with that."""

    number: PollNumber


class AnswerPoll(Command, by=("hcp",)):
    """The HCP chooses one of the answers, counted from 0, or takes theirs back, until the question is closed."""

    number: PollNumber
    option: int | None = Field(default=None, ge=0, le=9)


class HandMoved(Fact, stream=CONVERSATION):
    """To the one HCP: their hand is up or down, whoever moved it."""

    raised: bool


class HandSeen(Fact, stream=CONSOLE):
    """Somebody raised their hand, or it is down again."""

    participant_id: str
    raised: bool


class ReactionMarked(Fact, stream=CONVERSATION):
    """To the one HCP: they marked a slide, or took the mark back."""

    number: int
    kind: Kind
    given: bool


class ReactionSeen(Fact, stream=CONSOLE):
    """Somebody marked a slide, or took the mark back."""

    participant_id: str
    number: int
    kind: Kind
    given: bool


class PollStarted(Fact, stream=ROOM):
    """An approved question is put to everyone."""

    number: int
    question: str
    options: list[str]


class PollClosed(Fact, stream=ROOM):
    """Nobody answers this question any more."""

    number: int


class PollResultShown(Fact, stream=ROOM):
    """How often each answer was chosen, in their order."""

    number: int
    counts: list[int]


class PollAnswerKept(Fact, stream=CONVERSATION):
    """To the one HCP: what they chose; None when they took it back."""

    number: int
    option: int | None


class PollAnswered(Fact, stream=CONSOLE):
    """What somebody chose; None when they took it back."""

    participant_id: str
    number: int
    option: int | None
