"""What becomes of words that are over a limit and may tell of an adverse event: kept and passed on, though not answered."""

from __future__ import annotations

from bot.model import Handover, Reading, Screening
from server.edge.commands.conversation import conclude
from server.edge.commands.direct import deliver
from server.edge.commands.handlers import Answer, obey
from server.edge.commands.screening import screen_message
from server.edge.tickets import Connected
from server.medical.messages import ReportAdverseEvent
from server.store import Transaction
from server.store.messages import Command


def obey_unread(tx: Transaction, who: Connected, command: Command, found: Screening) -> Answer:
    """Carry out a command whose words neither the assistant nor a rep will read: a person takes them over, with the report."""
    answer = obey(tx, who, command)
    unread = Handover(Reading(who.language), found, "unavailable")
    if question_id := answer.get("question_id"):
        conclude(tx, question_id, unread)
    elif message_id := answer.get("message_id"):
        deliver(tx, message_id, unread)
    return answer


def keep_report_in(tx: Transaction, who: Connected, report: ReportAdverseEvent) -> Answer:
    """Report what a message tells that is not carried out itself."""
    staff_id = None if who.staff is None else who.staff.id
    screen_message(tx, report.text, report_id=str(report.id), speaker=who.role, guest=who.guest, staff_id=staff_id)
    return {"ok": True}
