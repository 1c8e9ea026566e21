"""The Socket.IO edge: one namespace a role, every command answered, facts sent in order after their commit.

Engine facts that decide the configuration are measured in `tests/bench`: handlers run in the order of their messages
(`async_handlers=False`), permessage-deflate is off, a client that stops reading is cut and comes back by replay.
"""

from __future__ import annotations

import asyncio
import logging
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
from server.detailing.messages.lease import LeaseGiven, LeaseTaken, Presenting
from server.detailing.messages.lobby import AdmissionGranted, AdmissionRevoked, PlaceRestored
from server.detailing.messages.presenting import Point, PointerMoved
from server.detailing.messages.viewing import Look
from server.detailing.reads import live_without_content
from server.edge import words
from server.edge.acts import MESSAGE_LIMIT, Acts
from server.edge.attendance import Attendance
from server.edge.broadcast import Engine
from server.edge.calls import Calls
from server.edge.delivery import Delivery
from server.edge.guard import address_of, own_origins
from server.edge.hints import Calling, FactStored, Hello, Here, Hint, Hints, NoticeSaid
from server.edge.limits import Crowd
from server.edge.presence import Presence
from server.edge.snapshots import catch_up, heads, streams_of
from server.edge.tickets import Connected, Tickets
from server.people.reads import guests_of, signed_in_roles
from server.settings import Settings
from server.store import Announcement, Refusal, Store, clock
from server.store.messages import NOTICES, ROOM, SIGNALS, STREAMS, Notice, Signal

