"""Sessions, invitations, participants, and the slides they were shown and viewed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables import Base, Id


class Detailing(Base):
    """One remote-detailing session. `state`: planned, live or ended; `number`: the slide on screen once it is live."""

    __tablename__ = "detailings"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    rep_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    deck_id: Mapped[str] = mapped_column(ForeignKey("editions.id"), index=True)
    country: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(2))
    scheduled_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    number: Mapped[int | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Invitation(Base):
    """A personal way into one session. Link and code are stored hashed.

    `hcp_id` is erased when the HCP refuses to be tracked; `guest_id` is whoever came in by it, after confirming who they are.
    """

    __tablename__ = "invitations"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    detailing_id: Mapped[str] = mapped_column(ForeignKey("detailings.id"), index=True)
    hcp_id: Mapped[str | None] = mapped_column(ForeignKey("hcps.id"), index=True)
    guest_id: Mapped[str | None] = mapped_column(ForeignKey("guests.id"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]


class Participant(Base):
    """A guest of a session. `state`: waiting, admitted, refused or left."""

    __tablename__ = "participants"

    id: Mapped[str] = mapped_column(ForeignKey("guests.id"), primary_key=True)
    detailing_id: Mapped[str] = mapped_column(ForeignKey("detailings.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    arrived_at: Mapped[datetime]
    admitted_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]


class ShownSlide(Base):
    """The rep showed a slide; `seq` is the number of the fact in the room's stream."""

    __tablename__ = "shown_slides"

    detailing_id: Mapped[str] = mapped_column(ForeignKey("detailings.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    at: Mapped[datetime]


class ViewedSlide(Base):
    """A participant had a slide before their eyes for so long."""

    __tablename__ = "viewed_slides"
    __table_args__ = (Index(None, "detailing_id", "participant_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    detailing_id: Mapped[str] = mapped_column(ForeignKey("detailings.id"))
    participant_id: Mapped[str] = mapped_column(ForeignKey("participants.id"))
    number: Mapped[int]
    milliseconds: Mapped[int]
    at: Mapped[datetime]
