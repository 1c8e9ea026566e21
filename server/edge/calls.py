"""Calls: who is in the call of which session, and what their browsers tell each other.

All of it lives in memory and goes out as notices. Browsers talk to each other directly, so a call outlives a line that is cut
and a server that restarts: whoever is in it says so again at their next connection, and keeps their place for `PATIENCE`.
"""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from server.detailing import access
from server.detailing.messages.calls import (
    MOST,
    CallChanged,
    CallLost,
    CallPerson,
    CallSeen,
    InCall,
    LeaveCall,
    PeerTold,
    TellPeer,
)
from server.detailing.messages.colleagues import ColleagueLeft
from server.detailing.messages.lobby import AdmissionRevoked, HcpLeft, PlaceRestored
from server.detailing.messages.presenting import DetailingEnded
from server.edge.limits import Budget
from server.edge.tickets import Connected
from server.people.reads import hcp_of_guest
from server.settings import Settings
from server.store import Announcement, Refusal, Store, clock
from server.store.messages import CONSOLE, ROOM, Notice, Signal

# So long somebody whose line is gone stays in the call: a reload ends it, a tunnel does not.
PATIENCE = 15.0
# How long the password for a relay holds; browsers ask for a new one before they use it again.
RELAY_LIFETIME = 3600

# What is heard of those whose part in a session is over.
ENDS = {fact.wire_name() for fact in (AdmissionRevoked, PlaceRestored, HcpLeft, ColleagueLeft, DetailingEnded)}

