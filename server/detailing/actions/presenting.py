"""What everyone in the room sees. Slides shown are hot: they speak Core."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, insert, select, update

from content.gate import Viewer
from content.model import Audience
from server.detailing import access
from server.detailing.actions.colleagues import dismiss_colleagues
from server.detailing.messages.presenting import (
    DetailingEnded,
    DetailingStarted,
    EveryoneCalled,
    MandatorySlidesOmitted,
    ScreenHeld,
    ScreenReleased,
    SlideShown,
)
from server.detailing.reads import owed
from server.detailing.tables import Detailing, Hold
from server.library.reads import shows, title_to_show
from server.people.identity import StaffMember
from server.store import Refusal, Transaction
from server.store.tables import Base

DETAILINGS, SHOWN_SLIDES = (Base.metadata.tables[name] for name in ("detailings", "shown_slides"))
KEEP_SHOWN = insert(SHOWN_SLIDES)
PUT_ON_SCREEN = update(DETAILINGS).where(DETAILINGS.c.id == bindparam("detailing_id")).values(number=bindparam("shown"))


def start_detailing(tx: Transaction, detailing_id: str, *, by: StaffMember) -> None:
    """Open the session on its first slide; its first lease is the rep's.

    Raises `Refusal`: `not_found`, `already_started`, `already_ended`, `deck_not_approved`.
    """
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    if detailing.state != "planned":
        raise Refusal("already_started" if detailing.state == "live" else "already_ended")
    detailing.state, detailing.started_at = "live", tx.now
    tx.session.flush()
    tx.announce(detailing.id, DetailingStarted())
    _show(tx, detailing, 1)


def show_slide(tx: Transaction, detailing_id: str, number: int, epoch: int, *, by: StaffMember) -> int:
    """Show one slide of the running deck to everyone in the room; returns its `seq`.

    Raises `Refusal`: `not_found`, `not_live`, `not_presenting`, `screen_held`, `deck_not_approved` (the gate, asked at this very
    moment), `unknown_slide`.
    """
    stage = access.stage_presented(tx.session, detailing_id, epoch, by)
    if stage.held_since is not None:
        raise Refusal("screen_held")
    return _show(tx, stage, number)


def _show(tx: Transaction, stage: Any, number: int) -> int:
    title = title_to_show(tx.session, stage.deck_id, number, Viewer(Audience.HCP, stage.country), tx.now)
    seq = tx.announce(stage.id, SlideShown(number=number, title=title))
    tx.connection.execute(KEEP_SHOWN, {"detailing_id": stage.id, "seq": seq, "number": number, "at": tx.now})
    tx.connection.execute(PUT_ON_SCREEN, {"detailing_id": stage.id, "shown": number})
    return seq


def hold_screen(tx: Transaction, detailing_id: str, epoch: int, *, by: StaffMember) -> None:
    """Show HCPs a neutral screen. Raises `Refusal`: `not_found`, `not_live`, `not_presenting`."""
    detailing = access.detailing_presented(tx.session, detailing_id, epoch, by)
    if detailing.held_since is None:
        detailing.held_since = tx.now
        tx.announce(detailing.id, ScreenHeld())


def release_screen(tx: Transaction, detailing_id: str, epoch: int, *, by: StaffMember) -> None:
    """Show HCPs the slide again. Raises `Refusal`: `not_found`, `not_live`, `not_presenting`."""
    detailing = access.detailing_presented(tx.session, detailing_id, epoch, by)
    if detailing.held_since is not None:
        _keep_hold(tx, detailing)
        tx.announce(detailing.id, ScreenReleased())


def _keep_hold(tx: Transaction, detailing: Detailing) -> None:
    if detailing.held_since is not None:
        tx.session.add(Hold(detailing_id=detailing.id, since=detailing.held_since, until=tx.now))
        detailing.held_since = None


def call_everyone(tx: Transaction, detailing_id: str, epoch: int, *, by: StaffMember) -> None:
    """Bring everyone to the slide shown. Raises `Refusal`: `not_found`, `not_live`, `not_presenting`."""
    detailing = access.detailing_presented(tx.session, detailing_id, epoch, by)
    assert detailing.number is not None, "a live session is on a slide"
    detailing.calls += 1
    tx.announce(detailing.id, EveryoneCalled(number=detailing.number))


def end_detailing(tx: Transaction, detailing_id: str, epoch: int, reason: str | None, *, by: StaffMember) -> None:
    """Close the session. A contact with mandatory slides left out needs a reason, and is on record as incomplete.

    Raises `Refusal`: `not_found`, `not_live`, `not_presenting`, `slides_owed`.
    """
    detailing = access.detailing_presented(tx.session, detailing_id, epoch, by)
    if not detailing.rehearsal and (left_out := owed(tx.session, detailing)):
        if not reason:
            raise Refusal("slides_owed", numbers=", ".join(map(str, left_out)))
        detailing.incomplete_reason = reason
        tx.announce(detailing.id, MandatorySlidesOmitted(numbers=left_out, reason=reason))
        tx.audit("detailing_left_incomplete", detailing.id, by=by.id, slides=left_out)
    close(tx, detailing, "rep")


def end_without_content(tx: Transaction, detailing_id: str) -> bool:
    """End a live session whose deck the gate no longer lets through; returns whether that was so."""
    detailing = tx.session.scalar(select(Detailing).where(Detailing.id == detailing_id).with_for_update())
    if detailing is None or detailing.state != "live":
        return False
    if shows(tx.session, detailing.deck_id, Viewer(Audience.HCP, detailing.country), tx.now):
        return False
    close(tx, detailing, "content")
    return True


def close(tx: Transaction, detailing: Detailing, reason: str) -> None:
    """The session is over, for this `reason` of `DetailingEnded`."""
    _keep_hold(tx, detailing)
    detailing.state, detailing.ended_at = "ended", tx.now
    dismiss_colleagues(tx, detailing)
    tx.announce(detailing.id, DetailingEnded(reason=reason))
