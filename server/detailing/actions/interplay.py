"""Hands, reactions and polls. Each is one act and can be taken back; an act that changes nothing announces nothing."""

from __future__ import annotations

from sqlalchemy import select

from content.gate import Viewer
from content.model import Audience
from server.detailing import access
from server.detailing.messages.interplay import (
    HandMoved,
    HandSeen,
    Kind,
    PollAnswered,
    PollAnswerKept,
    PollClosed,
    PollResultShown,
    PollStarted,
    ReactionMarked,
    ReactionSeen,
)
from server.detailing.reads import shown_numbers
from server.detailing.tables import AskedPoll, Detailing, Participant, PollAnswer, ReactionRow
from server.detailing.taking_part import counts
from server.library.reads import poll_to_ask
from server.people.identity import StaffMember, Visitor
from server.store import Refusal, Transaction


def move_hand(tx: Transaction, guest: Visitor, *, raised: bool) -> None:
    """Raise a hand or take it down. Raises `Refusal`: `not_found`, `not_admitted`, `not_live`."""
    detailing, participant = _taking_part(tx, guest)
    _move_hand(tx, detailing, participant, raised)


def lower_hand(tx: Transaction, detailing_id: str, participant_id: str, *, by: StaffMember) -> None:
    """The rep takes somebody's hand down. Raises `Refusal('not_found')`."""
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    _move_hand(tx, detailing, access.participant_to_decide_on(tx.session, detailing, participant_id), False)


def _move_hand(tx: Transaction, detailing: Detailing, participant: Participant, raised: bool) -> None:
    if raised == (participant.hand_raised_at is not None):
        return
    participant.hand_raised_at = tx.now if raised else None
    tx.announce(participant.id, HandMoved(raised=raised))
    tx.announce(detailing.id, HandSeen(participant_id=participant.id, raised=raised))


def react(tx: Transaction, guest: Visitor, number: int, kind: Kind, *, given: bool) -> None:
    """Mark a slide, or take the mark back. Raises `Refusal`: `not_found`, `not_admitted`, `not_live`, `unknown_slide`."""
    detailing, participant = _taking_part(tx, guest)
    if number not in shown_numbers(tx.session, detailing.id):
        raise Refusal("unknown_slide", number=str(number))
    mark = tx.session.get(ReactionRow, (participant.id, number, kind))
    if given == (mark is not None):
        return
    if mark is None:
        tx.session.add(ReactionRow(participant_id=participant.id, number=number, kind=kind, at=tx.now))
    else:
        tx.session.delete(mark)
    tx.session.flush()
    tx.announce(participant.id, ReactionMarked(number=number, kind=kind, given=given))
    tx.announce(detailing.id, ReactionSeen(participant_id=participant.id, number=number, kind=kind, given=given))


def start_poll(tx: Transaction, detailing_id: str, number: int, *, by: StaffMember) -> None:
    """Put an approved question to everyone; one still open is closed. A question is put once.

    Raises `Refusal`: `not_found`, `not_live`, `unknown_poll`, `poll_was_asked`, `deck_not_approved` by the gate.
    """
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    if detailing.state != "live":
        raise Refusal("not_live")
    poll = poll_to_ask(tx.session, detailing.deck_id, number, Viewer(Audience.HCP, detailing.country), tx.now)
    if tx.session.get(AskedPoll, (detailing_id, number)) is not None:
        raise Refusal("poll_was_asked")
    still_open = select(AskedPoll).where(AskedPoll.detailing_id == detailing_id, AskedPoll.closed_at.is_(None))
    for before in tx.session.scalars(still_open).all():
        _close(tx, before)
    tx.session.add(AskedPoll(detailing_id=detailing_id, number=number, asked_at=tx.now))
    tx.session.flush()
    tx.announce(detailing_id, PollStarted(number=number, question=poll.question, options=poll.options))


def close_poll(tx: Transaction, detailing_id: str, number: int, *, by: StaffMember) -> None:
    """Take no more answers. Raises `Refusal`: `not_found`, `unknown_poll` for a question that was not put."""
    _close(tx, _asked(tx, detailing_id, number, by))


def show_poll_result(tx: Transaction, detailing_id: str, number: int, *, by: StaffMember) -> None:
    """Show everyone how often each answer was chosen, and take no more. Raises `Refusal`: `not_found`, `unknown_poll`."""
    asked = _asked(tx, detailing_id, number, by)
    if asked.counts is not None:
        return
    _close(tx, asked)
    asked.counts = counts(tx.session, asked)
    tx.announce(detailing_id, PollResultShown(number=number, counts=asked.counts))


def answer_poll(tx: Transaction, guest: Visitor, number: int, option: int | None) -> None:
    """Choose an answer, another one, or none.

    Raises `Refusal`: `not_found`, `not_admitted`, `not_live`, `poll_closed`, `unknown_poll`.
    """
    detailing, participant = _taking_part(tx, guest)
    asked = tx.session.get(AskedPoll, (detailing.id, number), with_for_update=True)
    if asked is None:
        raise Refusal("unknown_poll")
    if asked.closed_at is not None:
        raise Refusal("poll_closed")
    poll = poll_to_ask(tx.session, detailing.deck_id, number, Viewer(Audience.HCP, detailing.country), tx.now)
    if option is not None and option >= len(poll.options):
        raise Refusal("unknown_poll")
    chosen = tx.session.get(PollAnswer, (participant.id, number))
    if option == (None if chosen is None else chosen.option):
        return
    if chosen is not None:
        tx.session.delete(chosen)
        tx.session.flush()
    if option is not None:
        tx.session.add(PollAnswer(participant_id=participant.id, number=number, option=option, at=tx.now))
    tx.session.flush()
    tx.announce(participant.id, PollAnswerKept(number=number, option=option))
    tx.announce(detailing.id, PollAnswered(participant_id=participant.id, number=number, option=option))


def _taking_part(tx: Transaction, guest: Visitor) -> tuple[Detailing, Participant]:
    detailing, participant = access.place_once_admitted(tx.session, guest)
    if detailing.state != "live":
        raise Refusal("not_live")
    return detailing, participant


def _asked(tx: Transaction, detailing_id: str, number: int, by: StaffMember) -> AskedPoll:
    access.detailing_to_present(tx.session, detailing_id, by)
    asked = tx.session.get(AskedPoll, (detailing_id, number), with_for_update=True)
    if asked is None:
        raise Refusal("unknown_poll")
    return asked


def _close(tx: Transaction, asked: AskedPoll) -> None:
    if asked.closed_at is None:
        asked.closed_at = tx.now
        tx.announce(asked.detailing_id, PollClosed(number=asked.number))
