"""What may be asked about how people take part: hands, reactions, polls, documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.detailing.messages.documents import Handout
from server.detailing.messages.interplay import Reaction
from server.detailing.tables import (
    AskedPoll,
    Detailing,
    DocumentReceipt,
    OfferedDocument,
    Participant,
    PollAnswer,
    ReactionRow,
)
from server.library.tables import EditionRow, PollRow
from server.store.messages import Wire


class PollNow(Wire):
    """A question that was put to everyone. `counts`: how often each answer was chosen, once that is shown."""

    number: int
    question: str
    options: list[str]
    open: bool
    counts: list[int] | None


class Offered(Wire):
    """What is there for everyone in the room: questions and documents, in the order in which they came."""

    polls: list[PollNow]
    documents: list[Handout]


class Mine(Wire):
    """How one HCP takes part. `choices`: the answer chosen, by the question's number."""

    hand: bool
    reactions: list[Reaction]
    choices: dict[str, int]


class Receipt(Wire):
    """That somebody opened or downloaded a document."""

    participant_id: str
    edition_id: str
    how: Literal["opened", "downloaded"]


class Everyones(Wire):
    """How everyone takes part who is still there, by participant. `hands`: whose hand is up, the longest first."""

    hands: list[str]
    reactions: dict[str, list[Reaction]]
    choices: dict[str, dict[str, int]]
    receipts: list[Receipt]


def offered(session: Session, detailing_id: str, inside: bool = True) -> Offered:
    """What is there for everyone in this session; for somebody outside, nothing."""
    if not inside:
        return Offered(polls=[], documents=[])
    detailing = session.get_one(Detailing, detailing_id)
    asked = select(AskedPoll).where(AskedPoll.detailing_id == detailing.id).order_by(AskedPoll.asked_at)
    handed = select(EditionRow).join(OfferedDocument, OfferedDocument.edition_id == EditionRow.id)
    handed = handed.where(OfferedDocument.detailing_id == detailing.id).order_by(OfferedDocument.at)
    return Offered(
        polls=[_poll_now(session, detailing, one) for one in session.scalars(asked)],
        documents=[as_handout(edition) for edition in session.scalars(handed)],
    )


def mine(session: Session, participant: Participant) -> Mine:
    """How this participant takes part."""
    return Mine(
        hand=participant.hand_raised_at is not None,
        reactions=_reactions(session, participant.id),
        choices=_choices(session, participant.id),
    )


def everyones(session: Session, detailing_id: str) -> Everyones:
    """How everyone who is still there takes part."""
    present = still_there(session, detailing_id)
    ids = [participant.id for participant in present]
    received = select(DocumentReceipt).where(DocumentReceipt.participant_id.in_(ids)).order_by(DocumentReceipt.at)
    return Everyones(
        hands=[id for _, id in sorted((one.hand_raised_at, one.id) for one in present if one.hand_raised_at is not None)],
        reactions={id: marks for id in ids if (marks := _reactions(session, id))},
        choices={id: choices for id in ids if (choices := _choices(session, id))},
        receipts=[
            Receipt.model_validate({"participant_id": row.participant_id, "edition_id": row.edition_id, "how": row.how})
            for row in session.scalars(received)
        ],
    )


def still_there(session: Session, detailing_id: str) -> Sequence[Participant]:
    """The participants who did not leave for good: who goes on under no name counts once."""
    return session.scalars(select(Participant).where(Participant.detailing_id == detailing_id, Participant.state != "left")).all()


def counts(session: Session, asked: AskedPoll) -> list[int]:
    """How often each answer to a question was chosen by those who are still there."""
    detailing = session.get_one(Detailing, asked.detailing_id)
    options = session.get_one(PollRow, (detailing.deck_id, asked.number)).options
    present = still_there(session, asked.detailing_id)
    chosen = Counter(_choices(session, one.id).get(str(asked.number)) for one in present)
    return [chosen[option] for option in range(len(options))]


def _poll_now(session: Session, detailing: Detailing, asked: AskedPoll) -> PollNow:
    poll = session.get_one(PollRow, (detailing.deck_id, asked.number))
    return PollNow(
        number=asked.number,
        question=poll.question,
        options=poll.options,
        open=asked.closed_at is None,
        counts=asked.counts,
    )


def _choices(session: Session, participant_id: str) -> dict[str, int]:
    rows = session.scalars(select(PollAnswer).where(PollAnswer.participant_id == participant_id))
    return {str(row.number): row.option for row in rows}


def _reactions(session: Session, participant_id: str) -> list[Reaction]:
    rows = select(ReactionRow).where(ReactionRow.participant_id == participant_id).order_by(ReactionRow.number, ReactionRow.kind)
    return [Reaction.model_validate({"number": row.number, "kind": row.kind}) for row in session.scalars(rows)]


def as_handout(edition: EditionRow) -> Handout:
    """An edition as it is offered."""
    return Handout(
        edition_id=edition.id,
        title=edition.title,
        kind=edition.kind,
        version=edition.version,
        dated=None if edition.dated is None else edition.dated.isoformat(),
    )


def took_part(session: Session, participant: Participant, deck_id: str) -> list[tuple[datetime, str, dict[str, str | int]]]:
    """What a participant marked, chose and received: when, which of `reaction`, `poll`, `document`, and what there is to tell."""
    marks = session.scalars(select(ReactionRow).where(ReactionRow.participant_id == participant.id))
    told: list[tuple[datetime, str, dict[str, str | int]]] = [
        (mark.at, "reaction", {"reaction": mark.kind, "number": mark.number}) for mark in marks
    ]
    for answer in session.scalars(select(PollAnswer).where(PollAnswer.participant_id == participant.id)):
        poll = session.get_one(PollRow, (deck_id, answer.number))
        told.append((answer.at, "poll", {"question": poll.question, "answer": poll.options[answer.option]}))
    received = select(DocumentReceipt, EditionRow).join(EditionRow, EditionRow.id == DocumentReceipt.edition_id)
    for receipt, edition in session.execute(received.where(DocumentReceipt.participant_id == participant.id)):
        told.append((receipt.at, "document", {"how": receipt.how, "title": edition.title}))
    return told
