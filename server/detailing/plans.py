"""A rep's session as it is listed, and who is invited to it; and what an invitation tells whom it was sent to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.detailing import access
from server.detailing.tables import Detailing, Invitation
from server.library.tables import EditionRow
from server.people.identity import StaffMember
from server.people.tables import Hcp, Staff


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as the rep may know it. `hcp_name`: None for someone who chose not to be known."""

    id: str
    hcp_name: str | None
    expires_at: datetime
    revoked_at: datetime | None
    used: bool
    sequence: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One line of the rep's list."""

    id: str
    scheduled_at: datetime
    state: str
    deck_title: str
    planned_minutes: int | None
    language: str
    deck_id: str
    rehearsal: bool
    invitations: list[Invited]

    @property
    def hcps(self) -> list[str | None]:
        """Who is invited still: names, None for someone who chose not to be known."""
        return [invited.hcp_name for invited in self.invitations if invited.revoked_at is None]


@dataclass(frozen=True, slots=True)
class Welcome:
    """What somebody with an invitation sees before they come in. `used`: somebody did already, so nothing personal is shown."""

    invitee: Hcp | None
    rep_name: str
    deck_title: str
    scheduled_at: datetime
    language: str
    ended: bool
    locked: bool
    used: bool
    rehearsal: bool


def rehearsal(session: Session, rep_id: str) -> Plan | None:
    """The rehearsal that this rep has open, if any."""
    row = session.execute(
        select(Detailing, EditionRow.title)
        .join(EditionRow, EditionRow.id == Detailing.deck_id)
        .where(Detailing.rep_id == rep_id, Detailing.rehearsal, Detailing.state != "ended")
    ).first()
    return None if row is None else plan_of(session, row[0], row[1])


def plan(session: Session, detailing_id: str, by: StaffMember) -> Plan:
    """One session of the rep as in their list. Raises `Refusal('not_found')`."""
    found = access.detailing_to_present(session, detailing_id, by)
    return plan_of(session, found, session.get_one(EditionRow, found.deck_id).title)


def plan_of(session: Session, found: Detailing, title: str) -> Plan:
    """A session with a deck of this title, as it is listed."""
    return Plan(
        found.id,
        found.scheduled_at,
        found.state,
        title,
        found.planned_minutes,
        found.language,
        found.deck_id,
        found.rehearsal,
        _invited(session, found.id),
    )


def _invited(session: Session, detailing_id: str) -> list[Invited]:
    rows = session.execute(
        select(Invitation, Hcp)
        .outerjoin(Hcp, Hcp.id == Invitation.hcp_id)
        .where(Invitation.detailing_id == detailing_id)
        .order_by(Invitation.id)
    )
    return [
        Invited(one.id, None if hcp is None else hcp.name, one.expires_at, one.revoked_at, one.used, one.sequence)
        for one, hcp in rows
    ]


def welcome(session: Session, invitation: Invitation) -> Welcome:
    """Who presents what to whom, and when."""
    found = session.get_one(Detailing, invitation.detailing_id)
    deck = session.get_one(EditionRow, found.deck_id)
    invitee = None if invitation.hcp_id is None else session.get(Hcp, invitation.hcp_id)
    return Welcome(
        invitee=invitee,
        rep_name=session.get_one(Staff, found.rep_id).name,
        deck_title=deck.title,
        scheduled_at=found.scheduled_at,
        language=found.language,
        ended=found.state == "ended",
        locked=found.locked,
        used=invitation.used,
        rehearsal=found.rehearsal,
    )
