"""The embedded writer: one thread, one SQLite file, natural group commit.

Whatever has queued up while the last commit ran is carried out in one transaction and committed once. The batch is rolled back
when one of its members raises, and its members then run one by one: the good path needs no savepoints, and running an action
again is safe because an action is a function of the database and its arguments.

A disk that fails ends the writer: nobody knows whether a commit whose sync failed will be found again, and a sync that succeeds
afterwards proves nothing about what the failed one was to keep. The process must end; the next one recovers from the log.
"""

from __future__ import annotations

import fcntl
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
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
# Primary result codes of SQLite (sqlite.org/rescode.html). The first undo the transaction for certain; the others say nothing.
REFUSED = {5: "busy", 6: "busy", 13: "storage_full"}
UNTRUSTWORTHY = {10: "the disk failed", 11: "the file is corrupt", 26: "the file is no database"}

MOUNTS = Path("/proc/mounts")
NETWORK_FILE_SYSTEMS = ("nfs", "cifs", "smb", "fuse.sshfs", "afs", "ceph", "glusterfs", "fuse.glusterfs")


class UnsafeDatabase(Exception):
    """The database cannot be trusted with records; the message says why."""


class EmbeddedWriter:
    """Carries out changes on the one SQLite file.

    From the writer thread, `deliver` is called after each commit, and `give_up` once when nothing can be known any more: what was
    not delivered until then is never answered, and its senders ask again after the restart.
    """

    def __init__(
        self, path: Path, deliver: Callable[[list[tuple[Change, Outcome]]], None], give_up: Callable[[Exception], None]
    ) -> None:
        if sqlite.sqlite_version_info < OLDEST_SQLITE:
            raise UnsafeDatabase(f"SQLite {sqlite.sqlite_version} has a known corruption bug; 3.51.3 or newer is needed")
        path.parent.mkdir(parents=True, exist_ok=True)
        if (kind := network_file_system(path.parent)) is not None:
            raise UnsafeDatabase(f"{path.parent} lies on a network file system ({kind}), whose locks and syncs keep no promise")
        self._lock = _sole_writer(path)
        self.engine = _engine(path, begin="BEGIN IMMEDIATE", read_only=False)
        try:
            self._check_durability()
            # What stands in the log may never have reached the disk, if its sync failed: it is made durable before it is read.
            self._fold_the_log()
        except BaseException:
            self.engine.dispose()
            self._lock.close()
            raise
        self._deliver, self._give_up = deliver, give_up
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
        try:
            last = False
            while not last:
                batch, last = self._take()
                if batch:
                    outcomes = self._together(batch) or [self._alone(change) for change in batch]
                    self._empty_the_log(outcomes)
                    self._deliver(list(zip(batch, outcomes, strict=True)))
        except Exception as error:  # whatever it was, a writer that went on would promise what it cannot keep
            self._give_up(error)

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
        except DBAPIError as error:
            if (refusal := _refusal(error)) is not None:
                return [Outcome(error=refusal) for _ in batch]
            return [Outcome(error=error)] if len(batch) == 1 else None
        except Exception as error:  # any other failure sends the batch the slow way, where it meets its one owner
            return [Outcome(error=error)] if len(batch) == 1 else None

    def _alone(self, change: Change) -> Outcome:
        outcomes = self._together([change])
        assert outcomes is not None
        return outcomes[0]

    def _empty_the_log(self, outcomes: list[Outcome]) -> None:
        """After a change that forgets, fold the write-ahead log into the file; while a reader holds it, try again next time."""
        self._log_to_empty = self._log_to_empty or any(outcome.forgets for outcome in outcomes)
        if self._log_to_empty:
            self._log_to_empty = not self._fold_the_log()

    def _fold_the_log(self) -> bool:
        """Bring everything from the log into the file and empty it; False when a reader or a full disk is in the way."""
        try:
            with self.engine.connect() as connection:
                held = connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return not held
        except sqlite.DatabaseError as error:
            if _refusal(error) is None:
                raise
            return False

    def _check_durability(self) -> None:
        with self.engine.connect() as connection:
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
            synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()
        if mode != "wal" or synchronous != 2:
            raise UnsafeDatabase(f"journal_mode={mode}, synchronous={synchronous}: acknowledged events could be lost")


def _refusal(error: Exception) -> Refusal | None:
    """What the callers are told when the database undid their change, None when the change itself was at fault.

    Raises the error again when nobody can say what became of the change.
    """
    code = getattr(error.orig if isinstance(error, DBAPIError) else error, "sqlite_errorcode", 0) & 0xFF
    if code in UNTRUSTWORTHY:
        raise error
    return Refusal(REFUSED[code]) if code in REFUSED else None


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


def network_file_system(folder: Path) -> str | None:
    """Over which network file system a folder is reached; None on a disk of this machine, and where nobody can tell."""
    if not MOUNTS.exists():
        return None
    places: dict[str, str] = {}
    for line in MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines():
        _, place, kind, *_ = line.split(" ")
        # Blanks in a path are written as octal numbers.
        places[place.encode().decode("unicode_escape")] = kind
    here = folder.resolve()
    kind = next((places[str(parent)] for parent in (here, *here.parents) if str(parent) in places), "")
    return kind if kind.startswith(NETWORK_FILE_SYSTEMS) else None


def _sole_writer(path: Path) -> Any:
    lock = path.with_name(path.name + ".lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise UnsafeDatabase(f"another process is writing to {path.name}; two writers would corrupt its records") from None
    return lock
