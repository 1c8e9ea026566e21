"""Everything a person may know, at one moment: what a page starts from, before it follows facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.gate import Viewer
from content.model import Audience
from server.conversation import reads as conversation
from server.conversation.messages import ReplyGiven
from server.conversation.reads import MessageForRep, QuestionForRep
from server.detailing import reads as detailing
from server.detailing.access import is_in_the_room
from server.detailing.messages.colleagues import ColleagueWanted
from server.detailing.reads import DetailingForHcp, DetailingForPresenter, ParticipantForRep
from server.detailing.taking_part import Everyones, Mine, Offered, everyones, mine, offered
from server.edge.tickets import Connected
from server.library.reads import shows
from server.medical import reads as medical
from server.medical.actions import TEAM
from server.medical.reads import InquiryLine, RequestForRep
from server.people.identity import Visitor
from server.people.reads import hcp_of_guest
from server.store import clock
from server.store.messages import CONSOLE, CONVERSATION, DESK, ROOM, Announcement, Wire
from server.store.tables import StoredFact, StreamHead

# Further behind than this, a page starts anew: a snapshot is then shorter than what it missed.
REPLAY_LIMIT = 500


class Myself(Wire):
    """The HCP's own place in a session: waiting, admitted, refused, removed or left."""

    id: str
    name: str | None
    tracked: bool
    state: str


class HcpSnapshot(Wire):
    """What an HCP's page starts from. `participant` and `detailing` are None on the lab's site."""

    participant: Myself | None
    detailing: DetailingForHcp | None
    offered: Offered | None
    mine: Mine | None
    conversation: list[dict[str, Any]]
    heads: dict[str, int]


class Presence(ParticipantForRep):
    """A participant, and where they are looking now."""

    number: int | None = None
    visible: bool = False
    connected: bool = False


class RepSnapshot(Wire):
    """What the presenter's console starts from."""

    detailing: DetailingForPresenter
    locked: bool
    participants: list[Presence]
    questions: list[QuestionForRep]
    messages: list[MessageForRep]
    requests: list[RequestForRep]
    offered: Offered
    everyones: Everyones
    called: list[str]
    heads: dict[str, int]


class ColleagueSnapshot(Wire):
    """What the page of an MSL in a session starts from: the room, and nobody's words."""

    detailing: DetailingForPresenter
    offered: Offered
    heads: dict[str, int]


class MslSnapshot(Wire):
    """What the desk starts from. `wanted`: running sessions into which a rep asks this MSL to come."""

    inquiries: list[InquiryLine]
    wanted: list[ColleagueWanted]
    heads: dict[str, int]


Looks = Callable[[str], tuple[int | None, bool, bool]]


def streams_of(session: Session, who: Connected) -> list[str]:
    """The streams this person may follow: for an HCP their own conversation, and the room once they were let in."""
    match who.role:
        case "hcp":
            guest = who.as_guest()
            entered = detailing.room_entered(session, guest.id)
            return [CONVERSATION.of(guest.id), *([] if entered is None else [ROOM.of(entered)])]
        case "rep":
            assert who.detailing_id is not None
            return [ROOM.of(who.detailing_id), CONSOLE.of(who.detailing_id)]
        case _ if who.detailing_id is not None:
            return [ROOM.of(who.detailing_id)] if is_in_the_room(session, who.detailing_id, who.sender) else []
        case _:
            return [DESK.of(TEAM), DESK.of(who.as_staff().id)]


def heads(session: Session, streams: Iterable[str]) -> dict[str, int]:
    """The last number of each stream; 0 for one in which nothing was said yet."""
    streams = list(streams)
    rows = session.execute(select(StreamHead.id, StreamHead.head).where(StreamHead.id.in_(streams)))
    found = {stream: head for stream, head in rows}  # noqa: C416  rows are no pairs to the type checker
    return {stream: found.get(stream, 0) for stream in streams}


def announced_after(session: Session, stream: str, seq: int) -> list[Announcement]:
    """The facts of a stream after a number."""
    rows = session.scalars(select(StoredFact).where(StoredFact.stream == stream, StoredFact.seq > seq).order_by(StoredFact.seq))
    return [Announcement(row.stream, row.seq, row.name, row.at, row.body) for row in rows]


