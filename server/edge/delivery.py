"""Facts on their way to this process's sockets: each stream in its order and without gaps, whichever process committed them.

What this process commits comes from the store, at once. What another one commits is read from the database as soon as a hint
tells of it, or else the heads that are looked at every two seconds. So a hint that never comes delays a fact, and loses none.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from server.edge.snapshots import announced_after
from server.store import Announcement, Store

LOG = logging.getLogger("relais.delivery")
# A fact before another may be on its way from another thread of this process, or a hint from another process.
PATIENCE = 0.05


@dataclass(slots=True)
class _Followed:
    """A stream that somebody here follows: since which number, up to which one it was sent, and what waits for one before it."""

    since: int
    last: int
    held: dict[int, Announcement] = field(default_factory=dict)


class Delivery:
    """Hands facts to `send`, one after the other. What nobody here follows is handed on as it comes."""

    def __init__(self, store: Store, send: Callable[[Announcement], Awaitable[None]]) -> None:
        self._store, self._send = store, send
        self._outgoing: asyncio.Queue[Announcement | asyncio.Future[None]] = asyncio.Queue()
        self._streams: dict[str, _Followed] = {}
        self._behind: set[str] = set()
        self._told = asyncio.Event()

    def hear(self, fact: Announcement) -> None:
        """A fact is committed, and here."""
        self._outgoing.put_nowait(fact)

    def follow(self, heads: Mapping[str, int]) -> None:
        """Somebody here follows these streams, and has what they hold up to these numbers."""
        for stream, head in heads.items():
            self._streams.setdefault(stream, _Followed(head, head))

    def follow_only(self, streams: set[str]) -> None:
        """Nobody here follows any other streams."""
        self._streams = {stream: followed for stream, followed in self._streams.items() if stream in streams}

    def told(self, stream: str, seq: int) -> None:
        """A fact of this number is committed, somewhere."""
        if self._is_behind(stream, seq):
            self._behind.add(stream)
            self._told.set()

    async def up_to(self, heads: Mapping[str, int]) -> None:
        """Return when everything up to these heads was sent to those who follow here."""
        if any(self._is_behind(stream, head) for stream, head in heads.items()):
            await asyncio.sleep(PATIENCE)
            await self._fetch([stream for stream, head in heads.items() if self._is_behind(stream, head)])
            reached: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._outgoing.put_nowait(reached)
            await reached

    async def run(self) -> None:
        """Deliver, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._deliver())
            tasks.create_task(self._fetch_what_was_told())

    async def _deliver(self) -> None:
        while True:
            item = await self._outgoing.get()
            if isinstance(item, asyncio.Future):
                item.set_result(None)
                continue
            for fact in self._in_order(item):
                try:
                    await self._send(fact)
                except Exception:  # whatever it was, the facts after this one must leave; heads tell those who missed it
                    LOG.exception("a fact could not be sent")

    def _in_order(self, fact: Announcement) -> Iterable[Announcement]:
        """What may be sent now that this fact is here."""
        followed = self._streams.get(fact.stream)
        # Up to where it began to be followed, some have a fact and some may not: whoever has it drops it.
        if followed is None or fact.seq <= followed.since:
            return [fact]
        if fact.seq <= followed.last:
            return []
        followed.held[fact.seq] = fact
        ready = []
        while (following := followed.held.pop(followed.last + 1, None)) is not None:
            followed.last += 1
            ready.append(following)
        if followed.held:
            asyncio.get_running_loop().call_later(PATIENCE, self.told, fact.stream, max(followed.held))
        return ready

    def _is_behind(self, stream: str, seq: int) -> bool:
        followed = self._streams.get(stream)
        return followed is not None and followed.last < seq

    async def _fetch_what_was_told(self) -> None:
        while True:
            await self._told.wait()
            self._told.clear()
            behind, self._behind = self._behind, set()
            try:
                await self._fetch(behind)
            except Exception:  # whatever it was, the heads are looked at again in two seconds
                LOG.exception("what another process committed could not be read")

    async def _fetch(self, streams: Iterable[str]) -> None:
        sent = {stream: followed.last for stream in streams if (followed := self._streams.get(stream)) is not None}
        if sent:
            for fact in await self._store.read(_missed, sent):
                self.hear(fact)


def _missed(session: Session, sent: Mapping[str, int]) -> list[Announcement]:
    return [fact for stream, seq in sent.items() for fact in announced_after(session, stream, seq)]
