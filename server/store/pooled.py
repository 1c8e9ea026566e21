"""The pooled writer: the same actions on PostgreSQL, several at once; a stream's turn is its row lock."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

from server.store.change import Change, Outcome, carry_out
from server.store.embedded import QUEUE_LIMIT, UnsafeDatabase
from server.store.messages import Refusal

CONNECTIONS = 8
ATTEMPTS = 4
# In milliseconds, for each statement; a migration may take longer.
PATIENCE = "-c statement_timeout=5000"


class PooledWriter:
    """Carries out changes on PostgreSQL; `deliver` is called from the thread that committed.

    `readers`: how many connections are kept free for reading.
    """

    def __init__(self, url: str, deliver: Callable[[list[tuple[Change, Outcome]]], None], readers: int) -> None:
        self.engine = create_engine(
            url,
            pool_size=CONNECTIONS + readers,
            max_overflow=0,
            pool_timeout=2,
            pool_pre_ping=True,
            connect_args={"options": PATIENCE, "connect_timeout": 5},
        )
        try:
            self._check_durability(self.engine)
        except UnsafeDatabase:
            self.engine.dispose()
            raise
        self._deliver = deliver
        self._threads = ThreadPoolExecutor(CONNECTIONS, "relais-writer")
        self._waiting = 0

    def start(self) -> None:
        """Nothing to start: threads come with the work."""

    def submit(self, change: Change) -> None:
        """Hand a change to the pool. Raises `Refusal('busy')` when too much is waiting. Called from the event loop only."""
        if self._waiting >= QUEUE_LIMIT:
            raise Refusal("busy")
        self._waiting += 1
        done = self._threads.submit(self._run, change)
        done.add_done_callback(lambda _: change.waiting.get_loop().call_soon_threadsafe(self._one_less))

    def close(self) -> None:
        """Finish what was handed over."""
        self._threads.shutdown()
        self.engine.dispose()

    def _one_less(self) -> None:
        self._waiting -= 1

    def _run(self, change: Change) -> None:
        self._deliver([(change, self._attempt(change))])

    def _attempt(self, change: Change) -> Outcome:
        for _ in range(ATTEMPTS):
            try:
                with Session(self.engine) as session, session.begin():
                    return carry_out(change, session)
            except (IntegrityError, OperationalError) as error:
                # Two changes met (a deadlock, or one command twice at once): the loser runs again and sees what the winner did.
                # Where the line broke, the commit may have been done: without a receipt to tell, nothing is repeated.
                if error.connection_invalidated and change.key is None:
                    return Outcome(error=error)
                failed: DBAPIError = error
            except NoConnectionFree:
                return Outcome(error=Refusal("busy"))
            except Exception as error:
                return Outcome(error=error)
        return Outcome(error=Refusal("busy") if isinstance(failed, OperationalError) else failed)

    @staticmethod
    def _check_durability(engine: Engine) -> None:
        with engine.connect() as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                if connection.exec_driver_sql(f"SHOW {setting}").scalar() == "off":
                    raise UnsafeDatabase(f"PostgreSQL runs with {setting}=off: acknowledged events could be lost")
