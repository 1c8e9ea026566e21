"""The Socket.IO edge: one namespace a role, every command answered, facts sent in order after their commit.

Engine facts that decide the configuration are measured in `tests/bench`: handlers run in the order of their messages
(`async_handlers=False`), permessage-deflate is off, a client that stops reading is cut and comes back by replay.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

import socketio
from aiohttp import web
from pydantic import ValidationError
from sqlalchemy.orm import Session

from server.detailing.actions.presenting import end_without_content
from server.detailing.messages.calls import InCall, LeaveCall, TellPeer
from server.detailing.messages.colleagues import ColleagueLeft
from server.detailing.messages.lease import LeaseGiven, LeaseSeen, LeaseTaken, Presenting
from server.detailing.messages.lobby import AdmissionGranted, AdmissionRevoked, PlaceRestored
from server.detailing.messages.presenting import Point, PointerMoved
from server.detailing.messages.viewing import Look, PresenceChanged
from server.detailing.reads import lease_holder, live_without_content
from server.edge import words
from server.edge.acts import MESSAGE_LIMIT, Acts
from server.edge.broadcast import Engine
from server.edge.calls import Calls
from server.edge.guard import address_of, own_origins
from server.edge.limits import Crowd
from server.edge.presenters import Presenters
from server.edge.snapshots import catch_up, heads, streams_of
from server.edge.tickets import Connected, Tickets
from server.people.reads import signed_in_roles, valid_passes
from server.settings import Settings
from server.store import Announcement, Refusal, Store, clock
from server.store.messages import CONSOLE, ROOM, SIGNALS, STREAMS, Notice, Signal

LOG = logging.getLogger("relais.sockets")
ROLES = ("hcp", "rep", "msl")
HEARTBEAT = 2.0
# A credential behind an open socket is looked at again this often, so that signing out or losing a role ends it.
REVALIDATION = 30.0
GOODBYE = 2.0
# When the server stops, its clients come back spread over as long as their number takes.
RETURNS_A_SECOND = 150
# What tells a guest that their bearer opens this place no longer: their sockets end with it.
PLACE_GONE = {AdmissionRevoked.wire_name(), PlaceRestored.wire_name()}
LEASE_MOVED = {LeaseGiven.wire_name(), LeaseTaken.wire_name()}


class ServerLeaving(Notice, to=ROLES):
    """This server stops: come back within `milliseconds`, each at a moment of its own."""

    milliseconds: int


class _Engine(Engine):
    """The engine, which takes no client's word for its own: an event that is named `disconnect` is a message like any other."""

    def __init__(self, crowd: Crowd, **options: Any) -> None:
        super().__init__(**options)
        self._crowd = crowd

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> None:
        self._crowd.came(eio_sid, address_of(environ["aiohttp.request"]))
        await super()._handle_eio_connect(eio_sid, environ)

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        self._crowd.left(eio_sid)
        await super()._handle_eio_disconnect(eio_sid, reason)

    async def _handle_event(self, eio_sid: str, namespace: str, id: int | None, data: list[Any]) -> None:
        name = "" if data[0] in self.reserved_events else data[0]
        await super()._handle_event(eio_sid, namespace, id, [name, *data[1:]])


