"""What may change on the medical side. Assignment is atomic: it is one change, and changes take turns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from content.gate import Viewer
from content.model import Audience
from server.library.reads import OnScreen, passage_to_show
from server.medical import access
from server.medical.messages import (
    AdverseEventReported,
    InquiryAccepted,
    InquiryAnswered,
    InquiryAssigned,
    InquiryClosed,
    InquiryOpened,
    InquiryProgressed,
    InquiryReleased,
    InquiryTaken,
)
from server.medical.reads import excerpt
from server.medical.tables import AdverseEventReport, MedicalInquiry
from server.people.identity import StaffMember, Visitor
from server.store import Refusal, Transaction

# What an HCP is promised: within the hour while the session runs, within a day otherwise.
PROMISE_LIVE = timedelta(hours=1)
PROMISE = timedelta(hours=24)
TEAM = "medical"


def open_inquiry(
    tx: Transaction,
    guest: Visitor,
    *,
    inquiry_id: str,
    text: str,
    reason: str,
    product: str | None,
    question_id: str | None,
    on_screen: OnScreen,
    live: bool,
) -> str:
    """Hand a question over to medical; returns the inquiry's id, that of the first one if this question was handed over before.

    The HCP gets a number and a promised time, the desk a line, the rep the news that a request exists.
    """
    if question_id is not None:
        known = tx.session.scalar(select(MedicalInquiry.id).where(MedicalInquiry.question_id == question_id))
        if known is not None:
            return known
    inquiry = MedicalInquiry(
        id=inquiry_id,
        number=_number(tx, "MI"),
        guest_id=guest.id,
        question_id=question_id,
        detailing_id=on_screen.detailing_id,
        deck_id=on_screen.deck_id,
        slide_number=on_screen.number,
        text=text,
        product=product,
        reason=reason,
        language=guest.language,
        country=guest.country,
        state="queued",
        opened_at=tx.now,
        due_at=tx.now + (PROMISE_LIVE if live else PROMISE),
        references=[],
    )
    tx.session.add(inquiry)
    tx.session.flush()
    tx.audit("inquiry_opened", inquiry.id, by="hcp", reason=reason)
    accepted = InquiryAccepted(inquiry_id=inquiry.id, number=inquiry.number, question_id=question_id, due_at=inquiry.due_at)
    tx.announce(guest.id, accepted)
    tx.announce(
        TEAM,
        InquiryOpened(
            inquiry_id=inquiry.id,
            number=inquiry.number,
            product=product,
            reason=reason,
            excerpt=excerpt(text),
            language=inquiry.language,
            due_at=inquiry.due_at,
        ),
    )
    _tell_rep(tx, inquiry)
    return inquiry.id


def assign_inquiry(tx: Transaction, inquiry_id: str, *, by: StaffMember) -> None:
    """Take an inquiry on. Raises `Refusal`: `not_found`, `already_assigned` with the name of who has it, `already_answered`."""
    inquiry = access.inquiry_to_read(tx.session, inquiry_id, by)
    if inquiry.state == "answered":
        raise Refusal("already_answered")
    # The condition is part of the update: of two at once, on any database, one row changes for one of them.
    taken = update(MedicalInquiry).where(MedicalInquiry.id == inquiry_id, MedicalInquiry.state == "queued")
    done = tx.session.execute(taken.values(state="assigned", msl_id=by.id, assigned_at=tx.now).returning(MedicalInquiry.id))
    tx.session.refresh(inquiry)
    if done.scalar() is None:
        if inquiry.msl_id == by.id:
            return
        raise Refusal("already_assigned", name=access.owner_name(tx.session, inquiry))
    tx.audit("inquiry_assigned", inquiry.id, by=by.id)
    tx.announce(TEAM, InquiryAssigned(inquiry_id=inquiry.id, msl_id=by.id, msl_name=by.name))
    tx.announce(inquiry.guest_id, InquiryTaken(inquiry_id=inquiry.id, number=inquiry.number, msl_name=by.name))
    _tell_rep(tx, inquiry)


def release_inquiry(tx: Transaction, inquiry_id: str, *, by: StaffMember) -> None:
    """Give an inquiry back to the queue; its clock goes on. Raises as `inquiry_to_answer`."""
    inquiry = access.inquiry_to_answer(tx.session, inquiry_id, by)
    inquiry.state, inquiry.msl_id, inquiry.assigned_at = "queued", None, None
    tx.audit("inquiry_released", inquiry.id, by=by.id)
    tx.announce(TEAM, InquiryReleased(inquiry_id=inquiry.id))
    _tell_rep(tx, inquiry)


def answer_inquiry(tx: Transaction, inquiry_id: str, text: str, passage_ids: list[str], *, by: StaffMember) -> None:
    """Answer the asker, and nobody else. References are approved passages that this HCP may see.

    Raises `Refusal`: `not_found` (also for such a passage), `already_answered`, `not_assigned_to_you`, `empty`.
    """
    inquiry = access.inquiry_to_answer(tx.session, inquiry_id, by)
    if not text.strip():
        raise Refusal("empty")
    references = [_reference(tx, inquiry, passage_id) for passage_id in passage_ids]
    inquiry.state, inquiry.answer, inquiry.references, inquiry.answered_at = "answered", text.strip(), references, tx.now
    tx.audit("inquiry_answered", inquiry.id, by=by.id)
    tx.announce(
        inquiry.guest_id,
        InquiryAnswered(
            inquiry_id=inquiry.id, number=inquiry.number, msl_name=by.name, text=inquiry.answer, references=references
        ),
    )
    tx.announce(TEAM, InquiryClosed(inquiry_id=inquiry.id))
    _tell_rep(tx, inquiry)


def report_adverse_event(
    tx: Transaction,
    text: str,
    *,
    report_id: str,
    how: str,
    guest_id: str | None = None,
    staff_id: str | None = None,
    detailing_id: str | None = None,
    question_id: str | None = None,
    inquiry_id: str | None = None,
    labels: tuple[str, ...] = (),
    criteria: dict[str, bool] | None = None,
) -> str:
    """Keep a suspected adverse event; returns its number, that of the first report if this message made one before.

    `how`: `button` for a person's own report, `screening` for what was found in a message. Day zero is now.
    """
    if question_id is not None:
        known = tx.session.scalar(select(AdverseEventReport.number).where(AdverseEventReport.question_id == question_id))
        if known is not None:
            return known
    report = AdverseEventReport(
        id=report_id,
        number=_number(tx, "AE"),
        guest_id=guest_id,
        staff_id=staff_id,
        detailing_id=detailing_id,
        question_id=question_id,
        inquiry_id=inquiry_id,
        text=text,
        how=how,
        labels=list(labels),
        criteria=_known(criteria),
        received_at=tx.now,
    )
    tx.session.add(report)
    tx.session.flush()
    tx.audit("adverse_event_reported", report.id, by=staff_id or "hcp", how=how)
    if guest_id is not None:
        tx.announce(guest_id, AdverseEventReported(report_id=report.id, number=report.number))
    return report.number


def _known(criteria: dict[str, bool] | None) -> dict[str, Any]:
    return dict(criteria or {})


def _reference(tx: Transaction, inquiry: MedicalInquiry, passage_id: str) -> str:
    opened = passage_to_show(tx.session, passage_id, Viewer(Audience.HCP, inquiry.country), tx.now)
    if opened is None:
        raise Refusal("not_found")
    return " – ".join([opened.title, *opened.path])


def _tell_rep(tx: Transaction, inquiry: MedicalInquiry) -> None:
    if inquiry.detailing_id is not None:
        tx.announce(inquiry.detailing_id, InquiryProgressed.model_validate({"number": inquiry.number, "state": inquiry.state}))


def _number(tx: Transaction, prefix: str) -> str:
    return f"{prefix}-{tx.now.year}-{tx.next_number(f'number:{prefix}:{tx.now.year}'):05d}"
