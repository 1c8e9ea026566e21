"""What may be asked about sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content.gate import Viewer
from content.model import Audience
from server.detailing.messages.colleagues import ColleagueWanted
from server.detailing.messages.lease import Presenter
from server.detailing.tables import A_CONTACT, Colleague, Detailing, Participant, ShownSlide, ViewedSlide
from server.library.reads import OnScreen, shows, title_of, titles_of
from server.library.tables import EditionRow, SlideRow
from server.people.identity import Visitor
from server.people.reads import hcp_of_guest
from server.people.tables import Staff
from server.store.messages import Wire


class ColleagueNow(Wire):
    """An MSL who is in the session."""

    staff_id: str
    name: str


class DetailingForHcp(Wire):
    """The session as one of its HCPs may know it."""

    state: str
    number: int | None
    shown: list[dict[str, Any]]
    total: int
    deck_title: str
    rep_name: str
    rehearsal: bool
    scheduled_at: datetime
    presenter: Presenter
    colleagues: list[ColleagueNow]
    held: bool
    calls: int


class ParticipantForRep(Wire):
    """A participant as the rep may know them: a name only with consent. `viewed`: milliseconds by slide number.

    `link_reused`: somebody had come in by the same link before.
    """

    id: str
    name: str | None
    profession: str | None
    state: str
    link_reused: bool
    viewed: dict[str, int]


class DetailingForPresenter(Wire):
    """The state of the session for its rep, and for an MSL in it.

    `shown`: the slides shown so far, in the order of their first time; `left_out`: mandatory slides without which it was closed.
    """

    state: str
    number: int | None
    shown: list[int]
    total: int
    started_at: datetime | None
    ended_at: datetime | None
    planned_minutes: int | None
    presenter: Presenter
    colleagues: list[ColleagueNow]
    held: bool
    calls: int
    left_out: list[int]


def detailing(session: Session, detailing_id: str) -> Detailing | None:
    """One session."""
    return session.get(Detailing, detailing_id)


def is_rehearsed(session: Session, detailing_id: str | None) -> bool:
    """Whether what is said in this session is said in a rehearsal."""
    found = None if detailing_id is None else session.get(Detailing, detailing_id)
    return found is not None and found.rehearsal


def room_entered(session: Session, guest_id: str) -> str | None:
    """The session into which this guest was let in, by its id."""
    return session.scalar(select(Participant.detailing_id).where(Participant.id == guest_id, Participant.state == "admitted"))


def takes_part(session: Session, guest: Visitor, detailing_id: str) -> bool:
    """Whether this guest is in the lobby or the room of the session, or was when it ended."""
    participant = session.get(Participant, guest.id)
    return participant is not None and participant.detailing_id == detailing_id and participant.state in ("waiting", "admitted")


def for_hcp(session: Session, guest: Visitor) -> tuple[Detailing, Participant, DetailingForHcp] | None:
    """The guest's session and place in it; None on the lab's site. In the lobby nothing of the deck is told but its title."""
    participant = session.get(Participant, guest.id)
    if participant is None:
        return None
    found = session.get_one(Detailing, participant.detailing_id)
    inside = participant.state == "admitted"
    titles = titles_of(session, found.deck_id)
    shown = sorted(shown_numbers(session, found.id)) if inside else []
    view = DetailingForHcp(
        state=found.state,
        number=found.number if inside else None,
        shown=[{"number": number, "title": titles[number]} for number in shown],
        total=len(titles),
        deck_title=title_of(session, found.deck_id),
        rep_name=session.get_one(Staff, found.rep_id).name,
        rehearsal=found.rehearsal,
        scheduled_at=found.scheduled_at,
        presenter=presenter_of(session, found),
        colleagues=colleagues_in(session, found.id),
        held=found.held_since is not None,
        calls=found.calls,
    )
    return found, participant, view


def presenter_of(session: Session, detailing: Detailing) -> Presenter:
    """Who presents now, or presented last."""
    somebody = session.get_one(Staff, detailing.presenter_id or detailing.rep_id)
    role: Literal["rep", "msl"] = "rep" if somebody.id == detailing.rep_id else "msl"
    return Presenter(staff_id=somebody.id, name=somebody.name, role=role, epoch=detailing.epoch)


def lease_holder(session: Session, detailing_id: str) -> tuple[str, int]:
    """Who holds the lease of a session, by their id, and its epoch."""
    found = session.get_one(Detailing, detailing_id)
    return found.presenter_id or found.rep_id, found.epoch


def colleagues_in(session: Session, detailing_id: str) -> list[ColleagueNow]:
    """The MSLs who are in the session, in the order in which they came."""
    rows = session.execute(
        select(Staff.id, Staff.name)
        .join(Colleague, Colleague.staff_id == Staff.id)
        .where(Colleague.detailing_id == detailing_id, Colleague.entered_at.is_not(None), Colleague.left_at.is_(None))
        .order_by(Colleague.entered_at)
    )
    return [ColleagueNow(staff_id=staff_id, name=name) for staff_id, name in rows]


def owed(session: Session, detailing: Detailing) -> list[int]:
    """The mandatory slides that were not shown, in order."""
    mandatory = session.scalars(
        select(SlideRow.number).where(SlideRow.edition_id == detailing.deck_id, SlideRow.mandatory).order_by(SlideRow.number)
    )
    shown = shown_numbers(session, detailing.id)
    return [number for number in mandatory if number not in shown]


def shown_numbers(session: Session, detailing_id: str) -> set[int]:
    """The slides that were shown at least once."""
    return set(session.scalars(select(ShownSlide.number).where(ShownSlide.detailing_id == detailing_id).distinct()))


def for_presenter(session: Session, detailing_id: str) -> DetailingForPresenter:
    """The session as whoever presents it may know it."""
    found = session.get_one(Detailing, detailing_id)
    return DetailingForPresenter(
        state=found.state,
        number=found.number,
        shown=list(dict.fromkeys(shown.number for shown in slides_shown(session, detailing_id))),
        total=len(titles_of(session, found.deck_id)),
        started_at=found.started_at,
        ended_at=found.ended_at,
        planned_minutes=found.planned_minutes,
        presenter=presenter_of(session, found),
        colleagues=colleagues_in(session, found.id),
        held=found.held_since is not None,
        calls=found.calls,
        left_out=owed(session, found) if found.incomplete_reason else [],
    )


def colleagues_called(session: Session, detailing_id: str) -> list[str]:
    """The MSLs whom the rep asked to come, in that order."""
    called = select(Colleague.staff_id).where(Colleague.detailing_id == detailing_id, Colleague.invited_at.is_not(None))
    return list(session.scalars(called.order_by(Colleague.invited_at)))


def wanting(session: Session, msl_id: str) -> list[ColleagueWanted]:
    """The running sessions into which this MSL is asked to come, in the order of asking."""
    rows = session.execute(
        select(Detailing.id, Staff.name, EditionRow.title)
        .join(Colleague, Colleague.detailing_id == Detailing.id)
        .join(Staff, Staff.id == Detailing.rep_id)
        .join(EditionRow, EditionRow.id == Detailing.deck_id)
        .where(Colleague.staff_id == msl_id, Colleague.invited_at.is_not(None), Detailing.state == "live")
        .order_by(Colleague.invited_at)
    )
    return [ColleagueWanted(detailing_id=detailing_id, rep_name=rep, deck_title=deck) for detailing_id, rep, deck in rows]


def participants_for_rep(session: Session, detailing_id: str) -> list[ParticipantForRep]:
    """The participants as the rep may know them, in the order in which they came."""
    people = session.scalars(select(Participant).where(Participant.detailing_id == detailing_id).order_by(Participant.arrived_at))
    return [_for_rep(session, participant) for participant in people if participant.state != "left"]


def is_locked(session: Session, detailing_id: str) -> bool:
    """Whether nobody new comes into the lobby."""
    return session.get_one(Detailing, detailing_id).locked


def _for_rep(session: Session, participant: Participant) -> ParticipantForRep:
    hcp = hcp_of_guest(session, participant.id)
    return ParticipantForRep(
        id=participant.id,
        name=None if hcp is None else hcp.name,
        profession=None if hcp is None else hcp.profession,
        state=participant.state,
        link_reused=participant.link_reused,
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
    running = session.execute(select(Detailing.id, Detailing.deck_id, Detailing.country).where(Detailing.state == "live"))
    # Many sessions show one deck: it is asked about once.
    open_now = cache(lambda deck_id, country: shows(session, deck_id, Viewer(Audience.HCP, country), now))
    return [detailing_id for detailing_id, deck_id, country in running if not open_now(deck_id, country)]


def attended(session: Session, guest_ids: Sequence[str]) -> Sequence[tuple[Participant, Detailing]]:
    """The contacts in which these guests took part, oldest first."""
    rows = session.execute(
        select(Participant, Detailing)
        .join(Detailing, Detailing.id == Participant.detailing_id)
        .where(Participant.id.in_(guest_ids), A_CONTACT)
        .order_by(Participant.arrived_at)
    )
    return [(participant, found) for participant, found in rows]


def views(session: Session, participant_id: str) -> Sequence[ViewedSlide]:
    """What a participant viewed, in order."""
    return session.scalars(select(ViewedSlide).where(ViewedSlide.participant_id == participant_id).order_by(ViewedSlide.at)).all()


def slides_shown(session: Session, detailing_id: str) -> Sequence[ShownSlide]:
    """What the rep showed, in order."""
    return session.scalars(select(ShownSlide).where(ShownSlide.detailing_id == detailing_id).order_by(ShownSlide.seq)).all()
