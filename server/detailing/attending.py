"""How long somebody was there."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.detailing.tables import ConnectedSpan, Detailing, Participant
from server.people.reads import hcp_of_guest


def time_together(session: Session, participant: Participant, detailing: Detailing) -> timedelta | None:
    """How long this participant was connected, in the room, while the session ran; tabs side by side count once.

    None for whoever goes without tracking: nothing is kept of when they were there.
    """
    if hcp_of_guest(session, participant.id) is None:
        return None
    if participant.admitted_at is None or detailing.started_at is None or detailing.ended_at is None:
        return timedelta()
    reached = max(participant.admitted_at, detailing.started_at)
    over = min(participant.left_at or detailing.ended_at, detailing.ended_at)
    together = timedelta()
    spans = select(ConnectedSpan).where(ConnectedSpan.participant_id == participant.id).order_by(ConnectedSpan.since)
    for span in session.scalars(spans):
        begun, ended = max(span.since, reached), min(span.until, over)
        if ended > begun:
            together += ended - begun
            reached = ended
    return together