LOG = logging.getLogger("relais.sockets")
ROLES = ("hcp", "rep", "msl")
HEARTBEAT = 2.0
# Who does not answer a ping in time is gone: noticed within the sum of both.
PING_INTERVAL, PING_TIMEOUT = 25.0, 20.0
# A credential behind an open socket is looked at again this often, so that signing out anywhere ends it within two seconds.
REVALIDATION = 1.5
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
    """Everything live: who is connected, what they are told. `hints` are there where other processes serve the same rooms."""

    def __init__(self, settings: Settings, store: Store, tickets: Tickets, acts: Acts, hints: Hints | None = None) -> None:
        self._store, self._tickets, self._acts, self._hints = store, tickets, acts, hints
        self.crowd = Crowd(settings.sockets_per_address)
        self.server = _Engine(
            self.crowd,
            async_handlers=False,
            cors_allowed_origins=own_origins(settings),
            max_http_buffer_size=MESSAGE_LIMIT,
            http_compression=False,
            ping_interval=PING_INTERVAL,
            ping_timeout=PING_TIMEOUT,
            namespaces=[f"/{role}" for role in ROLES],
        )
        for role in ROLES:
            self.server.register_namespace(_Namespace(role, self))
        self._people: dict[str, Connected] = {}
        self._following: dict[str, list[str]] = {}
        self._presence = Presence(store, self._say, hints)
        self.look = self._presence.look
        self.attendance = Attendance(store)
        self._calls = Calls(settings, store, self._say, self._people.__contains__, hints)
        self._delivery = Delivery(store, self._send)
        store.listen(self._committed)
        if hints is not None:
            hints.on_hint(self._follow_hint)

    def attach(self, app: web.Application) -> None:
        """Serve Socket.IO in the application."""
        self.server.attach(app)

    async def run(self) -> None:
        """Send facts, heads and re-validate, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._delivery.run())
            if self._hints is not None:
                tasks.create_task(self._hints.run())
                tasks.create_task(self._every(HEARTBEAT, self._presence.keep_up))
            tasks.create_task(self._every(HEARTBEAT, self._send_heads))
            tasks.create_task(self._every(HEARTBEAT, self.close_the_gate))
            tasks.create_task(self._every(HEARTBEAT, self._calls.keep_up))
            tasks.create_task(self._every(HEARTBEAT, self._show_out))
            tasks.create_task(self._every(HEARTBEAT, self.attendance.write))
            tasks.create_task(self._every(REVALIDATION, self._revalidate))

    async def _every(self, seconds: float, act: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await act()
            except Exception:  # whatever it was, a heartbeat that stopped would stop for everybody
                LOG.exception("a heartbeat failed; the next one tries again")

    def _committed(self, fact: Announcement) -> None:
        self._delivery.hear(fact)
        if self._hints is not None:
            self._hints.tell(FactStored(stream=fact.stream, seq=fact.seq))

    async def _send(self, fact: Announcement) -> None:
        stream = STREAMS[fact.stream.partition(":")[0]]
        for role in sorted(stream.audience):
            await self.server.emit("fact", fact.to_wire(), room=fact.stream, namespace=f"/{role}")
        if fact.name == AdmissionGranted.wire_name():
            await self._open_the_room(fact.stream)
        elif fact.name in PLACE_GONE:
            await self.close_those_of(guest_id=fact.stream.partition(":")[2])
        elif fact.name in LEASE_MOVED:
            self._presence.moved_on(fact.stream.partition(":")[2], fact.body["epoch"])
        elif fact.name == ColleagueLeft.wire_name():
            await self._close_the_room(fact.stream.partition(":")[2], fact.body["staff_id"])
        await self._calls.heard(fact)

    async def _send_heads(self) -> None:
        followed = {stream for streams in self._following.values() for stream in streams}
        self._delivery.follow_only(followed)
        now = await self._store.read(heads, followed)
        # What another process committed, and no hint told of, is given to everybody here by one reading.
        await self._delivery.up_to(now)
        for sid, streams in list(self._following.items()):
            await self._tell_heads(sid, {stream: now[stream] for stream in streams if stream in now})

    async def _tell_heads(self, sid: str, now: dict[str, int]) -> None:
        if (who := self._people.get(sid)) is not None:
            await self.server.emit("heads", now, to=sid, namespace=f"/{who.role}")

    async def _open_the_room(self, conversation: str) -> None:
        """Whoever was just let in learns at once that there is more to follow: their page finds itself behind, and joins."""
        let_in = [sid for sid, streams in self._following.items() if conversation in streams]
        for sid in let_in:
            if (who := self._people.get(sid)) is not None:
                now = await self._store.read(heads, await self._follow(sid, who))
                self._delivery.follow(now)
                await self._tell_heads(sid, now)

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

    async def connected(self, role: str, sid: str, auth: object) -> bool:
        """Let a client in who shows a ticket for this namespace."""
        ticket = auth.get("ticket") if isinstance(auth, dict) else None
        who = await self._tickets.redeem(ticket) if isinstance(ticket, str) else None
        if who is None or who.role != role:
            return False
        self._people[sid] = who
        self._presence.came(who)
        self.attendance.came(sid, who)
        return True

    async def disconnected(self, sid: str) -> None:
        """Somebody's line is gone; the presenter sees it."""
        who = self._people.pop(sid, None)
        self._following.pop(sid, None)
        self._calls.line_lost(sid)
        self.attendance.went(sid)
        if who is None:
            return
        await self._presence.went(who, sid)

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
        self._delivery.follow(answer["heads"])
        if who.role == "hcp":
            await self._presence.tell(who.as_guest())
        elif who.detailing_id is not None:
            await self._presence.show_lease(who.detailing_id, to=sid)
        for kind, _, subject in (stream.partition(":") for stream in streams):
            if kind == ROOM.name:
                await self._calls.show(subject, who.role, sid)
        return answer

    async def _signal(self, who: Connected, sid: str, signal: Signal) -> dict[str, Any]:
        if isinstance(signal, InCall | LeaveCall | TellPeer):
            return await self._calls.said(who, sid, signal)
        if isinstance(signal, Look):
            await self._presence.looked(who.as_guest(), signal.number, signal.visible)
        elif who.detailing_id is not None and isinstance(signal, Presenting):
            await self._presence.presents(who.sender, sid, who.detailing_id, signal.epoch)
        elif who.detailing_id is not None and isinstance(signal, Point) and self._presence.may_point(sid):
            await self._tell(PointerMoved(x=signal.x, y=signal.y), ROOM.of(who.detailing_id))
        return {}

    async def _tell(self, notice: Notice, room: str) -> None:
        """Say it to everybody in the room, whichever process they are connected to."""
        if self._hints is not None:
            self._hints.tell(NoticeSaid(room=room, name=notice.wire_name(), body=notice.model_dump(mode="json")))
        await self._say(notice, room)

    async def _say(self, notice: Notice, room: str) -> None:
        """Say it to those in the room who are connected here."""
        for role in sorted(notice.audience):
            await self.server.emit(notice.wire_name(), notice.model_dump(mode="json"), room=room, namespace=f"/{role}")

    async def _follow_hint(self, process: str, hint: Hint) -> None:
        match hint:
            case FactStored():
                self._delivery.told(hint.stream, hint.seq)
            case NoticeSaid():
                await self._say(NOTICES[hint.name].model_validate(hint.body), hint.room)
            case Here():
                await self._presence.heard(process, hint)
            case Calling():
                await self._calls.told(process, hint)
            case Hello():
                self._presence.tell_all()
                self._calls.tell_all()

    async def close(self) -> None:
        """Tell clients to come back, and stop."""
        leaving = ServerLeaving(milliseconds=1000 * len(self._people) // RETURNS_A_SECOND)
        for sid, who in list(self._people.items()):
            with suppress(Exception):
                await self._say(leaving, sid)
                await self.server.disconnect(sid, namespace=f"/{who.role}")
        # A client hangs up when it is told; a line still open when the web server stops would be waited for much longer.
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE):
                while self.server.eio.sockets:  # noqa: ASYNC110  the engine has no event for the last one that left
                    await asyncio.sleep(0.02)
        await self.attendance.write()
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
    guests = guests_of(session, {who.session_digest for who in people.values() if who.staff is None}, now)
    roles = signed_in_roles(session, {who.session_digest for who in people.values() if who.staff is not None}, now)

    def holds(who: Connected) -> bool:
        digest = who.session_digest
        return guests.get(digest) == who.sender if who.staff is None else roles.get(digest) == who.staff.roles

    return [sid for sid, who in people.items() if not holds(who)]
