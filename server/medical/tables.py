"""Medical inquiries and adverse event reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables import Base, Id


class MedicalInquiry(Base):
    """A question that a person must answer. `state`: queued, assigned or answered. `text`: the HCP's own words."""

    __tablename__ = "medical_inquiries"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    guest_id: Mapped[str] = mapped_column(ForeignKey("guests.id"), index=True)
    question_id: Mapped[str | None] = mapped_column(Id, index=True)
    detailing_id: Mapped[str | None] = mapped_column(Id, index=True)
    deck_id: Mapped[str | None] = mapped_column(Id)
    slide_number: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    product: Mapped[str | None] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    country: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(10), index=True)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    msl_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    assigned_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)
    references: Mapped[list[Any]] = mapped_column("reference_list")
    answered_at: Mapped[datetime | None]


class AdverseEventReport(Base):
    """A suspected adverse event in the reporter's words, kept however incomplete. `received_at` is day zero (GVP VI.B.7)."""

    __tablename__ = "adverse_event_reports"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    guest_id: Mapped[str | None] = mapped_column(ForeignKey("guests.id"), index=True)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    detailing_id: Mapped[str | None] = mapped_column(Id)
    question_id: Mapped[str | None] = mapped_column(Id, unique=True)
    inquiry_id: Mapped[str | None] = mapped_column(Id)
    text: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(String(20))
    labels: Mapped[list[Any]]
    criteria: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
