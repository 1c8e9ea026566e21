"""What may be asked about inquiries and reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.medical.tables import AdverseEventReport, MedicalInquiry
from server.people.tables import Staff
from server.store.messages import Wire

EXCERPT = 120


class InquiryLine(Wire):
    """One line of the desk's queue."""

    inquiry_id: str
    number: str
    product: str | None
    reason: str
    excerpt: str
    language: str
    opened_at: datetime
    due_at: datetime
    state: str
    msl_id: str | None
    msl_name: str | None


class RequestForRep(Wire):
    """That a request exists and where it stands: all that sales may know of it."""

    number: str
    state: str


def excerpt(text: str) -> str:
    """The first words of a question, for a list."""
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1].rstrip() + "…"


def open_inquiries(session: Session) -> list[InquiryLine]:
    """Everything that is not answered yet, the most urgent first."""
    rows = session.execute(
        select(MedicalInquiry, Staff.name)
        .outerjoin(Staff, Staff.id == MedicalInquiry.msl_id)
        .where(MedicalInquiry.state != "answered")
        .order_by(MedicalInquiry.due_at, MedicalInquiry.number)
    )
    return [
        InquiryLine(
            inquiry_id=i.id,
            number=i.number,
            product=i.product,
            reason=i.reason,
            excerpt=excerpt(i.text),
            language=i.language,
            opened_at=i.opened_at,
            due_at=i.due_at,
            state=i.state,
            msl_id=i.msl_id,
            msl_name=name,
        )
        for i, name in rows
    ]


def for_rep(session: Session, detailing_id: str) -> list[RequestForRep]:
    """The requests of a session, as its presenter may know them."""
    rows = session.execute(
        select(MedicalInquiry.number, MedicalInquiry.state)
        .where(MedicalInquiry.detailing_id == detailing_id)
        .order_by(MedicalInquiry.number)
    )
    return [RequestForRep(number=number, state=state) for number, state in rows]


def inquiries_of(session: Session, guest_ids: Sequence[str]) -> Sequence[tuple[MedicalInquiry, str | None]]:
    """The inquiries of these guests with the name of who has them, oldest first."""
    rows = session.execute(
        select(MedicalInquiry, Staff.name)
        .outerjoin(Staff, Staff.id == MedicalInquiry.msl_id)
        .where(MedicalInquiry.guest_id.in_(guest_ids))
        .order_by(MedicalInquiry.opened_at)
    )
    return [(inquiry, name) for inquiry, name in rows]


def reports_of(session: Session, guest_ids: Sequence[str]) -> Sequence[AdverseEventReport]:
    """The adverse event reports that these guests made, oldest first."""
    return session.scalars(
        select(AdverseEventReport).where(AdverseEventReport.guest_id.in_(guest_ids)).order_by(AdverseEventReport.received_at)
    ).all()