def facts_after(session: Session, stream: str, seq: int) -> list[dict[str, Any]]:
    """The same as they travel."""
    return [fact.to_wire() for fact in announced_after(session, stream, seq)]


def catch_up(session: Session, who: Connected, streams: list[str], seen: dict[str, int], looks: Looks) -> dict[str, Any]:
    """The answer to a join: the facts that were missed, or a snapshot where that is shorter or nothing was seen before."""
    now = heads(session, streams)
    behind = {stream: head - seen.get(stream, -1) for stream, head in now.items()}
    if all(stream in seen and 0 <= missed <= REPLAY_LIMIT for stream, missed in behind.items()):
        facts = [fact for stream in now for fact in facts_after(session, stream, seen[stream])]
        if who.guest is not None:
            facts = _as_may_be_shown(session, who.guest, facts)
        return {"ok": True, "snapshot": None, "facts": facts, "heads": now, "at": _moment()}
    found = snapshot(session, who, now, looks)
    return {"ok": True, "snapshot": found.model_dump(mode="json"), "facts": [], "heads": now, "at": _moment()}


def _moment() -> str:
    """The server's clock, by which browsers set theirs."""
    return clock.now().isoformat()


def snapshot(session: Session, who: Connected, now: dict[str, int], looks: Looks) -> Wire:
    """What the person may know at this moment."""
    match who.role:
        case "hcp":
            return hcp_snapshot(session, who.as_guest(), now)
        case "rep":
            assert who.detailing_id is not None
            participants = detailing.participants_for_rep(session, who.detailing_id)
            return RepSnapshot(
                detailing=detailing.for_presenter(session, who.detailing_id),
                locked=detailing.is_locked(session, who.detailing_id),
                participants=[_with_look(participant, looks) for participant in participants],
                questions=conversation.for_rep(session, who.detailing_id),
                messages=conversation.messages_for_rep(session, who.detailing_id),
                requests=medical.for_rep(session, who.detailing_id),
                offered=offered(session, who.detailing_id),
                everyones=everyones(session, who.detailing_id),
                called=detailing.colleagues_called(session, who.detailing_id),
                heads=now,
            )
        case _ if who.detailing_id is not None:
            state = detailing.for_presenter(session, who.detailing_id)
            return ColleagueSnapshot(detailing=state, offered=offered(session, who.detailing_id), heads=now)
        case _:
            wanted = detailing.wanting(session, who.as_staff().id)
            return MslSnapshot(inquiries=medical.open_inquiries(session), wanted=wanted, heads=now)


def hcp_snapshot(session: Session, guest: Visitor, now: dict[str, int]) -> HcpSnapshot:
    """The same for an HCP; also what is put into the page itself."""
    place = detailing.for_hcp(session, guest)
    hcp = hcp_of_guest(session, guest.id)
    myself = None
    if place is not None:
        myself = Myself(id=guest.id, name=None if hcp is None else hcp.name, tracked=hcp is not None, state=place[1].state)
    return HcpSnapshot(
        participant=myself,
        detailing=None if place is None else place[2],
        offered=None if place is None else offered(session, place[0].id, place[1].state == "admitted"),
        mine=None if place is None else mine(session, place[1]),
        conversation=_as_may_be_shown(session, guest, facts_after(session, CONVERSATION.of(guest.id), 0)),
        heads=now,
    )


def _as_may_be_shown(session: Session, guest: Visitor, facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Words said again pass the gate again: of an edition that it keeps back now, a reply names the source without the words."""
    viewer, now = Viewer(Audience.HCP, guest.country), clock.now()
    open_now = cache(lambda edition_id: shows(session, edition_id, viewer, now))

    def told(fact: dict[str, Any]) -> dict[str, Any]:
        if fact["name"] != ReplyGiven.wire_name():
            return fact
        citations = [c if open_now(c["edition_id"]) else {**c, "text": ""} for c in fact["body"]["citations"]]
        return {**fact, "body": {**fact["body"], "citations": citations}}

    return [told(fact) for fact in facts]


def _with_look(participant: ParticipantForRep, looks: Looks) -> Presence:
    number, visible, connected = looks(participant.id)
    return Presence(**participant.model_dump(), number=number, visible=visible, connected=connected)
