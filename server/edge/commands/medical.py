"""Commands of the desk, and reports of whoever sends one."""

from __future__ import annotations

from server.conversation.screening import screen
from server.edge.commands.handlers import Answer, handles
from server.edge.commands.screening import not_blank, screen_message
from server.edge.tickets import Connected
from server.medical import actions as medical
from server.medical.messages import AnswerInquiry, AssignInquiry, ReleaseInquiry, ReportAdverseEvent
from server.store import Transaction, new_id


@handles(ReportAdverseEvent)
def on_report_adverse_event(tx: Transaction, who: Connected, command: ReportAdverseEvent) -> Answer:
    """A report is never refused for who sends it or where they stand: it is kept first."""
    not_blank(command.text)
    found = screen(command.text, speaker=who.role)
    number = medical.report_adverse_event(
        tx,
        command.text,
        report_id=str(command.id),
        how="button",
        guest_id=None if who.guest is None else who.guest.id,
        staff_id=None if who.staff is None else who.staff.id,
        detailing_id=who.detailing_id if who.guest is None else who.guest.detailing_id,
        labels=found.labels,
        criteria=found.criteria,
    )
    return {"number": number}


@handles(AssignInquiry)
def on_assign_inquiry(tx: Transaction, who: Connected, command: AssignInquiry) -> None:
    medical.assign_inquiry(tx, command.inquiry_id, by=who.as_staff())


@handles(ReleaseInquiry)
def on_release_inquiry(tx: Transaction, who: Connected, command: ReleaseInquiry) -> None:
    medical.release_inquiry(tx, command.inquiry_id, by=who.as_staff())


@handles(AnswerInquiry)
def on_answer_inquiry(tx: Transaction, who: Connected, command: AnswerInquiry) -> None:
    medical.answer_inquiry(tx, command.inquiry_id, command.text, command.passage_ids, by=who.as_staff())
    screen_message(tx, command.text, report_id=new_id(), speaker="msl", staff_id=who.as_staff().id, inquiry_id=command.inquiry_id)
