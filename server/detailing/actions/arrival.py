"""Coming in, and going on as somebody whom nobody knows."""

from __future__ import annotations

from sqlalchemy import update

from server.detailing import access
from server.detailing.actions.lobby import let_in
from server.detailing.messages.lobby import HcpArrived, HcpLeft
from server.detailing.tables import Detailing, Invitation, Participant
from server.people.actions import decide_consent, end_passes, give_pass, welcome_guest
from server.people.identity import Visitor
from server.people.reads import hcp as hcp_with
from server.people.tables import Guest
from server.store import Refusal, Transaction

TRACKING = "tracking"
# No link brings these back: only a fresh invitation does.
TURNED_AWAY = ("refused", "removed")


def enter_by_invitation(
    tx: Transaction, digest: str, *, is_invitee: bool, tracking: bool, wording_version: str, language: str, pass_digest: str
) -> Visitor:
    """Someone comes in by a link or code, having said who they are and whether their activity may be tracked.

    With consent the guest is the HCP; without it, the invitation forgets whose it was. Coming back by a fresh link, the invitee
    takes their former place; by one that was used, they wait as nobody until the rep gives it back to them: it may be forwarded.
    Once the session is over no link opens anything: what is left of it is there for whoever took part and holds their bearer.
    Raises `Refusal`: `link_unknown`, `link_revoked`, `link_expired`, `already_ended`, `lobby_locked`, and `not_admitted` for
    someone who was turned away.
    """
    invitation = access.invitation_to_enter_by(tx.session, digest=digest, now=tx.now)
    detailing = tx.session.get_one(Detailing, invitation.detailing_id)
    if detailing.state == "ended":
        raise Refusal("already_ended")
    _refuse_who_was_turned_away(tx, invitation)
    reused, invitation.used = invitation.used, True
    former = _former_place(tx, invitation, tracking) if is_invitee else None
    if former is not None and reused:
        newcomer = _take_a_place(tx, detailing, None, language, link_reused=True, former_id=former.id)
        give_pass(tx, newcomer.id, pass_digest)
        return newcomer
    if is_invitee and invitation.hcp_id is not None:
        decide_consent(
            tx, invitation.hcp_id, TRACKING, tracking, wording_version=wording_version, language=language, how="before_joining"
        )
    guest = former
    if guest is None:
        if detailing.locked:
            raise Refusal("lobby_locked")
        known = invitation.hcp_id if is_invitee and tracking else None
        guest = _take_a_place(tx, detailing, known, language, link_reused=reused)
        if is_invitee:
            invitation.guest_id = guest.id
    if is_invitee and not tracking:
        invitation.hcp_id = None
        tx.forget()
    give_pass(tx, guest.id, pass_digest)
    return guest


def _refuse_who_was_turned_away(tx: Transaction, invitation: Invitation) -> None:
    place = None if invitation.guest_id is None else tx.session.get(Participant, invitation.guest_id)
    if place is not None and place.state in TURNED_AWAY:
        raise Refusal("not_admitted")


def _former_place(tx: Transaction, invitation: Invitation, tracking: bool) -> Visitor | None:
    former = None if invitation.guest_id is None else tx.session.get(Guest, invitation.guest_id)
    if former is None:
        return None
    if former.hcp_id is not None and not tracking:
        _leave(tx, former.id, invitation.detailing_id)
        return None
    return Visitor(former.id, former.detailing_id, former.hcp_id, former.country, former.language)


def _take_a_place(
    tx: Transaction,
    detailing: Detailing,
    hcp_id: str | None,
    language: str,
    *,
    link_reused: bool = False,
    former_id: str | None = None,
) -> Visitor:
    hcp = None if hcp_id is None else hcp_with(tx.session, hcp_id)
    profession = None if hcp is None else hcp.profession
    # A nameless guest's rows tell the session's time, not theirs: a consent that was withdrawn then must not lead to them.
    came_at = tx.now if hcp_id is not None else detailing.scheduled_at
    guest = welcome_guest(
        tx,
        detailing_id=detailing.id,
        hcp_id=hcp_id,
        profession=profession,
        country=detailing.country,
        language=language,
        came_at=came_at,
    )
    place = Participant(
        id=guest.id,
        detailing_id=detailing.id,
        state="waiting",
        arrived_at=came_at,
        link_reused=link_reused,
        former_id=former_id,
    )
    tx.session.add(place)
    tx.session.flush()
    name = None if hcp is None else hcp.name
    tx.announce(detailing.id, HcpArrived(participant_id=guest.id, name=name, profession=profession, link_reused=link_reused))
    return guest


def withdraw_tracking(tx: Transaction, guest: Visitor, *, wording_version: str, pass_digest: str) -> Visitor:
    """From now on nothing leads to the person: they go on as somebody else, whom nobody knows, in the same place of the room."""
    if guest.hcp_id is None:
        raise Refusal("not_found")
    decide_consent(tx, guest.hcp_id, TRACKING, False, wording_version=wording_version, language=guest.language, how="in_the_room")
    detailing, participant = access.place_in_the_room(tx.session, guest)
    was_admitted = participant.state == "admitted"
    _leave(tx, guest.id, detailing.id)
    end_passes(tx, guest.id)
    successor = _take_a_place(tx, detailing, None, guest.language)
    tx.session.execute(update(Invitation).where(Invitation.guest_id == guest.id).values(guest_id=successor.id, hcp_id=None))
    tx.forget()
    if was_admitted:
        let_in(tx, detailing, tx.session.get_one(Participant, successor.id), at=detailing.started_at or detailing.scheduled_at)
    give_pass(tx, successor.id, pass_digest)
    return successor


def _leave(tx: Transaction, participant_id: str, detailing_id: str) -> None:
    participant = tx.session.get_one(Participant, participant_id)
    participant.state, participant.left_at = "left", tx.now
    # Who said that this place was theirs too must not lead to it.
    tx.session.execute(update(Participant).where(Participant.former_id == participant_id).values(former_id=None))
    tx.announce(detailing_id, HcpLeft(participant_id=participant_id))
