"""Commands of the session."""

from __future__ import annotations

from server.detailing.actions import lobby, presenting, viewing
from server.detailing.messages.lobby import AdmitHcp, RefuseHcp
from server.detailing.messages.presenting import EndDetailing, ShowSlide, StartDetailing
from server.detailing.messages.viewing import ViewSlide
from server.edge.commands.handlers import Answer, handles
from server.edge.tickets import Connected
from server.store import Refusal, Transaction


def _session_of(who: Connected) -> str:
    if who.detailing_id is None:
        raise Refusal("not_found")
    return who.detailing_id


@handles(StartDetailing)
def on_start_detailing(tx: Transaction, who: Connected, _: StartDetailing) -> None:
    presenting.start_detailing(tx, _session_of(who), by=who.as_staff())


@handles(AdmitHcp)
def on_admit_hcp(tx: Transaction, who: Connected, command: AdmitHcp) -> None:
    lobby.admit_hcp(tx, _session_of(who), command.participant_id, by=who.as_staff())


@handles(RefuseHcp)
def on_refuse_hcp(tx: Transaction, who: Connected, command: RefuseHcp) -> None:
    lobby.refuse_hcp(tx, _session_of(who), command.participant_id, by=who.as_staff())


@handles(ShowSlide)
def on_show_slide(tx: Transaction, who: Connected, command: ShowSlide) -> Answer:
    return {"seq": presenting.show_slide(tx, _session_of(who), command.number, by=who.as_staff())}


@handles(EndDetailing)
def on_end_detailing(tx: Transaction, who: Connected, _: EndDetailing) -> None:
    presenting.end_detailing(tx, _session_of(who), by=who.as_staff())


@handles(ViewSlide)
def on_view_slide(tx: Transaction, who: Connected, command: ViewSlide) -> Answer:
    return {"milliseconds": viewing.view_slide(tx, who.as_guest(), command.number, command.started_at, command.ended_at)}
