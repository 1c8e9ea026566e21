"""What a participant had before their eyes. Hot: it speaks Core."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, insert, select

from server.detailing import access
from server.detailing.messages.viewing import SlideViewed
from server.detailing.tables import ShownSlide, ViewedSlide
from server.people.identity import Visitor
from server.store import Refusal, Transaction

# Clocks of browser and server drift, and a view is reported a little after it ended.
VIEW_TOLERANCE = timedelta(seconds=5)


def view_slide(tx: Transaction, guest: Visitor, number: int, milliseconds: int, *, view_id: str) -> int:
    """Keep how long a participant had a slide before their eyes; returns what was counted, in milliseconds.

    Never more in sum than the time since they were let in: a view that claims more counts for what is left.
    Raises `Refusal`: `not_found`, `not_admitted`, `unknown_slide` for a slide that was not shown.
    """
    detailing, participant = access.place_once_admitted(tx.session, guest)
    shown = select(ShownSlide.seq).where(ShownSlide.detailing_id == detailing.id, ShownSlide.number == number).limit(1)
    if tx.session.scalar(shown) is None:
        raise Refusal("unknown_slide", number=str(number))
    counted = tx.session.scalar(
        select(func.coalesce(func.sum(ViewedSlide.milliseconds), 0)).where(ViewedSlide.participant_id == guest.id)
    )
    since = max(participant.admitted_at or tx.now, detailing.started_at or tx.now)
    possible = int(((detailing.ended_at or tx.now) - since + VIEW_TOLERANCE) / timedelta(milliseconds=1))
    milliseconds = max(0, min(milliseconds, possible - int(counted or 0)))
    row = {"id": view_id, "detailing_id": detailing.id, "participant_id": guest.id, "number": number}
    tx.session.execute(insert(ViewedSlide), {**row, "milliseconds": milliseconds, "at": tx.now})
    tx.announce(detailing.id, SlideViewed(participant_id=guest.id, number=number, milliseconds=milliseconds))
    return milliseconds
