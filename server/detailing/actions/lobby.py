"""Who is let in, who goes, and whether anybody new may come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from server.detailing import access
from server.detailing.messages.lobby import (
    AdmissionGranted,
    AdmissionRefused,
    AdmissionRevoked,
    HcpAdmitted,
    HcpLeft,
    HcpRefused,
    HcpRemoved,
    LobbyLocked,
    LobbyUnlocked,
    PlaceRestored,
)
from server.detailing.tables import Detailing, Invitation, Participant
from server.people.actions import end_passes, hand_passes_over
from server.people.identity import StaffMember
from server.store import Transaction


def admit_hcp(tx: Transaction, detailing_id: str, participant_id: str, *, by: StaffMember) -> None:
    """Let somebody in from the lobby: into the place that they had before, where they say so. Raises `Refusal('not_found')`."""
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    participant = access.participant_to_decide_on(tx.session, detailing, participant_id)
    if participant.state != "waiting":
        return
    if participant.former_id is not None:
        participant = _give_place_back(tx, participant, participant.former_id)
    if participant.state == "waiting":
        let_in(tx, detailing, participant, at=tx.now)


def _give_place_back(tx: Transaction, newcomer: Participant, former_id: str) -> Participant:
    hand_passes_over(tx, newcomer.id, to=former_id)
    newcomer.state, newcomer.left_at = "left", tx.now
    tx.announce(newcomer.detailing_id, HcpLeft(participant_id=newcomer.id))
    tx.announce(newcomer.id, PlaceRestored())
    return tx.session.get_one(Participant, former_id)


def let_in(tx: Transaction, detailing: Detailing, participant: Participant, *, at: datetime) -> None:
    """Let one participant in, `at` being when they count as let in (UTC)."""
    participant.state, participant.admitted_at = "admitted", at
    tx.announce(detailing.id, HcpAdmitted(participant_id=participant.id))
    tx.announce(participant.id, AdmissionGranted())


def refuse_hcp(tx: Transaction, detailing_id: str, participant_id: str, *, by: StaffMember) -> None:
    """Turn somebody in the lobby away. Raises `Refusal('not_found')`."""
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    participant = access.participant_to_decide_on(tx.session, detailing, participant_id)
    if participant.state == "waiting":
        participant.state = "refused"
        tx.announce(detailing.id, HcpRefused(participant_id=participant.id))
        tx.announce(participant.id, AdmissionRefused())


def remove_hcp(tx: Transaction, detailing_id: str, participant_id: str, *, by: StaffMember) -> None:
    """End somebody's part in the session, for good. Raises `Refusal('not_found')`.

    Whoever came as nobody in particular cannot be told from others by their link: the lobby is locked behind them.
    """
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    participant = access.participant_to_decide_on(tx.session, detailing, participant_id)
    remove(tx, participant)
    if tx.session.scalar(select(Invitation.id).where(Invitation.guest_id == participant.id)) is None:
        _lock(tx, detailing)


def remove(tx: Transaction, participant: Participant) -> None:
    """Take somebody's place and every way into it, if they have one."""
    if participant.state not in ("waiting", "admitted"):
        return
    participant.state, participant.left_at = "removed", tx.now
    end_passes(tx, participant.id)
    tx.announce(participant.detailing_id, HcpRemoved(participant_id=participant.id))
    tx.announce(participant.id, AdmissionRevoked())


def lock_lobby(tx: Transaction, detailing_id: str, *, by: StaffMember) -> None:
    """Let nobody new into the lobby. Raises `Refusal('not_found')`."""
    _lock(tx, access.detailing_to_present(tx.session, detailing_id, by))


def _lock(tx: Transaction, detailing: Detailing) -> None:
    if not detailing.locked:
        detailing.locked = True
        tx.announce(detailing.id, LobbyLocked())


def unlock_lobby(tx: Transaction, detailing_id: str, *, by: StaffMember) -> None:
    """Let invitations open the lobby again. Raises `Refusal('not_found')`."""
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    if detailing.locked:
        detailing.locked = False
        tx.announce(detailing.id, LobbyUnlocked())
