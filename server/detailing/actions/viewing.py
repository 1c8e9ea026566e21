"""What a participant had before their eyes. Hot: it speaks Core."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select

from server.detailing import access
from server.detailing.messages.viewing import LONGEST_VIEW, SlideViewed
from server.detailing.tables import Detailing, Hold, Participant, ShownSlide, ViewedSlide
from server.people.identity import Visitor
from server.store import Refusal, Transaction, new_id

MILLISECOND = timedelta(milliseconds=1)
Span = tuple[datetime, datetime]


def view_slide(tx: Transaction, guest: Visitor, number: int, started_at: datetime, ended_at: datetime) -> int:
    """Keep that a participant had a slide before their eyes from `started_at` to `ended_at`; returns the milliseconds counted.

    What an earlier view covers, of whatever slide and from whichever tab, is not counted again, nor what lies before the slide
    was shown, under a held screen, after the session or ahead of now: the sum over all slides never exceeds the time in the room.
    Raises `Refusal`: `not_found`, `not_admitted`, `unknown_slide` for a slide that was not shown.
    """
    detailing, participant = access.place_once_admitted(tx.session, guest)
    shown_at = tx.session.scalar(
        select(func.min(ShownSlide.at)).where(ShownSlide.detailing_id == detailing.id, ShownSlide.number == number)
    )
    if shown_at is None:
        raise Refusal("unknown_slide", number=str(number))
    # Two tabs of one person take turns: what one counts, the other must see.
    tx.session.execute(select(Participant.id).where(Participant.id == guest.id).with_for_update())
    begun = max(started_at, shown_at, participant.admitted_at or tx.now)
    over = min(ended_at, detailing.ended_at or tx.now, tx.now)
    row = {"detailing_id": detailing.id, "participant_id": guest.id, "number": number}
    counted = 0
    for start, end in uncovered((begun, over), sorted(_views_around(tx, guest.id, begun, over) + _holds(tx, detailing))):
        milliseconds = (end - start) // MILLISECOND
        tx.session.execute(insert(ViewedSlide), {**row, "id": new_id(), "at": start, "milliseconds": milliseconds})
        counted += milliseconds
    tx.announce(detailing.id, SlideViewed(participant_id=guest.id, number=number, milliseconds=counted))
    return counted


def _holds(tx: Transaction, detailing: Detailing) -> list[Span]:
    """When nobody saw a slide, the time that still lasts included."""
    rows = tx.session.execute(select(Hold.since, Hold.until).where(Hold.detailing_id == detailing.id))
    return [(since, until) for since, until in rows] + ([(detailing.held_since, tx.now)] if detailing.held_since else [])


def _views_around(tx: Transaction, participant_id: str, start: datetime, end: datetime) -> list[Span]:
    """The views that may overlap this span."""
    if start >= end:
        return []
    rows = tx.session.execute(
        select(ViewedSlide.at, ViewedSlide.milliseconds).where(
            ViewedSlide.participant_id == participant_id, ViewedSlide.at > start - LONGEST_VIEW, ViewedSlide.at < end
        )
    )
    return [(at, at + milliseconds * MILLISECOND) for at, milliseconds in rows]


def uncovered(span: Span, taken: Iterable[Span]) -> list[Span]:
    """The parts of `span` of a millisecond or more that no span of `taken` covers. `taken` is in order."""
    start, end = span
    parts = []
    for taken_from, taken_until in taken:
        parts.append((start, min(end, taken_from)))
        start = max(start, taken_until)
    return [(since, until) for since, until in [*parts, (start, end)] if until - since >= MILLISECOND]
