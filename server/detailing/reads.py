"""What may be asked about sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content.gate import Viewer
from content.model import Audience
from server.detailing.tables import Detailing, Invitation, Participant, ShownSlide, ViewedSlide
from server.library.reads import OnScreen, shows
from server.library.tables import EditionRow
from server.people.identity import Visitor
from server.people.reads import hcp_of_guest
from server.people.tables import Hcp, Staff
from server.store.messages import Wire


class DetailingForHcp(Wire):
    """The session as one of its HCPs may know it."""

    state: str
    number: int | None
    shown: list[dict[str, Any]]
    total: int
    deck_title: str
    rep_name: str
    scheduled_at: datetime


class ParticipantForRep(Wire):
    """A participant as the rep may know them: a name only with consent. `viewed`: milliseconds by slide number."""

    id: str
    name: str | None
    profession: str | None
    state: str
    viewed: dict[str, int]


class DetailingForRep(Wire):
    """The state of the session for its presenter. `shown`: the slides shown so far, in the order of their first time."""

    state: str
    number: int | None
    shown: list[int]
    total: int
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Plan:
    """One line of the rep's list. `hcps`: names, None for someone who chose not to be known."""

    id: str
    scheduled_at: datetime
    state: str
    deck_title: str
    hcps: list[str | None]
    invitations: list[str]


@dataclass(frozen=True, slots=True)
class Welcome:
    """What somebody with an invitation sees before they come in."""

    invitee: Hcp | None
    rep_name: str
    deck_title: str
    scheduled_at: datetime
    language: str
    ended: bool


def detailing(session: Session, detailing_id: str) -> Detailing | None:
    """One session."""
    return session.get(Detailing, detailing_id)


def plans(session: Session, rep_id: str) -> list[Plan]:
    """The rep's sessions, the latest first."""
    rows = session.execute(
        select(Detailing, EditionRow.title)
        .join(EditionRow, EditionRow.id == Detailing.deck_id)
        .where(Detailing.rep_id == rep_id)
        .order_by(Detailing.scheduled_at.desc(), Detailing.id.desc())
    ).all()
    return [Plan(d.id, d.scheduled_at, d.state, title, *_invited(session, d.id)) for d, title in rows]


def _invited(session: Session, detailing_id: str) -> tuple[list[str | None], list[str]]:
    rows = session.execute(
        select(Invitation.id, Hcp).outerjoin(Hcp, Hcp.id == Invitation.hcp_id).where(Invitation.detailing_id == detailing_id)
    ).all()
    return [None if hcp is None else hcp.name for _, hcp in rows], [id for id, _ in rows]


def welcome(session: Session, invitation: Invitation) -> Welcome:
    """Who presents what to whom, and when."""
    found = session.get_one(Detailing, invitation.detailing_id)
    deck = session.get_one(EditionRow, found.deck_id)
    invitee = None if invitation.hcp_id is None else session.get(Hcp, invitation.hcp_id)
    return Welcome(
        invitee, session.get_one(Staff, found.rep_id).name, deck.title, found.scheduled_at, found.language, found.state == "ended"
    )


def for_hcp(session: Session, guest: Visitor) -> tuple[Detailing, Participant, DetailingForHcp] | None:
    """The guest's session and place in it; None on the lab's site. In the lobby nothing of the deck is told but its title."""
    participant = session.get(Participant, guest.id)
    if participant is None:
        return None
    found = session.get_one(Detailing, participant.detailing_id)
    deck = session.get_one(EditionRow, found.deck_id)
    inside = participant.state == "admitted"
    titles = {slide.number: slide.title for slide in deck.slides}
    shown = sorted(shown_numbers(session, found.id)) if inside else []
    view = DetailingForHcp(
        state=found.state,
        number=found.number if inside else None,
        shown=[{"number": number, "title": titles[number]} for number in shown],
        total=len(titles),
        deck_title=deck.title,
        rep_name=session.get_one(Staff, found.rep_id).name,
        scheduled_at=found.scheduled_at,
    )
    return found, participant, view


def shown_numbers(session: Session, detailing_id: str) -> set[int]:
    """The slides that were shown at least once."""
    return set(session.scalars(select(ShownSlide.number).where(ShownSlide.detailing_id == detailing_id).distinct()))


def for_rep(session: Session, detailing_id: str) -> tuple[DetailingForRep, list[ParticipantForRep]]:
    """The session and its participants as the presenter may know them, in the order in which they came."""
    found = session.get_one(Detailing, detailing_id)
    total = len(session.get_one(EditionRow, found.deck_id).slides)
    people = session.scalars(select(Participant).where(Participant.detailing_id == detailing_id).order_by(Participant.arrived_at))
    state = DetailingForRep(
        state=found.state,
        number=found.number,
        shown=list(dict.fromkeys(shown.number for shown in slides_shown(session, detailing_id))),
        total=total,
        started_at=found.started_at,
        ended_at=found.ended_at,
    )
    return state, [_for_rep(session, participant) for participant in people if participant.state != "left"]


def _for_rep(session: Session, participant: Participant) -> ParticipantForRep:
    hcp = hcp_of_guest(session, participant.id)
    return ParticipantForRep(
        id=participant.id,
        name=None if hcp is None else hcp.name,
        profession=None if hcp is None else hcp.profession,
        state=participant.state,
        viewed={str(number): milliseconds for number, milliseconds in viewed(session, participant.id).items()},
    )


def viewed(session: Session, participant_id: str) -> dict[int, int]:
    """Milliseconds before a participant's eyes, by slide number."""
    total = func.sum(ViewedSlide.milliseconds)
    rows = session.execute(
        select(ViewedSlide.number, total).where(ViewedSlide.participant_id == participant_id).group_by(ViewedSlide.number)
    )
    return {number: int(milliseconds) for number, milliseconds in rows}


def slide_on_screen(session: Session, guest: Visitor) -> OnScreen:
    """What is before this guest now."""
    participant = session.get(Participant, guest.id)
    found = None if participant is None else session.get(Detailing, participant.detailing_id)
    return OnScreen() if found is None else OnScreen(found.id, found.deck_id, found.number)


def live_without_content(session: Session, now: datetime) -> list[str]:
    """The running sessions whose deck the gate no longer lets through."""
    running = session.scalars(select(Detailing).where(Detailing.state == "live"))
    return [held.id for held in running if not shows(session, held.deck_id, Viewer(Audience.HCP, held.country), now)]


def attended(session: Session, guest_ids: Sequence[str]) -> Sequence[tuple[Participant, Detailing]]:
    """The sessions in which these guests took part, oldest first."""
    rows = session.execute(
        select(Participant, Detailing)
        .join(Detailing, Detailing.id == Participant.detailing_id)
        .where(Participant.id.in_(guest_ids))
        .order_by(Participant.arrived_at)
    )
    return [(participant, found) for participant, found in rows]


def views(session: Session, participant_id: str) -> Sequence[ViewedSlide]:
    """What a participant viewed, in order."""
    return session.scalars(select(ViewedSlide).where(ViewedSlide.participant_id == participant_id).order_by(ViewedSlide.at)).all()


def slides_shown(session: Session, detailing_id: str) -> Sequence[ShownSlide]:
    """What the rep showed, in order."""
    return session.scalars(select(ShownSlide).where(ShownSlide.detailing_id == detailing_id).order_by(ShownSlide.seq)).all()
