"""What may be asked about people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from server.people.identity import StaffMember, Visitor
from server.people.tables import Consent, Guest, GuestPass, Hcp, Staff, StaffSession

STAFF_IDLE = timedelta(minutes=30)
STAFF_ABSOLUTE = timedelta(hours=12)


def staff_to_sign_in(session: Session, email: str) -> Staff | None:
    """The active account with this address."""
    return session.scalar(select(Staff).where(Staff.email == email.strip().lower(), Staff.active))


def all_staff(session: Session) -> Sequence[Staff]:
    """Every account, by name."""
    return session.scalars(select(Staff).order_by(Staff.name)).all()


def staff_who_act_as(session: Session, role: str) -> list[Staff]:
    """The active accounts with this role, by name."""
    return [somebody for somebody in all_staff(session) if somebody.active and role in somebody.roles]


def signed_in(session: Session, digest: str, now: datetime) -> tuple[StaffMember, datetime] | None:
    """Who is signed in with this session token, and when they were last seen.

    A session ends after 30 minutes without use, and after 12 hours at the latest.
    """
    found = session.execute(
        select(Staff, StaffSession.seen_at)
        .join(StaffSession, StaffSession.staff_id == Staff.id)
        .where(StaffSession.digest == digest, _goes_on(now))
    ).one_or_none()
    return None if found is None else (_member(found[0]), found[1])


def signed_in_roles(session: Session, digests: Iterable[str], now: datetime) -> dict[str, frozenset[str]]:
    """The roles of whoever is signed in with these session tokens; a token that is not there opens nothing any more."""
    rows = session.execute(
        select(StaffSession.digest, Staff.roles)
        .join(StaffSession, StaffSession.staff_id == Staff.id)
        .where(StaffSession.digest.in_(digests), _goes_on(now))
    )
    return {digest: frozenset(roles) for digest, roles in rows}


def _goes_on(now: datetime) -> ColumnElement[bool]:
    return and_(StaffSession.seen_at > now - STAFF_IDLE, StaffSession.started_at > now - STAFF_ABSOLUTE, Staff.active)


def staff_member(session: Session, staff_id: str) -> StaffMember | None:
    """The active member of staff with this id."""
    account = session.get(Staff, staff_id)
    return None if account is None or not account.active else _member(account)


def _member(account: Staff) -> StaffMember:
    return StaffMember(
        account.id, account.name, account.email, frozenset(account.roles), account.language, frozenset(account.products)
    )


def guest_with(session: Session, digest: str, now: datetime) -> Visitor | None:
    """The guest whose pass has this digest, while it is valid."""
    guest = session.scalar(
        select(Guest)
        .join(GuestPass, GuestPass.guest_id == Guest.id)
        .where(GuestPass.digest == digest, GuestPass.expires_at > now)
    )
    return None if guest is None else Visitor(guest.id, guest.detailing_id, guest.hcp_id, guest.country, guest.language)


def guests_of(session: Session, digests: Iterable[str], now: datetime) -> dict[str, str]:
    """The ids of the guests behind these passes; one that is not there opens nothing any more."""
    rows = session.execute(
        select(GuestPass.digest, GuestPass.guest_id).where(GuestPass.digest.in_(digests), GuestPass.expires_at > now)
    )
    return {digest: guest_id for digest, guest_id in rows}  # noqa: C416  rows are no pairs to the type checker


def guest(session: Session, guest_id: str) -> Guest | None:
    """One guest."""
    return session.get(Guest, guest_id)


def hcp_of_guest(session: Session, guest_id: str) -> Hcp | None:
    """The HCP behind a guest, when they consented to being known."""
    return session.scalar(select(Hcp).join(Guest, Guest.hcp_id == Hcp.id).where(Guest.id == guest_id))


def hcp(session: Session, hcp_id: str) -> Hcp | None:
    """One HCP."""
    return session.get(Hcp, hcp_id)


def find_hcps(session: Session, query: str = "", limit: int = 100) -> Sequence[Hcp]:
    """HCPs whose name, city, specialty or RPPS holds every word of the query, by family name."""
    found = select(Hcp).order_by(Hcp.family_name, Hcp.given_name).limit(limit)
    for word in query.split():
        like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        columns = (Hcp.family_name, Hcp.given_name, Hcp.city, Hcp.specialty, Hcp.rpps)
        found = found.where(or_(*(column.ilike(like, escape="\\") for column in columns)))
    return session.scalars(found).all()


def consents(session: Session, hcp_id: str) -> Sequence[Consent]:
    """Every decision of an HCP, oldest first."""
    return session.scalars(select(Consent).where(Consent.hcp_id == hcp_id).order_by(Consent.at, Consent.id)).all()


def consents_now(session: Session, hcp_id: str, at: datetime | None = None) -> dict[str, bool]:
    """What the HCP consents to, by purpose, at `at` (UTC; default: now). A purpose that is not there was never consented to."""
    decisions = (c for c in consents(session, hcp_id) if at is None or c.at <= at)
    return {c.purpose: c.given for c in decisions}
