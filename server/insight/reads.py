"""The HCP's record: one timeline of everything that happened with them, and nothing of what they did not consent to.

Only guests who are the HCP with their consent carry the HCP's id, so a session without tracking cannot appear here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.conversation import reads as conversation
from server.conversation.reads import behind_the_wall
from server.detailing import reads as detailing
from server.detailing.attending import time_together
from server.detailing.tables import Detailing, Participant
from server.detailing.taking_part import took_part
from server.library.reads import slide
from server.library.tables import EditionRow
from server.medical import reads as medical
from server.people.identity import StaffMember
from server.people.reads import consents
from server.people.tables import Guest, Staff


@dataclass(frozen=True, slots=True)
class Line:
    """One interaction. `kind` says what it is, `about` holds what there is to tell; `session` groups lines (a guest's id)."""

    at: datetime
    kind: str
    session: str | None = None
    about: dict[str, Any] = field(default_factory=dict)


def timeline(session: Session, hcp_id: str, reader: StaffMember) -> list[Line]:
    """Everything on record for an HCP that `reader` may see, oldest first.

    A rep reads of their own sessions alone, and never what medical keeps: reports, the words of questions that were handed over,
    and their answers.
    """
    guests = session.scalars(select(Guest.id).where(Guest.hcp_id == hcp_id).order_by(Guest.came_at)).all()
    medical_reader = reader.may_act_as("msl")
    sessions = [(p, held) for p, held in detailing.attended(session, guests) if medical_reader or held.rep_id == reader.id]
    lines = [_consent(c) for c in consents(session, hcp_id)]
    for participant, held in sessions:
        lines += _session(session, participant, held, medical_reader)
    for guest_id in guests if medical_reader else [participant.id for participant, _ in sessions]:
        lines += _conversation(session, guest_id, medical_reader)
        lines += _medical(session, guest_id, medical_reader)
    return sorted(lines, key=lambda line: line.at)


def _consent(decision: Any) -> Line:
    about = {"purpose": decision.purpose, "given": decision.given, "version": decision.wording_version, "how": decision.how}
    return Line(decision.at, "consent", None, about)


def _session(session: Session, participant: Participant, held: Detailing, medical_reader: bool) -> Iterator[Line]:
    deck = session.get_one(EditionRow, held.deck_id)
    together = time_together(session, participant, held) if held.state == "ended" else None
    about = {
        "deck_title": deck.title,
        "rep_name": session.get_one(Staff, held.rep_id).name,
        "state": held.state,
        "minutes": None if together is None else round(together / timedelta(minutes=1)),
    }
    yield Line(participant.arrived_at, "session", participant.id, about)
    if participant.admitted_at is None:
        return
    for shown in _shown_to(session, participant, held):
        yield Line(shown.at, "slide_shown", participant.id, _slide(session, held.deck_id, shown.number))
    # A long look is reported in parts; the record tells it as one.
    for number, parts in groupby(detailing.views(session, participant.id), key=lambda view: view.number):
        looked = list(parts)
        seconds = round(sum(view.milliseconds for view in looked) / 1000, 1)
        yield Line(looked[0].at, "slide_viewed", participant.id, {**_slide(session, held.deck_id, number), "seconds": seconds})
    yield from _messages(session, participant, medical_reader)
    for at, kind, told in took_part(session, participant, held.deck_id):
        yield Line(at, kind, participant.id, dict(told))


def _messages(session: Session, participant: Participant, medical_reader: bool) -> Iterator[Line]:
    """Between the HCP and the rep; of what went to everyone, what was written while they were in the room."""
    for one in conversation.messages_with(session, participant.id, participant.detailing_id):
        came, left = participant.admitted_at, participant.left_at
        if one.guest_id is None and (came is None or one.at < came or (left is not None and one.at > left)):
            continue
        text = one.text if medical_reader or one.delivered else None
        yield Line(one.at, "message", participant.id, {"by": "hcp" if one.staff_id is None else "rep", "text": text})


def _shown_to(session: Session, participant: Participant, held: Detailing) -> Iterator[Any]:
    """What was on screen while they were in the room: the slide they found on coming in, and those after it until they left."""
    admitted = participant.admitted_at or held.started_at
    shown = [s for s in detailing.slides_shown(session, held.id) if participant.left_at is None or s.at <= participant.left_at]
    before = [s for s in shown if admitted is not None and s.at <= admitted]
    yield from before[-1:]
    yield from shown[len(before) :]


def _slide(session: Session, deck_id: str, number: int) -> dict[str, Any]:
    found = slide(session, deck_id, number)
    return {"number": number, "title": "" if found is None else found.title}


def _conversation(session: Session, guest_id: str, medical_reader: bool) -> Iterator[Line]:
    for asked, answered in conversation.exchanges(session, guest_id):
        open_to_reader = medical_reader or not behind_the_wall(answered)
        yield Line(
            asked.asked_at, "question", guest_id, {"text": asked.text if open_to_reader else None, "slide": asked.slide_number}
        )
        if answered is not None:
            told = {"reason": answered.reason, "citations": answered.citations}
            closed: dict[str, Any] = {"reason": None, "citations": []}
            judged = {"useful": answered.useful, "shortcoming": answered.shortcoming}
            yield Line(answered.at, "reply", guest_id, {"reply": answered.kind, **judged, **(told if open_to_reader else closed)})


def _medical(session: Session, guest_id: str, medical_reader: bool) -> Iterator[Line]:
    for inquiry, msl_name in medical.inquiries_of(session, [guest_id]):
        yield Line(inquiry.opened_at, "handover", guest_id, {"number": inquiry.number, "state": inquiry.state})
        if inquiry.answered_at is not None:
            told = {"text": inquiry.answer, "msl_name": msl_name, "references": inquiry.references}
            closed: dict[str, Any] = {"text": None, "msl_name": None, "references": []}
            yield Line(
                inquiry.answered_at, "msl_reply", guest_id, {"number": inquiry.number, **(told if medical_reader else closed)}
            )
    for report in medical.reports_of(session, [guest_id]) if medical_reader else []:
        yield Line(report.received_at, "report", guest_id, {"number": report.number})
