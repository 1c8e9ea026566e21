"""Calls: who is in the call of which session, and what their browsers tell each other.

All of it lives in memory and goes out as notices. Browsers talk to each other directly, so a call outlives a line that is cut
and a server that restarts: whoever is in it says so again at their next connection, and keeps their place for `PATIENCE`.
Where several processes serve the same rooms, each tells the others at every change and heartbeat who is in a call with it.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Awaitable, Callable, Iterable
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
from server.edge.callers import Caller, Callers
from server.edge.hints import CallerThere, Calling, Hints, NoticeSaid
from server.edge.limits import Budget
from server.edge.tickets import Connected
from server.people.reads import hcp_of_guest, staff_member
from server.settings import Settings
from server.store import Announcement, Refusal, Store, clock
from server.store.messages import CONSOLE, ROOM, Notice, Signal

# So long somebody whose line is gone stays in the call: a reload ends it, a tunnel does not.
PATIENCE = 15.0
# How long the password for a relay holds; browsers ask for a new one before they use it again.
RELAY_LIFETIME = 3600
# What is heard of those whose part in a session is over.
ENDS = {fact.wire_name() for fact in (AdmissionRevoked, PlaceRestored, HcpLeft, ColleagueLeft, DetailingEnded)}

Say = Callable[[Notice, str], Awaitable[None]]


class Calls:
    """The calls that are going on, one a session.

    `say` says a notice to a room or a line with this process, `is_there` knows whether a line is.
    """

    def __init__(
        self, settings: Settings, store: Store, say: Say, is_there: Callable[[str], bool], hints: Hints | None = None
    ) -> None:
        self._settings, self._store, self._say, self._is_there, self._hints = settings, store, say, is_there, hints
        self._budget = Budget()
        self._callers = Callers()

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
                await self._remove(self._on(sid))
            case TellPeer():
                await self._pass_on(sid, signal)
        return {}

    async def _in_call(self, who: Connected, sid: str, said: InCall) -> dict[str, Any]:
        detailing_id, name = await self._store.read(_place, who)
        call, entry, now = self._callers.call(detailing_id), str(said.entry), clock.now().timestamp()
        before = call.get(who.sender)
        moves = before is not None and before.person.entry != entry
        if moves and not said.joins:
            raise Refusal("call_elsewhere")
        if before is None and len(call) >= MOST:
            raise Refusal("call_full", most=str(MOST))
        person = CallPerson.model_validate(
            {"id": who.sender, "entry": entry, "name": name, "role": who.role} | said.model_dump(include={"microphone", "camera"})
        )
        since = before.since if before is not None and before.sid == sid else now
        self._callers.put(Caller(detailing_id, person, sid, since))
        await self._check(who, sid)
        if before is not None and moves:
            await self._say(CallLost(reason="elsewhere"), before.sid)
        await self._changed({detailing_id})
        return {"ice": ice(self._settings, who.sender, int(now))}

    async def _check(self, who: Connected, sid: str) -> None:
        """Who lost their place, or hung up, between the reading and the joining was not found when they were looked for."""
        try:
            await self._store.read(_place, who)
        except Refusal:
            await self._remove(self._on(sid))
            raise
        if not self._is_there(sid):
            self.line_lost(sid)

    async def _pass_on(self, sid: str, said: TellPeer) -> None:
        speaker = next(iter(self._on(sid)), None)
        to = None if speaker is None else self._callers.call(speaker.detailing_id).get(said.to)
        if speaker is None or to is None or to.person.entry != str(said.entry):
            raise Refusal("not_in_the_call")
        told = PeerTold(entry=speaker.person.entry, description=said.description, candidate=said.candidate)
        if self._is_there(to.sid):
            await self._say(told, to.sid)
        elif self._hints is not None:
            self._hints.tell(NoticeSaid(room=to.sid, name=told.wire_name(), body=told.model_dump(mode="json")))

    async def show(self, detailing_id: str, role: str, sid: str) -> None:
        """Tell somebody who comes into the room whether a call is going on, and the rep, who is in it."""
        if call := self._callers.call(detailing_id):
            await self._say(CallSeen(people=len(call)), sid)
            if role == "rep":
                await self._say(_people(call.values()), sid)

    def line_lost(self, sid: str) -> None:
        """A line is gone; whoever was in a call on it keeps their place for a while."""
        self._callers.lose(sid)

    async def keep_up(self) -> None:
        """At every heartbeat: end the part of those who did not come back, and tell the other processes who is there."""
        await self._remove(self._callers.lost_for(PATIENCE))
        if self._hints is not None:
            if self._callers.here:
                self.tell_all()
            await self._show(self._callers.forget_silent(self._hints.listening_since))

    async def heard(self, fact: Announcement) -> None:
        """Who has no place in the session any more has none in its call."""
        if fact.name in ENDS:
            await self._remove([caller for caller in self._callers.here if _is_over(fact, caller)])

    def tell_all(self) -> None:
        """Let the other processes know who is in a call with this one."""
        if self._hints is not None:
            self._hints.tell(Calling(callers=[_there(caller) for caller in self._callers.here]))

    async def told(self, process: str, hint: Calling) -> None:
        """Another process says who is in a call with it."""
        names = await self._store.read(_names, hint.callers)
        concerned, moved = self._callers.heard(
            process, [_here(caller, name) for caller, name in zip(hint.callers, names, strict=True)]
        )
        self._callers.remove(moved)
        for caller in moved:
            if self._callers.call(caller.detailing_id)[caller.person.id].person.entry != caller.person.entry:
                await self._say(CallLost(reason="elsewhere"), caller.sid)
        await self._show(concerned)

    def _on(self, sid: str) -> list[Caller]:
        return [caller for caller in self._callers.here if caller.sid == sid]

    async def _remove(self, callers: list[Caller]) -> None:
        self._callers.remove(callers)
        for caller in callers:
            await self._say(CallLost(reason="over"), caller.sid)
        if callers:
            await self._changed({caller.detailing_id for caller in callers})

    async def _changed(self, detailings: set[str]) -> None:
        self.tell_all()
        await self._show(detailings)

    async def _show(self, detailings: set[str]) -> None:
        for detailing_id in detailings:
            call = self._callers.call(detailing_id)
            await self._say(CallSeen(people=len(call)), ROOM.of(detailing_id))
            for place in [CONSOLE.of(detailing_id), *(c.sid for c in call.values() if c.person.role != "rep")]:
                await self._say(_people(call.values()), place)


def _people(callers: Iterable[Caller]) -> CallChanged:
    return CallChanged(people=[caller.person for caller in callers])


def _there(caller: Caller) -> CallerThere:
    person = caller.person.model_dump(exclude={"name"})
    return CallerThere(detailing_id=caller.detailing_id, sid=caller.sid, since=caller.since, person=person)


def _here(caller: CallerThere, name: str | None) -> Caller:
    person = CallPerson.model_validate({**caller.person, "name": name})
    return Caller(caller.detailing_id, person, caller.sid, caller.since)


def _names(session: Session, callers: list[CallerThere]) -> list[str | None]:
    """The names that the others in a call read: of staff, and of an HCP who consented to being known."""
    return [_name(session, str(caller.person["role"]), str(caller.person["id"])) for caller in callers]


def _name(session: Session, role: str, person_id: str) -> str | None:
    found = hcp_of_guest(session, person_id) if role == "hcp" else staff_member(session, person_id)
    return None if found is None else found.name


def _is_over(fact: Announcement, caller: Caller) -> bool:
    detailing_id, person_id, subject = caller.detailing_id, caller.person.id, fact.stream.partition(":")[2]
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
    else:
        found = access.detailing_joined(session, who.detailing_id or "", who.as_staff())
    if found.state == "ended":
        raise Refusal("already_ended")
    return found.id, _name(session, who.role, who.sender)


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
