"""Commands of the conversation, and what follows from a reply."""

from __future__ import annotations

from bot.model import Handover, Reply
from server.conversation import actions as conversation
from server.conversation import reads as questions
from server.conversation.messages import AskQuestion, JudgeReply, MarkAnsweredOrally
from server.conversation.tables import Question
from server.detailing import access
from server.detailing import reads as rooms
from server.edge.commands.handlers import Answer, handles, session_of
from server.edge.commands.screening import not_blank, screen_message
from server.edge.tickets import Connected
from server.library.reads import OnScreen
from server.medical import actions as medical
from server.medical.messages import RequestPerson
from server.people.identity import Visitor
from server.people.reads import guest as guest_with
from server.store import Refusal, Transaction, new_id


@handles(AskQuestion)
def on_ask_question(tx: Transaction, who: Connected, command: AskQuestion) -> Answer:
    guest = _heard(tx, who)
    conversation.ask_question(
        tx, guest, command.text, command.language, question_id=str(command.id), on_screen=rooms.slide_on_screen(tx.session, guest)
    )
    return {"question_id": str(command.id)}


@handles(MarkAnsweredOrally)
def on_mark_answered_orally(tx: Transaction, who: Connected, command: MarkAnsweredOrally) -> None:
    detailing = access.detailing_to_present(tx.session, session_of(who), who.as_staff())
    conversation.mark_answered_orally(tx, command.question_id, detailing_id=detailing.id)


@handles(JudgeReply)
def on_judge_reply(tx: Transaction, who: Connected, command: JudgeReply) -> None:
    conversation.judge_reply(tx, who.as_guest(), command.question_id, useful=command.useful, reason=command.reason)


@handles(RequestPerson)
def on_request_person(tx: Transaction, who: Connected, command: RequestPerson) -> Answer:
    """About the question named, else about the words given, else about the last question; a bare wish to talk counts too."""
    guest = _heard(tx, who)
    if rooms.is_rehearsed(tx.session, guest.detailing_id):
        raise Refusal("rehearsal")
    not_blank(command.text)
    about = questions.question(tx.session, command.question_id) if command.question_id else None
    if command.question_id and (about is None or about.guest_id != guest.id):
        raise Refusal("not_found")
    if command.text:
        screen_message(tx, command.text, report_id=new_id(), guest=guest)
    elif about is None:
        about = questions.last_question(tx.session, guest.id)
    reply = None if about is None else questions.reply(tx.session, about.id)
    return {
        "inquiry_id": medical.open_inquiry(
            tx,
            guest,
            inquiry_id=str(command.id),
            text=command.text or (about.text if about is not None else ""),
            reason=reply.reason if reply is not None else "human_requested",
            product=reply.products[0] if reply is not None and reply.products else None,
            question_id=None if about is None else about.id,
            on_screen=rooms.slide_on_screen(tx.session, guest) if about is None else _screen_then(about),
            live=_is_live(tx, guest),
        )
    }


def conclude(tx: Transaction, question_id: str, reply: Reply) -> None:
    """Keep the assistant's reply together with what follows from it: a report, or a request for a person.

    Nothing follows in a rehearsal. What reads like a report is most often made up there, and would stand as a case among real
    ones; its author is at hand, trained, and asked at once, and a case that they report themselves is always taken.
    """
    asked = questions.question(tx.session, question_id)
    guest_row = None if asked is None else guest_with(tx.session, asked.guest_id)
    if asked is None or guest_row is None or questions.reply(tx.session, question_id) is not None:
        return
    guest = Visitor(guest_row.id, guest_row.detailing_id, guest_row.hcp_id, guest_row.country, guest_row.language)
    rehearsed = rooms.is_rehearsed(tx.session, asked.detailing_id)
    conversation.record_reply(tx, question_id, reply, rehearsed=rehearsed)
    if rehearsed:
        return
    if reply.safety.is_report:
        medical.report_adverse_event(
            tx,
            asked.text,
            report_id=new_id(),
            how="screening",
            guest_id=guest.id,
            detailing_id=asked.detailing_id,
            question_id=question_id,
            labels=reply.safety.labels,
            criteria=reply.safety.criteria,
        )
    if isinstance(reply, Handover) and reply.reason == "human_requested":
        medical.open_inquiry(
            tx,
            guest,
            inquiry_id=new_id(),
            text=asked.text,
            reason=reply.reason,
            product=reply.reading.products[0] if reply.reading.products else None,
            question_id=question_id,
            on_screen=_screen_then(asked),
            live=_is_live(tx, guest),
        )


def _heard(tx: Transaction, who: Connected) -> Visitor:
    """The guest, when they may speak: on the lab's site always, in a session once they were let in."""
    guest = who.as_guest()
    if guest.detailing_id is not None:
        access.place_once_admitted(tx.session, guest)
    return guest


def _screen_then(asked: Question) -> OnScreen:
    return OnScreen(asked.detailing_id, asked.deck_id, asked.slide_number)


def _is_live(tx: Transaction, guest: Visitor) -> bool:
    found = None if guest.detailing_id is None else rooms.detailing(tx.session, guest.detailing_id)
    return found is not None and found.state == "live"
