"""The only ways to reach a session's rows. A foreign row and an absent one get the same boring refusal."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.detailing.tables import Detailing, Invitation, Participant
from server.people.identity import StaffMember, Visitor
from server.store import Refusal


def detailing_to_present(session: Session, detailing_id: str, by: StaffMember) -> Detailing:
    """The session this rep planned. Raises `Refusal('not_found')`."""
    found = session.get(Detailing, detailing_id)
    if not by.may_act_as("rep"):
        raise Refusal("not_found")
    if found is None:
        raise Refusal("not_found")
    if found.rep_id != by.id:
        raise Refusal("not_found")
    return found


def deck_to_present(session: Session, deck_id: str, by: StaffMember) -> None:
    """A deck of one of the rep's own sessions. Raises `Refusal('not_found')`."""
    own = select(Detailing.id).where(Detailing.deck_id == deck_id, Detailing.rep_id == by.id).limit(1)
    if session.scalar(own) is None:
        raise Refusal("not_found")


def place_in_the_room(session: Session, guest: Visitor) -> tuple[Detailing, Participant]:
    """The session in which this guest takes part, and their place in it. Raises `Refusal('not_found')`."""
    participant = session.get(Participant, guest.id)
    if participant is None:
        raise Refusal("not_found")
    found = session.get(Detailing, participant.detailing_id)
    if found is None:
        raise Refusal("not_found")
    return found, participant


def place_once_admitted(session: Session, guest: Visitor) -> tuple[Detailing, Participant]:
    """The same for a guest whom the rep has let in. Raises `Refusal`: `not_found`, `not_admitted`."""
    detailing, participant = place_in_the_room(session, guest)
    if participant.state != "admitted":
        raise Refusal("not_admitted")
    return detailing, participant


def participant_to_decide_on(session: Session, detailing: Detailing, participant_id: str) -> Participant:
    """Somebody in the lobby or the room of this session. Raises `Refusal('not_found')`."""
    found = session.get(Participant, participant_id)
    if found is None or found.detailing_id != detailing.id:
        raise Refusal("not_found")
    return found


def invitation_behind(session: Session, *, digest: str) -> Invitation:
    """The invitation whose link or code has this digest. Raises `Refusal('link_unknown')`."""
    found = session.scalar(select(Invitation).where((Invitation.token_digest == digest) | (Invitation.code_digest == digest)))
    if found is None:
        raise Refusal("link_unknown")
    return found
