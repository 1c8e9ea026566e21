"""The one door for change.

`await store.change(action, …)` runs one synchronous function over a `Transaction`, commits, sends what it announced, and only
then returns. `await store.read(query, …)` runs one synchronous function over a read-only session.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

from server.store import clock
from server.store.change import Change, Outcome
from server.store.embedded import EmbeddedWriter, UnsafeDatabase, reading_engine
from server.store.messages import Announcement, Refusal
from server.store.migrate import migrate
from server.store.pooled import PooledWriter
from server.store.tables import AuditEntry
from server.store.transaction import CommandKey, Transaction, nameless_id, new_id

__all__ = ["Announcement", "CommandKey", "Refusal", "Store", "Transaction", "UnsafeDatabase", "nameless_id", "new_id"]

P = ParamSpec("P")
R = TypeVar("R")
READERS = 4
# A clock may be set back a little while the server is down; more than this, and its times cannot be told from those before.
CLOCK_TOLERANCE = timedelta(minutes=5)


class Writer(Protocol):
    """What the store asks of a writer, embedded or pooled."""

    engine: Engine

    def start(self) -> None: ...
    def submit(self, change: Change) -> None: ...
    def close(self) -> None: ...


class Store:
    """The door. Made and closed on the event loop that uses it."""

    def __init__(self, database: str) -> None:
        """`database` is a path of a SQLite file, or a `postgresql+psycopg://` URL. Raises `UnsafeDatabase`."""
        self._loop = asyncio.get_running_loop()
        # Done when nothing can be promised any more: whoever serves must end the process; the next one recovers from the log.
        self.broken: asyncio.Future[Exception] = self._loop.create_future()
        # Whether the last change found no room on the disk.
        self.full = False
        self._listener: Callable[[Announcement], None] = lambda _: None
        self._writer: Writer
        if database.startswith("postgresql"):
            self._writer = PooledWriter(database, self._committed, READERS)
            # One moment for all that one read sees, as SQLite's transactions give: a head and the facts up to it must agree.
            self._reading: Engine = self._writer.engine.execution_options(isolation_level="REPEATABLE READ")
        else:
            self._writer = EmbeddedWriter(Path(database), self._committed, self._given_up)
            self._reading = reading_engine(Path(database))
        self._readers = ThreadPoolExecutor(READERS, "relais-reader")
        migrate(self._writer.engine)
        self._check_clock()
        self._writer.start()

    def _check_clock(self) -> None:
        """Whoever starts with a clock that runs behind would date what happens before what happened."""
        with Session(self._writer.engine) as session:
            last = session.scalar(select(AuditEntry.at).order_by(AuditEntry.seq.desc()).limit(1))
        if last is not None and last > clock.now() + CLOCK_TOLERANCE:
            self._close()
            raise UnsafeDatabase(f"the clock says {clock.now():%F %T} UTC, but the last entry was made at {last:%F %T} UTC")

    def listen(self, listener: Callable[[Announcement], None]) -> None:
        """Give every announced fact to `listener`, after its commit, on the event loop.

        Those of one stream that were committed by several threads at once may come in another order than their numbers'.
        """
        self._listener = listener

    async def change(self, action: Callable[Concatenate[Transaction, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Carry out one action. Raises what the action raises; nothing of it remains then."""
        return await self._submit(action, args, kwargs, None)

    async def obey(
        self, key: CommandKey, action: Callable[Concatenate[Transaction, P], R], /, *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Carry out the action of a command once; the same command again gives the same answer, also after a restart."""
        return await self._submit(action, args, kwargs, key)

    async def read(self, query: Callable[Concatenate[Session, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """The result of one query function over a read-only session. Raises `Refusal('busy')`: the database gave no answer."""

        def run() -> R:
            try:
                with Session(self._reading) as session:
                    return query(session, *args, **kwargs)
            except (OperationalError, NoConnectionFree) as error:
                raise Refusal("busy") from error

        return await self._loop.run_in_executor(self._readers, run)

    async def check(self) -> None:
        """Whether the database answers and, after it found no room, takes changes again. Raises `Refusal('storage_full')`."""
        await self.read(lambda session: session.connection())
        if self.full:
            await self.change(lambda tx: tx.next_number("checks"))

    async def close(self) -> None:
        """Finish what is queued; nothing may be submitted after."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        # Readers first: a connection that is given back after its pool was emptied would stay open.
        self._readers.shutdown()
        self._writer.close()
        self._reading.dispose()

    async def _submit(
        self, action: Callable[..., R], args: tuple[object, ...], kwargs: dict[str, object], key: CommandKey | None
    ) -> R:
        waiting: asyncio.Future[R] = self._loop.create_future()
        self._writer.submit(Change(action, args, kwargs, key, waiting))
        # A caller that goes away does not undo what it asked for, nor spoil the delivery to others.
        return await asyncio.shield(waiting)

    def _committed(self, done: list[tuple[Change, Outcome]]) -> None:
        self._loop.call_soon_threadsafe(self._deliver, done)

    def _given_up(self, error: Exception) -> None:
        self._loop.call_soon_threadsafe(self.broken.set_result, error)

    def _deliver(self, done: list[tuple[Change, Outcome]]) -> None:
        for _, outcome in done:
            for announcement in outcome.announcements:
                self._listener(announcement)
        for change, outcome in done:
            self.full = isinstance(outcome.error, Refusal) and outcome.error.code == "storage_full"
            if outcome.error is not None:
                change.waiting.set_exception(outcome.error)
            else:
                change.waiting.set_result(outcome.result)
