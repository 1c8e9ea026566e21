"""The call report: what is on record of a session that is over, put together for its rep. Nobody types what was recorded.

It is drawn from the records until it is signed, so what browsers hand in late is in it, and is kept as it stands then. It holds
ids and no names: a name is looked up when the report is read, and is there only with consent.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, overload

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.conversation.reads import QuestionForRep
from server.conversation.reads import for_rep as questions_for_rep
from server.detailing.actions.closing import Mail, mail_to
from server.detailing.attending import time_together
from server.detailing.reads import owed, shown_numbers, viewed
from server.detailing.tables import CallReportRow, Detailing, DocumentReceipt, OfferedDocument, Participant
from server.library.tables import EditionRow
from server.medical.reads import RequestForRep
from server.medical.reads import for_rep as requests_for_rep
from server.people.reads import hcp_of_guest
from server.store.messages import Wire


class SeenSlide(Wire):
    """How long somebody had a slide before them."""

    number: int
    title: str
    seconds: int


class Attendee(Wire):
    """Somebody who was let in. `minutes`: connected, in the room, while the session ran; None without tracking.

    `documents`: those they opened or downloaded.
    """

    participant_id: str
    minutes: int | None
    slides: list[SeenSlide]
    documents: list[str]


class HandedDocument(Wire):
    """A document that was offered to everyone."""

    edition_id: str
    title: str


class CallReport(Wire):
    """What is on record of a session. `questions` and `requests` are as the rep may know them."""

    deck_title: str
    scheduled_at: datetime
    started_at: datetime
    ended_at: datetime
    minutes: int
    attendees: list[Attendee]
    shown: int
    total: int
    left_out: list[int]
    incomplete_reason: str | None
    questions: list[QuestionForRep]
    requests: list[RequestForRep]
    documents: list[HandedDocument]


class Person(Wire):
    """An attendee as the rep may know them now; `mail` says whether they may be written to, and if not, why."""

    name: str | None
    profession: str | None
    mail: Mail


def call_report(session: Session, detailing: Detailing) -> CallReport:
    """What is on record of a session that is over, or what was when its report was signed."""
    kept = session.get(CallReportRow, detailing.id)
    if kept is not None and kept.facts is not None:
        return CallReport.model_validate(kept.facts)
    assert detailing.ended_at is not None, "a report is of a session that is over"
    deck = session.get_one(EditionRow, detailing.deck_id)
    started = detailing.started_at or detailing.ended_at
    return CallReport(
        deck_title=deck.title,
        scheduled_at=detailing.scheduled_at,
        started_at=started,
        ended_at=detailing.ended_at,
        minutes=_minutes(detailing.ended_at - started),
        attendees=_attendees(session, detailing, {slide.number: slide.title for slide in deck.slides}),
        shown=len(shown_numbers(session, detailing.id)),
        total=len(deck.slides),
        left_out=owed(session, detailing),
        incomplete_reason=detailing.incomplete_reason,
        questions=questions_for_rep(session, detailing.id),
        requests=requests_for_rep(session, detailing.id),
        documents=_documents(session, detailing.id),
    )


def people_of(session: Session, report: CallReport) -> dict[str, Person]:
    """Who the attendees of a report are, by participant, as far as the rep may know it now."""
    return {one.participant_id: _person(session, one.participant_id) for one in report.attendees}


def requests_now(session: Session, detailing_id: str) -> dict[str, Literal["queued", "assigned", "answered"] | str]:
    """Where the requests of a session stand now, by number: they move on after a report is signed."""
    return {request.number: request.state for request in requests_for_rep(session, detailing_id)}


def _person(session: Session, participant_id: str) -> Person:
    hcp = hcp_of_guest(session, participant_id)
    return Person(
        name=None if hcp is None else hcp.name,
        profession=None if hcp is None else hcp.profession,
        mail=mail_to(session, participant_id),
    )


def _attendees(session: Session, detailing: Detailing, titles: dict[int, str]) -> list[Attendee]:
    let_in = select(Participant).where(Participant.detailing_id == detailing.id, Participant.admitted_at.is_not(None))
    return [
        Attendee(
            participant_id=one.id,
            minutes=_minutes(time_together(session, one, detailing)),
            slides=[
                SeenSlide(number=number, title=titles[number], seconds=round(milliseconds / 1000))
                for number, milliseconds in sorted(viewed(session, one.id).items())
            ],
            documents=_received(session, one.id),
        )
        for one in session.scalars(let_in.order_by(Participant.admitted_at, Participant.id))
    ]


@overload
def _minutes(span: timedelta) -> int: ...
@overload
def _minutes(span: timedelta | None) -> int | None: ...
def _minutes(span: timedelta | None) -> int | None:
    return None if span is None else round(span / timedelta(minutes=1))


def _documents(session: Session, detailing_id: str) -> list[HandedDocument]:
    handed = select(EditionRow).join(OfferedDocument, OfferedDocument.edition_id == EditionRow.id)
    rows = session.scalars(handed.where(OfferedDocument.detailing_id == detailing_id).order_by(OfferedDocument.at))
    return [HandedDocument(edition_id=row.id, title=row.title) for row in rows]


def _received(session: Session, participant_id: str) -> list[str]:
    received = select(EditionRow.title).join(DocumentReceipt, DocumentReceipt.edition_id == EditionRow.id)
    rows = received.where(DocumentReceipt.participant_id == participant_id).distinct().order_by(EditionRow.title)
    return list(session.scalars(rows))
