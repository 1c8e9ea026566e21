"""What may be asked about conversations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.model import Turn
from server.conversation.tables import DirectMessage, Question, ReplyRow
from server.store.messages import Wire

# A follow-up leans on what was said just before; older turns only mislead it.
TURNS_REMEMBERED = 6
LONG_AGO, FAR_OFF = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


class QuestionForRep(Wire):
    """A question as the presenter may know it: see `QuestionHeard`."""

    question_id: str
    participant_id: str
    slide_number: int | None
    outcome: str
    text: str | None
    documents: list[str]
    orally: bool
    at: datetime


class MessageForRep(Wire):
    """A message as the rep may know it: see `MessageHeard`."""

    message_id: str
    participant_id: str | None
    by: str
    text: str | None
    at: datetime


def question(session: Session, question_id: str) -> Question | None:
    """One question."""
    return session.get(Question, question_id)


def reply(session: Session, question_id: str) -> ReplyRow | None:
    """What was replied to a question, once it was."""
    return session.get(ReplyRow, question_id)


def last_question(session: Session, guest_id: str) -> Question | None:
    """The newest question of a conversation."""
    return session.scalar(
        select(Question).where(Question.guest_id == guest_id).order_by(Question.asked_at.desc(), Question.id.desc())
    )


def exchanges(session: Session, guest_id: str) -> Sequence[tuple[Question, ReplyRow | None]]:
    """A conversation in order: each question with its reply."""
    rows = session.execute(
        select(Question, ReplyRow)
        .outerjoin(ReplyRow, ReplyRow.question_id == Question.id)
        .where(Question.guest_id == guest_id)
        .order_by(Question.asked_at, Question.id)
    )
    return [(question, reply) for question, reply in rows]


def context(session: Session, asked: Question) -> list[Turn]:
    """The turns before a question, oldest first, as the assistant reads them."""
    before = [(q, r) for q, r in exchanges(session, asked.guest_id) if (q.asked_at, q.id) < (asked.asked_at, asked.id)]
    turns = []
    for earlier, answered in before:
        turns.append(Turn("hcp", earlier.text))
        if answered is not None:
            turns.append(Turn("bot", " ".join(c["text"] for c in answered.citations) or " ".join(answered.options)))
    return turns[-TURNS_REMEMBERED:]


def unanswered(session: Session, since: datetime = LONG_AGO, until: datetime = FAR_OFF) -> Sequence[str]:
    """Questions put on record within this time that have no reply, oldest first: somebody has to take them up again."""
    return session.scalars(
        select(Question.id)
        .outerjoin(ReplyRow, ReplyRow.question_id == Question.id)
        .where(ReplyRow.question_id.is_(None), Question.asked_at.between(since, until))
        .order_by(Question.asked_at)
    ).all()


def undelivered(session: Session, since: datetime = LONG_AGO, until: datetime = FAR_OFF) -> Sequence[str]:
    """The same of messages to a rep that were not read."""
    return session.scalars(
        select(DirectMessage.id)
        .where(DirectMessage.delivered.is_(None), DirectMessage.at.between(since, until))
        .order_by(DirectMessage.at, DirectMessage.id)
    ).all()


def direct_message(session: Session, message_id: str) -> DirectMessage | None:
    """One message between an HCP and their rep."""
    return session.get(DirectMessage, message_id)


def messages_with(session: Session, guest_id: str, detailing_id: str) -> Sequence[DirectMessage]:
    """What this HCP and their rep wrote to each other, and what the rep wrote to everyone in that session, in order."""
    theirs = (DirectMessage.guest_id == guest_id) | (
        (DirectMessage.detailing_id == detailing_id) & DirectMessage.guest_id.is_(None)
    )
    return session.scalars(select(DirectMessage).where(theirs).order_by(DirectMessage.at, DirectMessage.id)).all()


def messages_for_rep(session: Session, detailing_id: str) -> list[MessageForRep]:
    """The messages of a session as its rep may know them, in order; those that were not read yet are not told yet."""
    decided = select(DirectMessage).where(DirectMessage.detailing_id == detailing_id, DirectMessage.decided_at.is_not(None))
    return [
        MessageForRep(
            message_id=one.id,
            participant_id=one.guest_id,
            by="hcp" if one.staff_id is None else "rep",
            text=one.text if one.delivered else None,
            at=one.decided_at,
        )
        for one in session.scalars(decided.order_by(DirectMessage.decided_at, DirectMessage.id))
        if one.decided_at is not None
    ]


def for_rep(session: Session, detailing_id: str) -> list[QuestionForRep]:
    """The questions of a session as its presenter may know them, in order."""
    rows = session.execute(
        select(Question, ReplyRow)
        .join(ReplyRow, ReplyRow.question_id == Question.id)
        .where(Question.detailing_id == detailing_id)
        .order_by(ReplyRow.at, Question.id)
    )
    return [
        QuestionForRep(**told_to_rep(asked, answered), orally=asked.answered_orally_at is not None, at=answered.at)
        for asked, answered in rows
    ]


def told_to_rep(asked: Question, answered: ReplyRow) -> dict[str, Any]:
    """A question as its presenter may know it. One with a report in it looks like any other that medical keeps to itself."""
    closed = behind_the_wall(answered)
    return {
        "question_id": asked.id,
        "participant_id": asked.guest_id,
        "slide_number": asked.slide_number,
        "outcome": "handover" if answered.labels else answered.kind,
        "text": None if closed else asked.text,
        "documents": [] if closed else sorted({citation["title"] for citation in answered.citations}),
    }


def behind_the_wall(answered: ReplyRow | None) -> bool:
    """Whether a question's words are not for sales: they are only if approved content answered it and no report is in it."""
    return answered is None or answered.kind != "answer" or bool(answered.labels)
