"""The only ways to reach a session's rows. A foreign row and an absent one get the same boring refusal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from server.detailing.tables import Colleague, Detailing, Invitation, Participant
from server.people.identity import StaffMember, Visitor
from server.store import Refusal

DETAILINGS = Detailing.metadata.tables["detailings"]
STAGE = (
    select(*(DETAILINGS.c[name] for name in "id rep_id deck_id country state epoch presenter_id held_since".split()))
    .where(DETAILINGS.c.id == bindparam("detailing_id"))
    .with_for_update()
)


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


def contact_to_present(session: Session, detailing_id: str, by: StaffMember) -> Detailing:
    """The same where HCPs may be. Raises `Refusal`: `not_found`, `rehearsal`."""
    found = detailing_to_present(session, detailing_id, by)
    if found.rehearsal:
        raise Refusal("rehearsal")
    return found


def detailing_attended(session: Session, detailing_id: str, by: StaffMember) -> Detailing:
    """The running session that this rep planned or this MSL is in, locked until this turn is over.

    Raises `Refusal`: `not_found`, `not_live`.
    """
    turn = select(Detailing).where(Detailing.id == detailing_id).with_for_update().execution_options(populate_existing=True)
    found = session.scalar(turn)
    if found is None:
        raise Refusal("not_found")
    _attends(session, found, by)
    return found


def role_in_session(session: Session, detailing_id: str, by: StaffMember) -> str:
    """As what a member of staff takes part in a session: its `rep`, or an `msl` who came in. Raises `Refusal('not_found')`."""
    return _role_in(session, detailing_joined(session, detailing_id, by), by)


def detailing_joined(session: Session, detailing_id: str, by: StaffMember) -> Detailing:
    """The session that this rep planned or this MSL is in, whatever its state. Raises `Refusal('not_found')`."""
    found = session.get(Detailing, detailing_id)
    if found is None:
        raise Refusal("not_found")
    _role_in(session, found, by)
    return found


def detailing_of_colleague(session: Session, detailing_id: str, by: StaffMember) -> Detailing:
    """A session into which this MSL came, over or not. Raises `Refusal('not_found')`."""
    found = session.get(Detailing, detailing_id)
    if found is None or not by.may_act_as("msl") or not is_in_the_room(session, detailing_id, by.id):
        raise Refusal("not_found")
    return found


def _role_in(session: Session, detailing: Any, by: StaffMember) -> str:
    if by.may_act_as("rep") and detailing.rep_id == by.id:
        return "rep"
    if by.may_act_as("msl") and is_in_the_room(session, detailing.id, by.id):
        return "msl"
    raise Refusal("not_found")


def detailing_presented(session: Session, detailing_id: str, epoch: int, by: StaffMember) -> Detailing:
    """The same, for who holds its lease of this epoch. Raises `Refusal`: `not_found`, `not_live`, `not_presenting`."""
    found = detailing_attended(session, detailing_id, by)
    _presents(found, epoch, by)
    return found


def stage_presented(session: Session, detailing_id: str, epoch: int, by: StaffMember) -> Row[Any]:
    """The same, as far as a slide that is shown needs it: hot, so in plain columns."""
    found = session.connection().execute(STAGE, {"detailing_id": detailing_id}).one_or_none()
    if found is None:
        raise Refusal("not_found")
    _attends(session, found, by)
    _presents(found, epoch, by)
    return found


def _attends(session: Session, found: Any, by: StaffMember) -> None:
    _role_in(session, found, by)
    if found.state != "live":
        raise Refusal("not_live")


def _presents(found: Any, epoch: int, by: StaffMember) -> None:
    if (found.epoch, found.presenter_id or found.rep_id) != (epoch, by.id):
        raise Refusal("not_presenting")


def is_in_the_room(session: Session, detailing_id: str, staff_id: str) -> bool:
    """Whether this MSL has come into the session and not left it."""
    colleague = session.get(Colleague, (detailing_id, staff_id))
    return colleague is not None and colleague.entered_at is not None and colleague.left_at is None


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


def invitation_to_enter_by(session: Session, *, digest: str, now: datetime) -> Invitation:
    """The same while it opens anything. Raises `Refusal`: `link_unknown`, `link_revoked`, `link_expired`."""
    found = invitation_behind(session, digest=digest)
    if found.revoked_at is not None:
        raise Refusal("link_revoked")
    if found.expires_at <= now:
        raise Refusal("link_expired")
    return found


def invitation_to_manage(session: Session, invitation_id: str, by: StaffMember) -> tuple[Invitation, Detailing]:
    """An invitation to a session of this rep, and that session. Raises `Refusal('not_found')`."""
    found = session.get(Invitation, invitation_id)
    if found is None:
        raise Refusal("not_found")
    return found, detailing_to_present(session, found.detailing_id, by)
