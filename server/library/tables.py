"""Documents, their editions, passages and slides, and how each edition stands."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content.gate import Standing
from server.store.tables import Base, Id


class DocumentRow(Base):
    """One label, leaflet, brochure or deck through all its editions."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("kind", "product", "country", "language", "holder"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    product: Mapped[str] = mapped_column(String(300))
    country: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(2))
    holder: Mapped[str] = mapped_column(String(300))


class EditionRow(Base):
    """One version of a document. Its words never change after the import; only its standing does."""

    __tablename__ = "editions"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(500))
    product: Mapped[str] = mapped_column(String(300))
    substances: Mapped[list[Any]]
    names: Mapped[list[Any]]
    country: Mapped[str | None] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(2))
    audience: Mapped[str] = mapped_column(String(10))
    holder: Mapped[str | None] = mapped_column(String(300))
    version: Mapped[str | None] = mapped_column(String(80))
    dated: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str | None] = mapped_column(Text)
    licence: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text, deferred=True)
    imported_by: Mapped[str] = mapped_column(String(80))
    imported_at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(String(80))
    approved_at: Mapped[datetime | None]
    approved_digest: Mapped[str | None] = mapped_column(String(64))
    approved_country: Mapped[str | None] = mapped_column(String(2))
    approved_audience: Mapped[str | None] = mapped_column(String(10))
    approval_note: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(80))
    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str | None] = mapped_column(Text)

    passages: Mapped[list[PassageRow]] = relationship(order_by="PassageRow.position", cascade="all, delete-orphan")
    slides: Mapped[list[SlideRow]] = relationship(order_by="SlideRow.number", cascade="all, delete-orphan")
    polls: Mapped[list[PollRow]] = relationship(order_by="PollRow.number", cascade="all, delete-orphan")

    @property
    def standing(self) -> Standing:
        """What the gate needs to know."""
        return Standing(
            digest=self.digest,
            approved_digest=self.approved_digest,
            country=self.approved_country,
            audience=self.approved_audience,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            withdrawn_at=self.withdrawn_at,
        )

    @property
    def state(self) -> str:
        """`imported`, `approved` or `withdrawn`: what people did with it, whatever the date."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "imported" if self.approved_digest is None else "approved"


class PassageRow(Base):
    """One passage: a span of its edition's text."""

    __tablename__ = "passages"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    edition_id: Mapped[str] = mapped_column(ForeignKey("editions.id"), index=True)
    position: Mapped[int]
    section: Mapped[str] = mapped_column(String(120))
    path: Mapped[list[Any]]
    start: Mapped[int]
    end: Mapped[int]
    page: Mapped[int | None]
    table: Mapped[bool] = mapped_column("is_table")


class SlideRow(Base):
    """One slide of a deck; its pixels lie in the media folder under the edition's id."""

    __tablename__ = "slides"

    edition_id: Mapped[str] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    alt: Mapped[str] = mapped_column(Text)
    notes: Mapped[str] = mapped_column(Text)
    key_message: Mapped[str] = mapped_column(Text)
    topics: Mapped[list[Any]]
    mandatory: Mapped[bool]
    references: Mapped[list[Any]] = mapped_column("reference_list")


class PollRow(Base):
    """A question that a deck brings with it for its audience, numbered from 1, with its answers in order."""

    __tablename__ = "polls"

    edition_id: Mapped[str] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question: Mapped[str] = mapped_column(Text)
    options: Mapped[list[Any]]
