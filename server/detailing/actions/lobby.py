"""Who is let in."""

from __future__ import annotations

from datetime import datetime

from server.detailing import access
from server.detailing.messages.lobby import AdmissionGranted, AdmissionRefused, HcpAdmitted, HcpRefused
from server.detailing.tables import Detailing, Participant
from server.people.identity import StaffMember
from server.store import Transaction


def admit_hcp(tx: Transaction, detailing_id: str, participant_id: str, *, by: StaffMember) -> None:
    """Let somebody in from the lobby. Raises `Refusal('not_found')`."""
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    participant = access.participant_to_decide_on(tx.session, detailing, participant_id)
    if participant.state == "waiting":
        let_in(tx, detailing, participant, at=tx.now)


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
