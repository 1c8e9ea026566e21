"""Commands of whoever presents, and of the MSLs in a session."""

from __future__ import annotations

from server.detailing.actions import colleagues, lease, presenting
from server.detailing.messages.colleagues import CallColleague, LeaveDetailing
from server.detailing.messages.lease import HandOver, TakeOver
from server.detailing.messages.presenting import (
    CallEveryone,
    EndDetailing,
    HoldScreen,
    ReleaseScreen,
    ShowSlide,
    StartDetailing,
)
from server.detailing.reads import is_rehearsed
from server.edge.commands.handlers import Answer, handles, session_of
from server.edge.commands.screening import not_blank, screen_message
from server.edge.tickets import Connected
from server.store import Transaction, new_id


@handles(StartDetailing)
def on_start_detailing(tx: Transaction, who: Connected, _: StartDetailing) -> None:
    presenting.start_detailing(tx, session_of(who), by=who.as_staff())


@handles(ShowSlide)
def on_show_slide(tx: Transaction, who: Connected, command: ShowSlide) -> Answer:
    return {"seq": presenting.show_slide(tx, session_of(who), command.number, command.epoch, by=who.as_staff())}


@handles(HoldScreen)
def on_hold_screen(tx: Transaction, who: Connected, command: HoldScreen) -> None:
    presenting.hold_screen(tx, session_of(who), command.epoch, by=who.as_staff())


@handles(ReleaseScreen)
def on_release_screen(tx: Transaction, who: Connected, command: ReleaseScreen) -> None:
    presenting.release_screen(tx, session_of(who), command.epoch, by=who.as_staff())


@handles(CallEveryone)
def on_call_everyone(tx: Transaction, who: Connected, command: CallEveryone) -> None:
    presenting.call_everyone(tx, session_of(who), command.epoch, by=who.as_staff())


@handles(EndDetailing)
def on_end_detailing(tx: Transaction, who: Connected, command: EndDetailing) -> None:
    not_blank(command.reason)
    presenting.end_detailing(tx, session_of(who), command.epoch, command.reason, by=who.as_staff())
    if command.reason and not is_rehearsed(tx.session, session_of(who)):
        screen_message(tx, command.reason, report_id=new_id(), speaker="rep", staff_id=who.as_staff().id)


@handles(HandOver)
def on_hand_over(tx: Transaction, who: Connected, command: HandOver) -> Answer:
    return {"epoch": lease.hand_over(tx, session_of(who), command.to, command.epoch, by=who.as_staff())}


@handles(TakeOver)
def on_take_over(tx: Transaction, who: Connected, command: TakeOver) -> Answer:
    return {"epoch": lease.take_over(tx, session_of(who), command.epoch, by=who.as_staff())}


@handles(CallColleague)
def on_call_colleague(tx: Transaction, who: Connected, command: CallColleague) -> None:
    colleagues.call_colleague(tx, session_of(who), command.staff_id, by=who.as_staff())


@handles(LeaveDetailing)
def on_leave_detailing(tx: Transaction, who: Connected, _: LeaveDetailing) -> None:
    colleagues.leave_detailing(tx, session_of(who), by=who.as_staff())
