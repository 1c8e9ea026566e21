"""Where people are, said to whoever follows it: on this process at once, on the others as soon as they hear."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from server.detailing.messages.lease import LeaseSeen
from server.detailing.messages.viewing import PresenceChanged
from server.detailing.reads import lease_holder
from server.edge.hints import Here, Hints
from server.edge.tickets import Connected
from server.edge.whereabouts import Moved, Whereabouts
from server.people.identity import Visitor
from server.store import Refusal, Store
from server.store.messages import CONSOLE, ROOM, Notice

# Whoever moves within this time is told to the other processes together.
TOGETHER = 0.05


class Presence:
    """`say` says a notice to those in a room who are connected to this process."""

    def __init__(self, store: Store, say: Callable[[Notice, str], Awaitable[None]], hints: Hints | None) -> None:
        self._store, self._say, self._hints = store, say, hints
        self._where = Whereabouts()
        self._moved = Moved()
        self.look, self.may_point, self.moved_on = self._where.look, self._where.may_point, self._where.moved_on

    def came(self, who: Connected) -> None:
        """Somebody's line is open; who follows their session is told when they join."""
        self._where.came(who)

    async def went(self, who: Connected, sid: str) -> None:
        """Somebody's line is gone."""
        left = self._where.went(who, sid)
        if who.guest is not None:
            await self.tell(who.guest)
        if left is not None:
            await self._tell_lease(left)

    async def looked(self, guest: Visitor, number: int | None, visible: bool) -> None:
        """A participant has this slide before them now."""
        self._where.looked(guest.id, number, visible)
        await self.tell(guest)

    async def presents(self, staff_id: str, sid: str, detailing_id: str, epoch: int) -> None:
        """This line is the one that presents. Raises `Refusal('not_presenting')` where the record knows another lease."""
        if (staff_id, epoch) != await self._store.read(lease_holder, detailing_id):
            raise Refusal("not_presenting")
        self._where.hold(sid, detailing_id, epoch)
        await self._tell_lease(detailing_id)

    async def tell(self, guest: Visitor) -> None:
        """Say where a participant is now."""
        if guest.detailing_id is not None:
            self._tell_soon(Moved(people={guest.id: guest.detailing_id}))
            await self._show(guest.id, guest.detailing_id)

    async def _tell_lease(self, detailing_id: str) -> None:
        self._tell_soon(Moved(leases={detailing_id}))
        await self.show_lease(detailing_id)

    async def show_lease(self, detailing_id: str, to: str | None = None) -> None:
        """Say whether the screen that presents is connected, to one line or to everybody here."""
        _, epoch = await self._store.read(lease_holder, detailing_id)
        notice = LeaseSeen(epoch=epoch, connected=self._where.lease_connected(detailing_id, epoch))
        await self._say(notice, to or ROOM.of(detailing_id))

    async def _show(self, participant_id: str, detailing_id: str) -> None:
        number, visible, connected = self.look(participant_id)
        notice = PresenceChanged(participant_id=participant_id, number=number, visible=visible, connected=connected)
        await self._say(notice, CONSOLE.of(detailing_id))

    def _tell_soon(self, moved: Moved) -> None:
        if self._hints is None:
            return
        if not (self._moved.people or self._moved.leases):
            asyncio.get_running_loop().call_later(TOGETHER, self._tell_who_moved)
        self._moved = Moved({**self._moved.people, **moved.people}, self._moved.leases | moved.leases)

    def _tell_who_moved(self) -> None:
        moved, self._moved = self._moved, Moved()
        if self._hints is not None:
            self._hints.tell(self._where.here_of(moved.people, moved.leases))

    def tell_all(self) -> None:
        """Let the other processes know everybody who is connected here."""
        if self._hints is not None:
            self._hints.tell(self._where.here())

    async def keep_up(self) -> None:
        """The same at every heartbeat; and who was on a process that says nothing any more is gone."""
        self.tell_all()
        if self._hints is not None:
            for moved in self._where.forget_silent(self._hints.listening_since):
                await self._show_moved(moved)

    async def heard(self, process: str, here: Here) -> None:
        """Another process says who is connected there."""
        await self._show_moved(self._where.heard(process, here))

    async def _show_moved(self, moved: Moved) -> None:
        for participant_id, detailing_id in moved.people.items():
            await self._show(participant_id, detailing_id)
        for detailing_id in moved.leases:
            await self.show_lease(detailing_id)
