"""HCPs, staff, guests and consents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables import Base, Id


class Hcp(Base):
    """The golden record of one healthcare professional: professional and factual data only (FR-13), with its source."""

    __tablename__ = "hcps"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    rpps: Mapped[str | None] = mapped_column(String(11), unique=True)
    title: Mapped[str] = mapped_column(String(20), default="")
    given_name: Mapped[str] = mapped_column(String(80))
    family_name: Mapped[str] = mapped_column(String(80))
    profession: Mapped[str] = mapped_column(String(40))
    specialty: Mapped[str | None] = mapped_column(String(80))
    city: Mapped[str | None] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(2))
    email: Mapped[str | None] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(200))
    source_date: Mapped[date] = mapped_column(Date)

    @property
    def name(self) -> str:
        """As people are addressed: title, given name, family name."""
        return " ".join(part for part in (self.title, self.given_name, self.family_name) if part)


class Consent(Base):
    """One decision of an HCP on one purpose. Decisions are only ever added: a withdrawal is a new row."""

    __tablename__ = "consents"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    hcp_id: Mapped[str] = mapped_column(ForeignKey("hcps.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    given: Mapped[bool]
    at: Mapped[datetime]
    wording_version: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    how: Mapped[str] = mapped_column(String(40))


class Guest(Base):
    """The person at the other end of an HCP page, in one session or on the lab's site.

    `hcp_id` is there only while that person consents to tracking: without it nothing leads from the guest to anybody.
    A guest's conversation has the guest's id.
    """

    __tablename__ = "guests"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    detailing_id: Mapped[str | None] = mapped_column(Id, index=True)
    hcp_id: Mapped[str | None] = mapped_column(ForeignKey("hcps.id"), index=True)
    profession: Mapped[str | None] = mapped_column(String(40))
    country: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(2))
    came_at: Mapped[datetime]


class GuestPass(Base):
    """A bearer token of a guest, stored hashed."""

    __tablename__ = "guest_passes"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    guest_id: Mapped[str] = mapped_column(ForeignKey("guests.id"), index=True)
    expires_at: Mapped[datetime]


class Staff(Base):
    """A local account of somebody who works with Relais. `roles`: of rep, msl, content, admin.

    `products`: what a rep presents, by the names of the decks' products; none named: all of them.
    """

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    roles: Mapped[list[Any]]
    products: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    language: Mapped[str] = mapped_column(String(2))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)


class StaffSession(Base):
    """A signed-in browser of a staff member, its token stored hashed."""

    __tablename__ = "staff_sessions"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class SocketTicket(Base):
    """What opens one socket, once and soon: its digest, the credential behind it, and for what it was asked."""

    __tablename__ = "socket_tickets"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)
    session_digest: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(2))
    detailing_id: Mapped[str | None] = mapped_column(Id)
