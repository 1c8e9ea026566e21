"""Commands by which an HCP and their rep write to each other while the session runs."""

from __future__ import annotations

from bot.model import Reply
from server.conversation import direct
from server.conversation.messages import WriteToHcps, WriteToRep
from server.conversation.tables import DirectMessage
from server.detailing import access
from server.detailing.reads import is_rehearsed
from server.detailing.taking_part import still_there
from server.edge.commands.handlers import Answer, handles, session_of
from server.edge.commands.screening import screen_message
from server.edge.tickets import Connected
from server.medical import actions as medical
from server.people.reads import staff_member
from server.store import Refusal, Transaction, new_id


@handles(WriteToRep)
def on_write_to_rep(tx: Transaction, who: Connected, command: WriteToRep) -> Answer:
    """On record at once; the rep is given it when it was read, see `deliver`."""
    guest = who.as_guest()
    detailing, _ = access.place_once_admitted(tx.session, guest)
    if detailing.state != "live":
        raise Refusal("not_live")
    rep = staff_member(tx.session, detailing.rep_id)
    direct.write_to_rep(tx, guest, command.text, message_id=str(command.id), rep_name="" if rep is None else rep.name)
    return {"message_id": str(command.id)}


@handles(WriteToHcps)
def on_write_to_hcps(tx: Transaction, who: Connected, command: WriteToHcps) -> None:
    """To those who are in the room now; what the rep writes is screened like everybody's words."""
    rep = who.as_staff()
    detailing = access.detailing_to_present(tx.session, session_of(who), rep)
    if detailing.state != "live":
        raise Refusal("not_live")
    inside = [one.id for one in still_there(tx.session, detailing.id) if one.state == "admitted"]
    if command.participant_id is not None:
        inside = [id for id in inside if id == command.participant_id]
    if not inside:
        raise Refusal("not_in_the_room")
    direct.write_to_hcps(
        tx,
        detailing.id,
        inside,
        command.text,
        message_id=str(command.id),
        to_one=command.participant_id is not None,
        by=rep,
    )
    if not detailing.rehearsal:
        screen_message(tx, command.text, report_id=new_id(), speaker="rep", staff_id=rep.id)


def deliver(tx: Transaction, message_id: str, reading: Reply) -> None:
    """Decide whether a rep is given an HCP's message, and report what may be an adverse event in it: see `conclude`."""
    # Of two processes that read the same words, the second one finds them decided on.
    message = tx.session.get(DirectMessage, message_id, with_for_update=True)
    if message is None or message.delivered is not None:
        return
    rehearsed = is_rehearsed(tx.session, message.detailing_id)
    direct.decide_delivery(tx, message, reading, rehearsed=rehearsed)
    if reading.safety.is_report and not rehearsed:
        medical.report_adverse_event(
            tx,
            message.text,
            report_id=new_id(),
            how="screening",
            guest_id=message.guest_id,
            detailing_id=message.detailing_id,
            labels=reading.safety.labels,
            criteria=reading.safety.criteria,
        )
