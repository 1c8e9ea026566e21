"""Commands of the session."""

from __future__ import annotations

from server.detailing.actions import lobby, viewing
from server.detailing.messages.lobby import AdmitHcp, LockLobby, RefuseHcp, RemoveHcp, UnlockLobby
from server.detailing.messages.viewing import ViewSlide
from server.edge.commands.handlers import Answer, handles, session_of
from server.edge.tickets import Connected
from server.store import Transaction


@handles(AdmitHcp)
def on_admit_hcp(tx: Transaction, who: Connected, command: AdmitHcp) -> None:
    lobby.admit_hcp(tx, session_of(who), command.participant_id, by=who.as_staff())


@handles(RefuseHcp)
def on_refuse_hcp(tx: Transaction, who: Connected, command: RefuseHcp) -> None:
    lobby.refuse_hcp(tx, session_of(who), command.participant_id, by=who.as_staff())


@handles(RemoveHcp)
def on_remove_hcp(tx: Transaction, who: Connected, command: RemoveHcp) -> None:
    lobby.remove_hcp(tx, session_of(who), command.participant_id, by=who.as_staff())


@handles(LockLobby)
def on_lock_lobby(tx: Transaction, who: Connected, _: LockLobby) -> None:
    lobby.lock_lobby(tx, session_of(who), by=who.as_staff())


@handles(UnlockLobby)
def on_unlock_lobby(tx: Transaction, who: Connected, _: UnlockLobby) -> None:
    lobby.unlock_lobby(tx, session_of(who), by=who.as_staff())


@handles(ViewSlide)
def on_view_slide(tx: Transaction, who: Connected, command: ViewSlide) -> Answer:
    return {"milliseconds": viewing.view_slide(tx, who.as_guest(), command.number, command.started_at, command.ended_at)}
