"""Every message of HCP, rep and MSL is screened."""

from __future__ import annotations

from server.conversation.screening import screen
from server.medical import actions as medical
from server.people.identity import Visitor
from server.store import Refusal, Transaction


def not_blank(text: str | None) -> None:
    """Raises `Refusal('empty')` for words that say nothing."""
    if text is not None and not text.strip():
        raise Refusal("empty")


def screen_message(
    tx: Transaction,
    text: str,
    *,
    report_id: str,
    speaker: str = "hcp",
    guest: Visitor | None = None,
    staff_id: str | None = None,
    inquiry_id: str | None = None,
) -> None:
    """Report the message to pharmacovigilance when it may tell of an adverse event."""
    found = screen(text, speaker=speaker)
    if found.is_report:
        medical.report_adverse_event(
            tx,
            text,
            report_id=report_id,
            how="screening",
            guest_id=None if guest is None else guest.id,
            staff_id=staff_id,
            detailing_id=None if guest is None else guest.detailing_id,
            inquiry_id=inquiry_id,
            labels=found.labels,
            criteria=found.criteria,
        )