class Sockets:
    """Everything live: who is connected, what they are told."""

    def __init__(self, settings: Settings, store: Store, tickets: Tickets, acts: Acts) -> None:
        self._store, self._tickets, self._acts = store, tickets, acts
        self.crowd = Crowd(settings.sockets_per_address)
        self.server = _Engine(
            self.crowd,
            async_handlers=False,
            cors_allowed_origins=own_origins(settings),
            max_http_buffer_size=MESSAGE_LIMIT,
            http_compression=False,
            ping_interval=25,
            ping_timeout=20,
            namespaces=[f"/{role}" for role in ROLES],
        )
        for role in ROLES:
            self.server.register_namespace(_Namespace(role, self))
        self._outgoing: asyncio.Queue[Announcement] = asyncio.Queue()
        self._people: dict[str, Connected] = {}
        self._lines_of: Counter[str] = Counter()
        self._following: dict[str, list[str]] = {}
        self._looks: dict[str, tuple[int | None, bool]] = {}
        self._presenters = Presenters()
        self._calls = Calls(settings, store, self._tell, self._people.__contains__)
        store.listen(self._outgoing.put_nowait)

    def attach(self, app: web.Application) -> None:
        """Serve Socket.IO in the application."""
        self.server.attach(app)

    async def run(self) -> None:
        """Send facts, heads and re-validate, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._send_facts())
            tasks.create_task(self._every(HEARTBEAT, self._send_heads))
            tasks.create_task(self._every(HEARTBEAT, self.close_the_gate))
            tasks.create_task(self._every(HEARTBEAT, self._calls.forget_the_lost))
            tasks.create_task(self._every(HEARTBEAT, self._show_out))
            tasks.create_task(self._every(REVALIDATION, self._revalidate))

    async def _every(self, seconds: float, act: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await act()
            except Exception:  # whatever it was, a heartbeat that stopped would stop for everybody
                LOG.exception("a heartbeat failed; the next one tries again")

    async def _send_facts(self) -> None:
        while True:
            fact = await self._outgoing.get()
            try:
                await self._send(fact)
            except Exception:  # whatever it was, the facts after this one must leave; heads tell those who missed it
                LOG.exception("a fact could not be sent")

    async def _send(self, fact: Announcement) -> None:
        stream = STREAMS[fact.stream.partition(":")[0]]
        for role in sorted(stream.audience):
            await self.server.emit("fact", fact.to_wire(), room=fact.stream, namespace=f"/{role}")
        if fact.name == AdmissionGranted.wire_name():
            await self._open_the_room(fact.stream)
        elif fact.name in PLACE_GONE:
            await self.close_those_of(guest_id=fact.stream.partition(":")[2])
        elif fact.name in LEASE_MOVED:
            self._presenters.moved_on(fact.stream.partition(":")[2], fact.body["epoch"])
        elif fact.name == ColleagueLeft.wire_name():
            await self._close_the_room(fact.stream.partition(":")[2], fact.body["staff_id"])
        await self._calls.heard(fact)

    async def _send_heads(self) -> None:
        await self._send_heads_to(list(self._following))

    async def _send_heads_to(self, sids: list[str]) -> None:
        followed = {sid: self._following[sid] for sid in sids if sid in self._following}
        if not followed:
            return
        now = await self._store.read(heads, {stream for streams in followed.values() for stream in streams})
        for sid, streams in followed.items():
            if (who := self._people.get(sid)) is not None:
                await self.server.emit("heads", {stream: now[stream] for stream in streams}, to=sid, namespace=f"/{who.role}")

    async def _open_the_room(self, conversation: str) -> None:
        """Whoever was just let in learns at once that there is more to follow: their page finds itself behind, and joins."""
        let_in = [sid for sid, streams in self._following.items() if conversation in streams]
        for sid in let_in:
            if (who := self._people.get(sid)) is not None:
                await self._follow(sid, who)
        await self._send_heads_to(let_in)

    async def _close_the_room(self, detailing_id: str, staff_id: str) -> None:
        for sid, who in list(self._people.items()):
            if who.role == "msl" and who.detailing_id == detailing_id and who.sender == staff_id:
                self._following[sid] = []
                await self.server.leave_room(sid, ROOM.of(detailing_id), namespace="/msl")

    async def _follow(self, sid: str, who: Connected) -> list[str]:
        streams = await self._store.read(streams_of, who)
        # Who hung up meanwhile follows nothing.
        while sid in self._people:
            for stream in streams:
                await self.server.enter_room(sid, stream, namespace=f"/{who.role}")
            self._following[sid] = streams
            # Who was let in between the reading and the following was not found when the room was opened to them.
            now = await self._store.read(streams_of, who)
            if now == streams:
                break
            streams = now
        return streams

    async def _show_out(self) -> None:
        for line in self.crowd.loitering():
            if (socket := self.server.eio.sockets.get(line)) is not None:
                await self.server.manager.cut(socket, "it joined nothing")

    async def _revalidate(self) -> None:
        people = dict(self._people)
        for sid in await self._store.read(_ended, people, clock.now()):
            await self.server.disconnect(sid, namespace=f"/{people[sid].role}")

    async def close_the_gate(self) -> None:
        """End the running sessions whose deck was withdrawn or ran out; looked for at every heartbeat."""
        for detailing_id in await self._store.read(live_without_content, clock.now()):
            await self._store.change(end_without_content, detailing_id)

    async def close_those_of(self, session_digest: str | None = None, guest_id: str | None = None) -> None:
        """Close the sockets behind a credential that ended, at once."""
        for sid, who in list(self._people.items()):
            if who.session_digest == session_digest or (who.guest is not None and who.guest.id == guest_id):
                await self.server.disconnect(sid, namespace=f"/{who.role}")

    def look(self, participant_id: str) -> tuple[int | None, bool, bool]:
        """Which slide a participant has before them, whether their tab is visible, whether they are connected."""
        connected = self._lines_of[participant_id] > 0
        number, visible = self._looks.get(participant_id, (None, False))
        return number, visible and connected, connected

    async def connected(self, role: str, sid: str, auth: object) -> bool:
        """Let a client in who shows a ticket for this namespace."""
        who = self._tickets.redeem(auth.get("ticket") if isinstance(auth, dict) else None)
        if who is None or who.role != role:
            return False
        self._people[sid] = who
        self._lines_of[who.sender] += 1
        return True

    async def disconnected(self, sid: str) -> None:
        """Somebody's line is gone; the presenter sees it."""
        who = self._people.pop(sid, None)
        self._following.pop(sid, None)
        self._calls.line_lost(sid)
        if who is not None:
            self._lines_of -= Counter([who.sender])
        if who is not None and who.role == "hcp":
            await self._tell_presence(who)
        if (held := self._presenters.hung_up(sid)) is not None:
            await self._tell_lease(held[0])

    async def said(self, role: str, sid: str, name: str, message: object) -> dict[str, Any] | None:
        """One message of a client; the return value is the acknowledgement."""
        who = self._people.get(sid)
        if who is None:
            return words.refused(Refusal("not_signed_in"), "fr")
        try:
            if name == "join":
                return await self._join(who, sid, message)
            if (signal := SIGNALS.get(name)) is not None and role in signal.senders:
                return {"ok": True, **await self._signal(who, sid, signal.model_validate(message))}
            return await self._acts.carry_out(who, name, message)
        except ValidationError as error:
            LOG.info("a %s message did not fit: %s", name, error.errors(include_input=False, include_url=False))
            return words.refused(Refusal("malformed"), who.language)
        except Refusal as refusal:
            return words.refused(refusal, who.language)
        except Exception:  # whatever it was: a handler that raises sends no acknowledgement, and the client would wait for one
            LOG.exception("a command was not saved")
            return words.refused(Refusal("not_saved"), who.language)

    async def _join(self, who: Connected, sid: str, message: object) -> dict[str, Any]:
        seen = message.get("seen") if isinstance(message, dict) else None
        if not isinstance(seen, dict) or not all(isinstance(k, str) and isinstance(v, int) for k, v in seen.items()):
            raise Refusal("malformed")
        self.crowd.joined(self.server.manager.eio_sid_from_sid(sid, f"/{who.role}"))
        # First the room, then the log: a fact may come twice, which the client drops, but none can fall in between.
        streams = await self._follow(sid, who)
        answer = await self._store.read(catch_up, who, streams, seen, self.look)
        if who.role == "hcp":
            await self._tell_presence(who)
        elif who.detailing_id is not None:
            await self._tell_lease(who.detailing_id, to=sid)
        for kind, _, subject in (stream.partition(":") for stream in streams):
            if kind == ROOM.name:
                await self._calls.show(subject, who.role, sid)
        return answer

    async def _signal(self, who: Connected, sid: str, signal: Signal) -> dict[str, Any]:
        if isinstance(signal, InCall | LeaveCall | TellPeer):
            return await self._calls.said(who, sid, signal)
        if isinstance(signal, Look):
            self._looks[who.as_guest().id] = (signal.number, signal.visible)
            await self._tell_presence(who)
        elif who.detailing_id is not None and isinstance(signal, Presenting):
            if (who.sender, signal.epoch) != await self._store.read(lease_holder, who.detailing_id):
                raise Refusal("not_presenting")
            self._presenters.hold(sid, who.detailing_id, signal.epoch)
            await self._tell_lease(who.detailing_id)
        elif who.detailing_id is not None and isinstance(signal, Point) and self._presenters.may_point(sid):
            await self._tell(PointerMoved(x=signal.x, y=signal.y), ROOM.of(who.detailing_id))
        return {}

    async def _tell_lease(self, detailing_id: str, to: str | None = None) -> None:
        _, epoch = await self._store.read(lease_holder, detailing_id)
        notice = LeaseSeen(epoch=epoch, connected=self._presenters.connected(detailing_id, epoch))
        await self._tell(notice, to or ROOM.of(detailing_id))

    async def _tell_presence(self, who: Connected) -> None:
        guest = who.as_guest()
        if guest.detailing_id is None:
            return
        number, visible, connected = self.look(guest.id)
        notice = PresenceChanged(participant_id=guest.id, number=number, visible=visible, connected=connected)
        await self._tell(notice, CONSOLE.of(guest.detailing_id))

    async def _tell(self, notice: Notice, room: str) -> None:
        for role in sorted(notice.audience):
            await self.server.emit(notice.wire_name(), notice.model_dump(mode="json"), room=room, namespace=f"/{role}")

    async def close(self) -> None:
        """Tell clients to come back, and stop."""
        leaving = ServerLeaving(milliseconds=1000 * len(self._people) // RETURNS_A_SECOND)
        for sid, who in list(self._people.items()):
            with suppress(Exception):
                await self._tell(leaving, sid)
                await self.server.disconnect(sid, namespace=f"/{who.role}")
        # A client hangs up when it is told; a line still open when the web server stops would be waited for much longer.
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE):
                while self.server.eio.sockets:  # noqa: ASYNC110  the engine has no event for the last one that left
                    await asyncio.sleep(0.02)
        await self.server.shutdown()


class _Namespace(socketio.AsyncNamespace):  # type: ignore[misc]
    """Hands everything over: an event without a handler would be acknowledged with nothing, and look like success."""

    def __init__(self, role: str, sockets: Sockets) -> None:
        super().__init__(f"/{role}")
        self._role, self._sockets = role, sockets

    async def trigger_event(self, event: str, *args: Any) -> Any:
        sid, rest = args[0], args[1:]
        if event == "connect":
            return await self._sockets.connected(self._role, sid, rest[1] if len(rest) > 1 else None)
        if event == "disconnect":
            return await self._sockets.disconnected(sid)
        return await self._sockets.said(self._role, sid, event, rest[0] if len(rest) == 1 else None)


def _ended(session: Session, people: dict[str, Connected], now: datetime) -> list[str]:
    """The sockets whose credential does not hold any more, or not with these roles."""
    passes = valid_passes(session, {who.session_digest for who in people.values() if who.staff is None}, now)
    roles = signed_in_roles(session, {who.session_digest for who in people.values() if who.staff is not None}, now)

    def holds(who: Connected) -> bool:
        digest = who.session_digest
        return digest in passes if who.staff is None else roles.get(digest) == who.staff.roles

    return [sid for sid, who in people.items() if not holds(who)]
