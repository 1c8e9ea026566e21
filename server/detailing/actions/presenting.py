"""What everyone in the room sees. Slides shown are hot: they speak Core."""

from __future__ import annotations

from sqlalchemy import insert, update

from content.gate import Viewer
from content.model import Audience
from server.detailing import access
from server.detailing.messages.presenting import DetailingEnded, DetailingStarted, SlideShown
from server.detailing.tables import Detailing, ShownSlide
from server.library.reads import shows, slide_to_show
from server.people.identity import StaffMember
from server.store import Refusal, Transaction


def start_detailing(tx: Transaction, detailing_id: str, *, by: StaffMember) -> None:
    """Open the session on its first slide.

    Raises `Refusal`: `not_found`, `already_started`, `already_ended`, `deck_not_approved`.
    """
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    if detailing.state != "planned":
        raise Refusal("already_started" if detailing.state == "live" else "already_ended")
    detailing.state, detailing.started_at = "live", tx.now
    tx.session.flush()
    tx.announce(detailing.id, DetailingStarted())
    show_slide(tx, detailing_id, 1, by=by)


def show_slide(tx: Transaction, detailing_id: str, number: int, *, by: StaffMember) -> int:
    """Show one slide of the running deck to everyone in the room; returns its `seq`.

    Raises `Refusal`: `not_found`, `not_live`, `deck_not_approved` (the gate, asked at this very moment), `unknown_slide`.
    """
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    if detailing.state != "live":
        raise Refusal("not_live")
    slide = slide_to_show(tx.session, detailing.deck_id, number, Viewer(Audience.HCP, detailing.country), tx.now)
    seq = tx.announce(detailing_id, SlideShown(number=number, title=slide.title))
    tx.session.execute(insert(ShownSlide), {"detailing_id": detailing_id, "seq": seq, "number": number, "at": tx.now})
    tx.session.execute(update(Detailing).where(Detailing.id == detailing_id).values(number=number))
    return seq


def end_detailing(tx: Transaction, detailing_id: str, *, by: StaffMember) -> None:
    """Close the session. Raises `Refusal`: `not_found`, `not_live`."""
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    if detailing.state != "live":
        raise Refusal("not_live")
    _end(tx, detailing, "rep")


def end_without_content(tx: Transaction, detailing_id: str) -> bool:
    """End a live session whose deck the gate no longer lets through; returns whether that was so."""
    detailing = tx.session.get(Detailing, detailing_id)
    if detailing is None or detailing.state != "live":
        return False
    if shows(tx.session, detailing.deck_id, Viewer(Audience.HCP, detailing.country), tx.now):
        return False
    _end(tx, detailing, "content")
    return True


def _end(tx: Transaction, detailing: Detailing, reason: str) -> None:
    detailing.state, detailing.ended_at = "ended", tx.now
    tx.announce(detailing.id, DetailingEnded(reason=reason))
