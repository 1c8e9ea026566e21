"""Commands by which HCPs take part, and by which the rep answers to that."""

from __future__ import annotations

from server.detailing.actions import documents, interplay
from server.detailing.messages.documents import OfferDocument
from server.detailing.messages.interplay import AnswerPoll, ClosePoll, LowerHand, MoveHand, React, ShowPollResult, StartPoll
from server.edge.commands.handlers import handles, session_of
from server.edge.tickets import Connected
from server.store import Transaction


@handles(MoveHand)
def on_move_hand(tx: Transaction, who: Connected, command: MoveHand) -> None:
    interplay.move_hand(tx, who.as_guest(), raised=command.raised)


@handles(LowerHand)
def on_lower_hand(tx: Transaction, who: Connected, command: LowerHand) -> None:
    interplay.lower_hand(tx, session_of(who), command.participant_id, by=who.as_staff())


@handles(React)
def on_react(tx: Transaction, who: Connected, command: React) -> None:
    interplay.react(tx, who.as_guest(), command.number, command.kind, given=command.given)


@handles(StartPoll)
def on_start_poll(tx: Transaction, who: Connected, command: StartPoll) -> None:
    interplay.start_poll(tx, session_of(who), command.number, by=who.as_staff())


@handles(ClosePoll)
def on_close_poll(tx: Transaction, who: Connected, command: ClosePoll) -> None:
    interplay.close_poll(tx, session_of(who), command.number, by=who.as_staff())


@handles(ShowPollResult)
def on_show_poll_result(tx: Transaction, who: Connected, command: ShowPollResult) -> None:
    interplay.show_poll_result(tx, session_of(who), command.number, by=who.as_staff())


@handles(AnswerPoll)
def on_answer_poll(tx: Transaction, who: Connected, command: AnswerPoll) -> None:
    interplay.answer_poll(tx, who.as_guest(), command.number, command.option)


@handles(OfferDocument)
def on_offer_document(tx: Transaction, who: Connected, command: OfferDocument) -> None:
    documents.offer_document(tx, session_of(who), command.edition_id, by=who.as_staff())
