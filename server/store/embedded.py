"""The embedded writer: one thread, one SQLite file, natural group commit.

Whatever has queued up while the last commit ran is carried out in one transaction and committed once. The batch is rolled back
when one of its members raises, and its members then run one by one: the good path needs no savepoints, and running an action
again is safe because an action is a function of the database and its arguments.
"""

from __future__ import annotations

import fcntl
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from server.store.change import Change, Outcome, carry_out
from server.store.messages import Refusal

try:
    import pysqlite3.dbapi2 as sqlite
except ImportError:  # no wheel for this platform: Python's own module, if its library is new enough, is as good
    import sqlite3 as sqlite

# 3.51.3 mends a corruption bug of write-ahead logging that earlier releases have (3.7.0 to 3.51.2).
OLDEST_SQLITE = (3, 51, 3)
QUEUE_LIMIT = 2000
BATCH_LIMIT = 512


class UnsafeDatabase(Exception):
    """The database cannot be trusted with records; the message says why."""


class EmbeddedWriter:
    """Carries out changes on the one SQLite file; `deliver` is called from the writer thread after each commit."""

    def __init__(self, path: Path, deliver: Callable[[list[tuple[Change, Outcome]]], None]) -> None:
        if sqlite.sqlite_version_info < OLDEST_SQLITE:
            raise UnsafeDatabase(f"SQLite {sqlite.sqlite_version} has a known corruption bug; 3.51.3 or newer is needed")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _sole_writer(path)
        self.engine = _engine(path, begin="BEGIN IMMEDIATE", read_only=False)
        try:
            self._check_durability()
        except UnsafeDatabase:
            self.engine.dispose()
            self._lock.close()
            raise
        self._deliver = deliver
        self._log_to_empty = False
        self._queue: queue.Queue[Change | None] = queue.Queue(QUEUE_LIMIT)
        self._thread = threading.Thread(target=self._run, name="relais-writer", daemon=True)

    def start(self) -> None:
        """Begin to take changes; migrations run before."""
        self._thread.start()

    def submit(self, change: Change) -> None:
        """Queue a change. Raises `Refusal('busy')` when too much is waiting."""
        try:
            self._queue.put_nowait(change)
        except queue.Full:
            raise Refusal("busy") from None

    def close(self) -> None:
        """Finish what is queued, then let go of the file."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()
        self.engine.dispose()
        self._lock.close()

    def _run(self) -> None:
        while True:
            batch, last = self._take()
            if batch:
                outcomes = self._together(batch) or [self._alone(change) for change in batch]
                self._empty_the_log(outcomes)
                self._deliver(list(zip(batch, outcomes, strict=True)))
            if last:
                return

    def _take(self) -> tuple[list[Change], bool]:
        batch: list[Change] = []
        waiting = self._queue.get()
        while waiting is not None:
            batch.append(waiting)
            if len(batch) == BATCH_LIMIT:
                return batch, False
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                return batch, False
        return batch, True

    def _together(self, batch: list[Change]) -> list[Outcome] | None:
        try:
            with Session(self.engine) as session, session.begin():
                return [carry_out(change, session) for change in batch]
        except Exception as error:  # any failure at all sends the batch the slow way, where it meets its one owner
            return [Outcome(error=error)] if len(batch) == 1 else None

    def _alone(self, change: Change) -> Outcome:
        try:
            with Session(self.engine) as session, session.begin():
                return carry_out(change, session)
        except Exception as error:
            return Outcome(error=error)

    def _empty_the_log(self, outcomes: list[Outcome]) -> None:
        """After a change that forgets, fold the write-ahead log into the file; while a reader holds it, try again next time."""
        self._log_to_empty = self._log_to_empty or any(outcome.forgets for outcome in outcomes)
        if self._log_to_empty:
            raw = self.engine.raw_connection()
            try:
                held, _, _ = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                self._log_to_empty = bool(held)
            finally:
                raw.close()

    def _check_durability(self) -> None:
        with self.engine.connect() as connection:
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
            synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()
        if mode != "wal" or synchronous != 2:
            raise UnsafeDatabase(f"journal_mode={mode}, synchronous={synchronous}: acknowledged events could be lost")


def reading_engine(path: Path) -> Engine:
    """Connections that can only read, for `store.read`."""
    return _engine(path, begin="BEGIN", read_only=True)


def _engine(path: Path, *, begin: str, read_only: bool) -> Engine:
    pool: dict[str, Any] = {"pool_size": 4, "max_overflow": 0} if read_only else {"poolclass": StaticPool}
    engine = create_engine(
        URL.create("sqlite", database=str(path)), module=sqlite, connect_args={"check_same_thread": False, "timeout": 5}, **pool
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        settings = ["journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "busy_timeout=5000"]
        for pragma in [*settings, "query_only=ON"] if read_only else settings:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin_explicitly(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _sole_writer(path: Path) -> Any:
    lock = path.with_name(path.name + ".lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise UnsafeDatabase(f"another process is writing to {path.name}; two writers would corrupt its records") from None
    return lock
