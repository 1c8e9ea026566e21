"""After the end: the rep's call report, corrected and signed; what HCPs thought of the session."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.detailing import access
from server.detailing.messages.closing import DetailingRated
from server.detailing.tables import A_CONTACT, CallReportAmendment, CallReportRow, Detailing
from server.people.identity import StaffMember, Visitor
from server.people.reads import consents_now, hcp_of_guest
from server.store import Refusal, Transaction, new_id

EMAIL = "email"
# Why an HCP may not be written to by e-mail, or that they may.
Mail = Literal["possible", "untracked", "no_consent", "no_address"]


def report_to_write(session: Session, detailing_id: str, by: StaffMember) -> Detailing:
    """The rep's own contact, once it is over. Raises `Refusal`: `not_found`, `rehearsal`, `not_ended`."""
    detailing = access.contact_to_present(session, detailing_id, by)
    if detailing.state != "ended":
        raise Refusal("not_ended")
    return detailing


def keep_report(
    tx: Transaction,
    detailing_id: str,
    *,
    by: StaffMember,
    note: str,
    absent: list[str],
    mail_for: list[str],
    next_contact: date | None,
) -> bool:
    """Keep what the rep corrects and adds while the report is not signed; returns whether the note is another one than before.

    `absent`: participants who were not there in truth; `mail_for`: those to whom the documents are to go by e-mail.
    Raises `Refusal`: `not_found`, `rehearsal`, `not_ended`, `report_signed`, `no_email_consent`.
    """
    detailing = report_to_write(tx.session, detailing_id, by)
    report = tx.session.get(CallReportRow, detailing.id)
    if report is None:
        report = CallReportRow(detailing_id=detailing.id, note="", absent=[], mail_for=[])
        tx.session.add(report)
    if report.signed_at is not None:
        raise Refusal("report_signed")
    for participant_id in [*absent, *mail_for]:
        access.participant_to_decide_on(tx.session, detailing, participant_id)
    if any(mail_to(tx.session, participant_id) != "possible" for participant_id in mail_for):
        raise Refusal("no_email_consent")
    another = note != report.note
    report.note, report.absent, report.mail_for, report.next_contact = note, absent, mail_for, next_contact
    tx.session.flush()
    return another


def mail_to(session: Session, participant_id: str) -> Mail:
    """Whether this participant may be written to by e-mail. Only a consent that was given and not withdrawn says yes."""
    hcp = hcp_of_guest(session, participant_id)
    if hcp is None:
        return "untracked"
    if not consents_now(session, hcp.id).get(EMAIL, False):
        return "no_consent"
    return "possible" if hcp.email else "no_address"


def sign_report(tx: Transaction, detailing_id: str, facts: dict[str, Any], *, by: StaffMember) -> None:
    """The report as it was kept, with the `facts` on record, stands from now on. Raises as `keep_report`."""
    report = tx.session.get(CallReportRow, report_to_write(tx.session, detailing_id, by).id)
    if report is None:
        raise Refusal("not_found")
    if report.signed_at is not None:
        raise Refusal("report_signed")
    report.facts, report.signed_at, report.signed_by = facts, tx.now, by.id
    tx.audit("call_report_signed", detailing_id, by=by.id)


def amend_report(tx: Transaction, detailing_id: str, text: str, reason: str, *, by: StaffMember) -> None:
    """Add to a signed report, which itself stays as it was. Raises `Refusal`: `not_found`, `not_ended`, `not_signed`, `empty`."""
    report = tx.session.get(CallReportRow, report_to_write(tx.session, detailing_id, by).id)
    if report is None or report.signed_at is None:
        raise Refusal("not_signed")
    if not text.strip() or not reason.strip():
        raise Refusal("empty")
    amendment = CallReportAmendment(
        id=new_id(), detailing_id=detailing_id, by=by.id, at=tx.now, text=text.strip(), reason=reason.strip()
    )
    tx.session.add(amendment)
    tx.audit("call_report_amended", detailing_id, by=by.id, amendment=amendment.id)


def amendments(session: Session, detailing_id: str) -> list[CallReportAmendment]:
    """What was added to a signed report, oldest first."""
    added = select(CallReportAmendment).where(CallReportAmendment.detailing_id == detailing_id)
    return list(session.scalars(added.order_by(CallReportAmendment.at, CallReportAmendment.id)))


def unsigned(session: Session, rep_id: str) -> set[str]:
    """The rep's contacts that are over and whose report is not signed."""
    signed = select(CallReportRow.detailing_id).where(CallReportRow.signed_at.is_not(None))
    over = select(Detailing.id).where(Detailing.rep_id == rep_id, Detailing.state == "ended", A_CONTACT)
    return set(session.scalars(over.where(Detailing.id.not_in(signed))))


def rate_detailing(tx: Transaction, guest: Visitor, stars: int | None) -> None:
    """Keep how an HCP found the session, or take that back. Raises `Refusal`: `not_found`, `not_admitted`, `not_ended`."""
    detailing, participant = access.place_once_admitted(tx.session, guest)
    if detailing.state != "ended":
        raise Refusal("not_ended")
    if participant.rating != stars:
        participant.rating = stars
        tx.announce(guest.id, DetailingRated(stars=stars))
