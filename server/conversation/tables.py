"""Questions in the HCP's own words and what was replied to each; messages between HCPs and their rep."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables import Base, Id


class Question(Base):
    """One message of an HCP to the assistant. `guest_id` is the conversation; deck and slide are what was on screen then.

    `answered_orally_at`: when the rep said that they answered it by voice as well.
    """

    __tablename__ = "questions"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    guest_id: Mapped[str] = mapped_column(ForeignKey("guests.id"), index=True)
    detailing_id: Mapped[str | None] = mapped_column(Id)
    deck_id: Mapped[str | None] = mapped_column(Id)
    slide_number: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    country: Mapped[str] = mapped_column(String(2))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    answered_orally_at: Mapped[datetime | None]


class ReplyRow(Base):
    """What the assistant replied to one question: `citations` as they were sent, `evidence` for those who ask why.

    `useful` and `shortcoming`: how the HCP found it, if they said so.
    """

    __tablename__ = "replies"

    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(40))
    options: Mapped[list[Any]]
    citations: Mapped[list[Any]]
    products: Mapped[list[Any]]
    sections: Mapped[list[Any]]
    evidence: Mapped[dict[str, Any]]
    labels: Mapped[list[Any]]
    at: Mapped[datetime]
    useful: Mapped[bool | None]
    shortcoming: Mapped[str | None] = mapped_column(String(20))


class DirectMessage(Base):
    """Words between an HCP and the rep of their session. `guest_id`: the HCP, None for everyone in the room.

    `staff_id`: the rep when they wrote it. `delivered`: whether the rep was given an HCP's words, decided at `decided_at`.
    """

    __tablename__ = "direct_messages"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    detailing_id: Mapped[str] = mapped_column(Id, index=True)
    guest_id: Mapped[str | None] = mapped_column(ForeignKey("guests.id"), index=True)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(index=True)
    delivered: Mapped[bool | None]
    decided_at: Mapped[datetime | None]
