"""Planning a session, and inviting to it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from content.gate import Viewer
from content.model import Audience
from server.detailing import access
from server.detailing.actions.arrival import TURNED_AWAY
from server.detailing.actions.lobby import remove
from server.detailing.tables import Detailing, Invitation, Participant
from server.library.reads import shows
from server.library.tables import EditionRow
from server.people.identity import StaffMember
from server.people.reads import hcp as hcp_with
from server.store import Refusal, Transaction, new_id

INVITATION_LIFETIME = timedelta(days=7)


def plan_detailing(
    tx: Transaction,
    *,
    by: StaffMember,
    deck_id: str,
    scheduled_at: datetime,
    language: str,
    country: str,
    detailing_id: str,
    planned_minutes: int | None = None,
    rehearsal: bool = False,
) -> str:
    """A session with an approved deck at a time (UTC).

    Raises `Refusal`: `deck_not_approved`, `other_product` for a deck that is not this rep's, `in_the_past`, `not_allowed`.
    """
    if not by.may_act_as("rep"):
        raise Refusal("not_allowed")
    if not shows(tx.session, deck_id, Viewer(Audience.HCP, country), tx.now):
        raise Refusal("deck_not_approved")
    if not by.presents(tx.session.get_one(EditionRow, deck_id).product):
        raise Refusal("other_product")
    if scheduled_at < tx.now - timedelta(hours=1):
        raise Refusal("in_the_past")
    tx.session.add(
        Detailing(
            id=detailing_id,
            rep_id=by.id,
            deck_id=deck_id,
            country=country,
            language=language,
            scheduled_at=scheduled_at,
            planned_minutes=planned_minutes,
            state="planned",
            rehearsal=rehearsal,
        )
    )
    tx.session.flush()
    tx.audit("rehearsal_opened" if rehearsal else "detailing_planned", detailing_id, by=by.id, deck=deck_id)
    return detailing_id


def invite_hcp(
    tx: Transaction, detailing_id: str, hcp_id: str, *, by: StaffMember, token_digest: str, code_digest: str
) -> datetime:
    """A personal link and code for one HCP; an earlier invitation of theirs is replaced, their place in the room is kept.

    Returns when it expires (UTC). Raises `Refusal`: `not_found`, `rehearsal`, `unknown_hcp`, `already_ended`.
    """
    detailing = access.contact_to_present(tx.session, detailing_id, by)
    if detailing.state == "ended":
        raise Refusal("already_ended")
    if hcp_with(tx.session, hcp_id) is None:
        raise Refusal("unknown_hcp")
    invitation = tx.session.scalar(select(Invitation).where(Invitation.detailing_id == detailing_id, Invitation.hcp_id == hcp_id))
    if invitation is None:
        invitation = Invitation(id=new_id(), detailing_id=detailing_id, hcp_id=hcp_id)
        tx.session.add(invitation)
    else:
        invitation.sequence += 1
    _renew(tx, invitation, detailing, token_digest, code_digest, by)
    return invitation.expires_at


def renew_invitation(tx: Transaction, invitation_id: str, *, by: StaffMember, token_digest: str, code_digest: str) -> datetime:
    """A fresh link and code for an invitation, also one whose HCP chose not to be known; the old ones stop working."""
    invitation, detailing = access.invitation_to_manage(tx.session, invitation_id, by)
    access.contact_to_present(tx.session, detailing.id, by)
    invitation.sequence += 1
    _renew(tx, invitation, detailing, token_digest, code_digest, by)
    return invitation.expires_at


def revoke_invitation(tx: Transaction, invitation_id: str, *, by: StaffMember) -> None:
    """From now on link and code open nothing, and whoever came in by them is out. Raises `Refusal('not_found')`."""
    invitation, detailing = access.invitation_to_manage(tx.session, invitation_id, by)
    if invitation.revoked_at is not None:
        return
    invitation.revoked_at = tx.now
    invitation.sequence += 1
    if invitation.guest_id is not None and detailing.state != "ended":
        remove(tx, tx.session.get_one(Participant, invitation.guest_id))
    tx.audit("invitation_revoked", invitation.id, by=by.id, detailing=detailing.id)


def _renew(
    tx: Transaction, invitation: Invitation, detailing: Detailing, token_digest: str, code_digest: str, by: StaffMember
) -> None:
    invitation.token_digest, invitation.code_digest = token_digest, code_digest
    invitation.expires_at = max(detailing.scheduled_at, tx.now) + INVITATION_LIFETIME
    invitation.revoked_at, invitation.used = None, False
    if invitation.guest_id is not None and tx.session.get_one(Participant, invitation.guest_id).state in TURNED_AWAY:
        invitation.guest_id = None
    # The chain keeps that an invitation was made, not for whom: it must hold when the person is forgotten.
    tx.audit("hcp_invited", invitation.id, by=by.id, detailing=detailing.id)
