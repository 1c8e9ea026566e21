"""An MSL comes into a rep's session, and leaves it."""

from __future__ import annotations

from sqlalchemy import select

from server.detailing import access
from server.detailing.actions.lease import give_lease
from server.detailing.messages.colleagues import (
    ColleagueCalled,
    ColleagueEntered,
    ColleagueLeft,
    ColleagueNoLongerWanted,
    ColleagueWanted,
)
from server.detailing.tables import Colleague, Detailing
from server.library.tables import EditionRow
from server.people.identity import StaffMember
from server.people.reads import staff_member
from server.store import Refusal, Transaction


def call_colleague(tx: Transaction, detailing_id: str, staff_id: str, *, by: StaffMember) -> None:
    """The rep asks an MSL to come. Raises `Refusal`: `not_found`, also for somebody who is no MSL, `rehearsal`, `not_live`."""
    detailing = access.contact_to_present(tx.session, detailing_id, by)
    if detailing.state != "live":
        raise Refusal("not_live")
    msl = staff_member(tx.session, staff_id)
    if msl is None or not msl.may_act_as("msl"):
        raise Refusal("not_found")
    colleague = _colleague(tx, detailing_id, staff_id)
    if colleague.invited_at is not None:
        return
    colleague.invited_at = tx.now
    deck = tx.session.get_one(EditionRow, detailing.deck_id)
    tx.announce(detailing_id, ColleagueCalled(staff_id=staff_id, name=msl.name))
    tx.announce(staff_id, ColleagueWanted(detailing_id=detailing_id, rep_name=by.name, deck_title=deck.title))


def _colleague(tx: Transaction, detailing_id: str, staff_id: str) -> Colleague:
    found = tx.session.get(Colleague, (detailing_id, staff_id))
    if found is None:
        found = Colleague(detailing_id=detailing_id, staff_id=staff_id)
        tx.session.add(found)
        tx.session.flush()
    return found


def enter_detailing(tx: Transaction, detailing_id: str, *, by: StaffMember, for_inquiry: bool) -> None:
    """An MSL comes into a running session: called by its rep, or `for_inquiry`, one of theirs that was asked in it.

    Raises `Refusal`: `not_found`, `not_live`.
    """
    detailing = tx.session.get(Detailing, detailing_id)
    wanted = for_inquiry or tx.session.get(Colleague, (detailing_id, by.id)) is not None
    if detailing is None or not by.may_act_as("msl") or not wanted:
        raise Refusal("not_found")
    if detailing.state != "live":
        raise Refusal("not_live")
    colleague = _colleague(tx, detailing_id, by.id)
    if colleague.entered_at is None or colleague.left_at is not None:
        colleague.entered_at, colleague.left_at = tx.now, None
        tx.announce(detailing_id, ColleagueEntered(staff_id=by.id, name=by.name))


def leave_detailing(tx: Transaction, detailing_id: str, *, by: StaffMember) -> None:
    """The MSL leaves the session; what they presented, the rep presents again. Raises `Refusal`: `not_found`, `not_live`."""
    detailing = access.detailing_attended(tx.session, detailing_id, by)
    colleague = tx.session.get_one(Colleague, (detailing_id, by.id))
    colleague.left_at = tx.now
    tx.announce(detailing_id, ColleagueLeft(staff_id=by.id))
    if detailing.presenter_id == by.id:
        give_lease(tx, detailing, detailing.rep_id)


def dismiss_colleagues(tx: Transaction, detailing: Detailing) -> None:
    """The session is over: nobody is asked into it any more."""
    for colleague in tx.session.scalars(select(Colleague).where(Colleague.detailing_id == detailing.id)):
        tx.announce(colleague.staff_id, ColleagueNoLongerWanted(detailing_id=detailing.id))
