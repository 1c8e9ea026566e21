"""Rehearsing a deck: the same room, with nobody in it but the laboratory's own people. Nothing of it is a contact."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from server.detailing import access
from server.detailing.actions.planning import plan_detailing
from server.detailing.actions.presenting import close
from server.detailing.tables import Detailing, Invitation
from server.people.identity import StaffMember
from server.store import Refusal, Transaction, new_id

# Somebody opens the page at once, or asks for another.
STAND_IN_LIFETIME = timedelta(hours=1)


def open_rehearsal(tx: Transaction, *, by: StaffMember, deck_id: str, language: str, country: str, detailing_id: str) -> None:
    """Prepare a rehearsal of a deck that may be shown now. A rep rehearses one deck at a time: what was open before is over.

    Raises as `plan_detailing`.
    """
    before = select(Detailing).where(Detailing.rep_id == by.id, Detailing.rehearsal, Detailing.state != "ended")
    for detailing in tx.session.scalars(before).all():
        close(tx, detailing, "rep")
    plan_detailing(
        tx,
        by=by,
        deck_id=deck_id,
        scheduled_at=tx.now,
        language=language,
        country=country,
        detailing_id=detailing_id,
        rehearsal=True,
    )


def let_stand_in(tx: Transaction, detailing_id: str, *, by: StaffMember, token_digest: str, code_digest: str) -> None:
    """A link by which somebody comes in to play an HCP, as nobody. Raises `Refusal`: `not_found`, `already_ended`."""
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    if not detailing.rehearsal:
        raise Refusal("not_found")
    if detailing.state == "ended":
        raise Refusal("already_ended")
    tx.session.add(
        Invitation(
            id=new_id(),
            detailing_id=detailing_id,
            token_digest=token_digest,
            code_digest=code_digest,
            expires_at=tx.now + STAND_IN_LIFETIME,
        )
    )