Tell = Callable[[Notice, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody in a call, and the line on which they are; `lost_at`: since when that line is gone."""

    person: CallPerson
    sid: str
    lost_at: float | None = None


class Calls:
    """The calls that are going on, one a session. `tell` sends a notice to a room or a line; `is_there`: is this line?"""

    def __init__(self, settings: Settings, store: Store, tell: Tell, is_there: Callable[[str], bool]) -> None:
        self._settings, self._store, self._tell, self._is_there = settings, store, tell, is_there
        self._budget = Budget()
        self._calls: dict[str, dict[str, Caller]] = {}

    async def said(self, who: Connected, sid: str, signal: Signal) -> dict[str, Any]:
        """What a page says about its call; the result goes into the acknowledgement.

        Raises `Refusal`: `call_full`, `call_elsewhere`, `not_in_the_call`, `busy`, and those of who has no place in the room.
        """
        if not self._budget.allows(who.sender, signal.wire_name()):
            raise Refusal("busy")
        match signal:
            case InCall():
                return await self._in_call(who, sid, signal)
            case LeaveCall():
                await self._remove([(d, c) for d, c in self._everyone() if c.sid == sid])
            case TellPeer():
                await self._pass_on(sid, signal)
        return {}

    async def _in_call(self, who: Connected, sid: str, said: InCall) -> dict[str, Any]:
        detailing_id, name = await self._store.read(_place, who)
        call, entry = self._calls.get(detailing_id, {}), str(said.entry)
        before = call.get(who.sender)
        moves = before is not None and before.person.entry != entry
        if moves and not said.joins:
            raise Refusal("call_elsewhere")
        if before is None and len(call) >= MOST:
            raise Refusal("call_full", most=str(MOST))
        person = CallPerson.model_validate(
            {"id": who.sender, "entry": entry, "name": name, "role": who.role} | said.model_dump(include={"microphone", "camera"})
        )
        self._calls[detailing_id] = {**call, who.sender: Caller(person, sid)}
        await self._check(who, sid)
        if before is not None and moves:
            await self._tell(CallLost(reason="elsewhere"), before.sid)
        await self._tell_everyone(detailing_id)
        return {"ice": ice(self._settings, who.sender, int(clock.now().timestamp()))}

    async def _check(self, who: Connected, sid: str) -> None:
        """Who lost their place, or hung up, between the reading and the joining was not found when they were looked for."""
        try:
            await self._store.read(_place, who)
        except Refusal:
            await self._remove([(d, c) for d, c in self._everyone() if c.sid == sid])
            raise
        if not self._is_there(sid):
            self.line_lost(sid)

    async def _pass_on(self, sid: str, said: TellPeer) -> None:
        detailing_id, speaker = next(((d, c) for d, c in self._everyone() if c.sid == sid), ("", None))
        to = self._calls.get(detailing_id, {}).get(said.to)
        if speaker is None or to is None or to.person.entry != str(said.entry):
            raise Refusal("not_in_the_call")
        await self._tell(PeerTold(entry=speaker.person.entry, description=said.description, candidate=said.candidate), to.sid)

    async def show(self, detailing_id: str, role: str, sid: str) -> None:
        """Tell somebody who comes into the room whether a call is going on, and the rep, who is in it."""
        if call := self._calls.get(detailing_id):
            await self._tell(CallSeen(people=len(call)), sid)
            if role == "rep":
                await self._tell(_changed(call), sid)

    def line_lost(self, sid: str) -> None:
        """A line is gone; whoever was in a call on it keeps their place for a while."""
        for detailing_id, caller in self._everyone():
            if caller.sid == sid:
                lost = Caller(caller.person, sid, time.monotonic())
                self._calls[detailing_id] = {**self._calls[detailing_id], caller.person.id: lost}

    async def forget_the_lost(self) -> None:
        """End the part of those who did not come back; looked for at every heartbeat."""
        past = time.monotonic() - PATIENCE
        await self._remove([(d, c) for d, c in self._everyone() if c.lost_at is not None and c.lost_at <= past])

    async def heard(self, fact: Announcement) -> None:
        """Who has no place in the session any more has none in its call."""
        if fact.name in ENDS:
            await self._remove([(d, c) for d, c in self._everyone() if _is_over(fact, d, c.person.id)])

    def _everyone(self) -> list[tuple[str, Caller]]:
        return [(detailing_id, caller) for detailing_id, call in self._calls.items() for caller in call.values()]

    async def _remove(self, gone: list[tuple[str, Caller]]) -> None:
        for detailing_id, caller in gone:
            call = {id: other for id, other in self._calls[detailing_id].items() if id != caller.person.id}
            self._calls[detailing_id] = call
            if not call:
                del self._calls[detailing_id]
        for _, caller in gone:
            await self._tell(CallLost(reason="over"), caller.sid)
        for detailing_id in {detailing_id for detailing_id, _ in gone}:
            await self._tell_everyone(detailing_id)

    async def _tell_everyone(self, detailing_id: str) -> None:
        call = self._calls.get(detailing_id, {})
        await self._tell(CallSeen(people=len(call)), ROOM.of(detailing_id))
        for place in [CONSOLE.of(detailing_id), *(c.sid for c in call.values() if c.person.role != "rep")]:
            await self._tell(_changed(call), place)


def _changed(call: dict[str, Caller]) -> CallChanged:
    return CallChanged(people=[caller.person for caller in call.values()])


def _is_over(fact: Announcement, detailing_id: str, person_id: str) -> bool:
    subject = fact.stream.partition(":")[2]
    if fact.name == DetailingEnded.wire_name():
        return detailing_id == subject
    if fact.name == ColleagueLeft.wire_name():
        return (detailing_id, person_id) == (subject, fact.body["staff_id"])
    return bool(person_id == fact.body.get("participant_id", subject))


def _place(session: Session, who: Connected) -> tuple[str, str | None]:
    """The session in whose call this person may be, and the name that the others read there.

    Raises `Refusal`: `not_found`, `not_admitted`, `already_ended`.
    """
    if who.guest is not None:
        found, _ = access.place_once_admitted(session, who.guest)
        hcp = hcp_of_guest(session, who.guest.id)
        name = None if hcp is None else hcp.name
    else:
        found, name = access.detailing_joined(session, who.detailing_id or "", who.as_staff()), who.as_staff().name
    if found.state == "ended":
        raise Refusal("already_ended")
    return found.id, name


def ice(settings: Settings, person_id: str, now: int) -> list[dict[str, Any]]:
    """The servers by which browsers find each other, as `RTCPeerConnection` takes them; a relay with a password for an hour.

    The password is the one that coturn derives itself (`use-auth-secret`): it need not know who our people are.
    """
    servers: list[dict[str, Any]] = []
    if settings.stun_urls:
        servers.append({"urls": list(settings.stun_urls)})
    if settings.turn_urls:
        username = f"{now + RELAY_LIFETIME}:{person_id}"
        password = hmac.digest(settings.turn_secret.encode(), username.encode(), "sha1")
        servers.append(
            {"urls": list(settings.turn_urls), "username": username, "credential": base64.b64encode(password).decode()}
        )
    return servers
