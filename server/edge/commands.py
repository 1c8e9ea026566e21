"""What each command does: one synchronous action over one transaction. Where rooms must act together, they do so here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from bot.model import Handover, Reply
from server.conversation import actions as conversation
from server.conversation import reads as questions
from server.conversation.messages import AskQuestion
from server.conversation.screening import screen
from server.conversation.tables import Question
from server.detailing import access
from server.detailing import actions as detailing
from server.detailing import reads as rooms
from server.detailing.messages import AdmitHcp, EndDetailing, RefuseHcp, ShowSlide, StartDetailing, ViewSlide
from server.edge.tickets import Connected
from server.library.reads import OnScreen
from server.medical import actions as medical
from server.medical.messages import AnswerInquiry, AssignInquiry, ReleaseInquiry, ReportAdverseEvent, RequestPerson
from server.people.identity import Visitor
from server.people.reads import guest as guest_with
from server.store import Refusal, Transaction, new_id
from server.store.messages import Command

C = TypeVar("C", bound=Command)
Answer = dict[str, Any]
Handler = Callable[[Transaction, Connected, Any], Answer | None]
HANDLERS: dict[type[Command], Handler] = {}


def handles(command: type[C]) -> Callable[[Callable[[Transaction, Connected, C], Answer | None]], Handler]:
    """Register the one function that carries out a command; what it returns is added to the acknowledgement."""

    def register(function: Callable[[Transaction, Connected, C], Answer | None]) -> Handler:
        assert command not in HANDLERS, f"{command.__name__} has two handlers"
        HANDLERS[command] = function
        return function

    return register


def obey(tx: Transaction, who: Connected, command: Command) -> Answer:
    """Carry out a command; the answer is what the client gets as acknowledgement."""
    return {"ok": True, **(HANDLERS[type(command)](tx, who, command) or {})}


def _session_of(who: Connected) -> str:
    if who.detailing_id is None:
        raise Refusal("not_found")
    return who.detailing_id


@handles(StartDetailing)
def on_start_detailing(tx: Transaction, who: Connected, _: StartDetailing) -> None:
    detailing.start_detailing(tx, _session_of(who), by=who.as_staff())


@handles(AdmitHcp)
def on_admit_hcp(tx: Transaction, who: Connected, command: AdmitHcp) -> None:
    detailing.admit_hcp(tx, _session_of(who), command.participant_id, by=who.as_staff())


@handles(RefuseHcp)
def on_refuse_hcp(tx: Transaction, who: Connected, command: RefuseHcp) -> None:
    detailing.refuse_hcp(tx, _session_of(who), command.participant_id, by=who.as_staff())


@handles(ShowSlide)
def on_show_slide(tx: Transaction, who: Connected, command: ShowSlide) -> Answer:
    return {"seq": detailing.show_slide(tx, _session_of(who), command.number, by=who.as_staff())}


@handles(EndDetailing)
def on_end_detailing(tx: Transaction, who: Connected, _: EndDetailing) -> None:
    detailing.end_detailing(tx, _session_of(who), by=who.as_staff())


@handles(ViewSlide)
def on_view_slide(tx: Transaction, who: Connected, command: ViewSlide) -> Answer:
    counted = detailing.view_slide(tx, who.as_guest(), command.number, command.milliseconds, view_id=str(command.id))
    return {"milliseconds": counted}


@handles(AskQuestion)
def on_ask_question(tx: Transaction, who: Connected, command: AskQuestion) -> Answer:
    guest = _heard(tx, who)
    conversation.ask_question(
        tx, guest, command.text, command.language, question_id=str(command.id), on_screen=rooms.slide_on_screen(tx.session, guest)
    )
    return {"question_id": str(command.id)}


@handles(RequestPerson)
def on_request_person(tx: Transaction, who: Connected, command: RequestPerson) -> Answer:
    """About the question named, else about the words given, else about the last question; a bare wish to talk counts too."""
    guest = _heard(tx, who)
    _not_blank(command.text)
    about = questions.question(tx.session, command.question_id) if command.question_id else None
    if command.question_id and (about is None or about.guest_id != guest.id):
        raise Refusal("not_found")
    if command.text:
        _screen(tx, command.text, report_id=new_id(), guest=guest)
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


@handles(ReportAdverseEvent)
def on_report_adverse_event(tx: Transaction, who: Connected, command: ReportAdverseEvent) -> Answer:
    """A report is never refused for who sends it or where they stand: it is kept first."""
    _not_blank(command.text)
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
    _screen(tx, command.text, report_id=new_id(), speaker="msl", staff_id=who.as_staff().id, inquiry_id=command.inquiry_id)


def conclude(tx: Transaction, question_id: str, reply: Reply) -> None:
    """Keep the assistant's reply together with what follows from it: a report, or a request for a person."""
    asked = questions.question(tx.session, question_id)
    guest_row = None if asked is None else guest_with(tx.session, asked.guest_id)
    if asked is None or guest_row is None or questions.reply(tx.session, question_id) is not None:
        return
    guest = Visitor(guest_row.id, guest_row.detailing_id, guest_row.hcp_id, guest_row.country, guest_row.language)
    conversation.record_reply(tx, question_id, reply)
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


def _not_blank(text: str | None) -> None:
    if text is not None and not text.strip():
        raise Refusal("empty")


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


def _screen(
    tx: Transaction,
    text: str,
    *,
    report_id: str,
    speaker: str = "hcp",
    guest: Visitor | None = None,
    staff_id: str | None = None,
    inquiry_id: str | None = None,
) -> None:
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
