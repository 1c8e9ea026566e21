"""The store alone beside a bare writer thread: the hot action, and the same statements with nothing around them.

The bare writer runs what SQLAlchemy sent to the database for one slide shown, recorded here, with ids and numbers put in; it
commits whatever has queued up in one transaction, as the store does.
"""

from __future__ import annotations

import asyncio
import os
import queue
import re
import statistics
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bench.clients import now
from bench.served import House
from sqlalchemy import event
from uuid_utils import uuid7

from server.detailing.messages.presenting import ShowSlide
from server.edge.commands import obey
from server.edge.tickets import Connected
from server.people.identity import token_digest
from server.people.reads import signed_in
from server.settings import from_environment
from server.store import CommandKey, Store, clock
from server.store.embedded import sqlite

CALLERS = 64
# Numbers and ids that nothing else in a statement can be mistaken for.
MARK = 910_203_040


async def rates(house: House, seconds: float, callers: int = CALLERS) -> dict[str, float]:
    """Durable slides a second of the store and of the bare writer, with so many callers, each waiting for its last."""
    settings = from_environment({"RELAIS_FOLDER": str(house.folder)})
    store = Store(settings.database)
    try:
        presenters = [await _presenter(store, room[0]) for room in house.rooms[1 : 1 + callers]]
        by_store = await _rate([_show(store, who) for who in presenters], seconds)
        recorded = await _recorded(store, presenters[0])
    finally:
        await store.close()
    writer = _BareWriter(Path(settings.database), recorded)
    try:
        by_hand = await _rate([writer.caller(who.detailing_id or "") for who in presenters], seconds)
    finally:
        writer.close()
    return {"relais": by_store, "bare writer": by_hand}


def fdatasync_ms(folder: Path, times: int = 200) -> float:
    """How long one small append takes until it is on the disk, in the median."""
    took = []
    with (folder / "appended").open("ab", buffering=0) as file:
        for _ in range(times):
            began = now()
            file.write(b"x" * 250)
            os.fdatasync(file.fileno())
            took.append(now() - began)
    return 1e3 * statistics.median(took)


async def _presenter(store: Store, credential: dict[str, Any]) -> Connected:
    digest = token_digest(credential["header"].partition("=")[2])
    found = await store.read(signed_in, digest, clock.now())
    assert found is not None
    return Connected("rep", "fr", digest, staff=found[0], detailing_id=credential["asks"]["detailing_id"])


def _show(store: Store, who: Connected) -> Callable[[], Awaitable[Any]]:
    async def show() -> None:
        command = ShowSlide.model_validate({"id": str(uuid7()), "number": 2})
        key = CommandKey.of(str(command.id), sender=who.sender, name="show_slide", body=command.model_dump(mode="json"))
        assert (await store.obey(key, obey, who, command))["ok"]

    return show


async def _rate(callers: list[Callable[[], Awaitable[Any]]], seconds: float) -> float:
    done, began = 0, now()

    async def go_on(call: Callable[[], Awaitable[Any]]) -> None:
        nonlocal done
        while now() - began < seconds:
            await call()
            done += 1

    await asyncio.gather(*(go_on(call) for call in callers))
    return done / (now() - began)


async def _recorded(store: Store, who: Connected) -> list[tuple[str, tuple[Any, ...]]]:
    """The statements of one slide shown whose number in the stream is `MARK`, with the session's id as `detailing`."""
    statements: list[tuple[str, Any]] = []

    def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        statements.extend((statement, one) for one in (parameters if many else [parameters]))

    def jump(tx: Any) -> None:
        tx.session.connection().exec_driver_sql(
            "UPDATE streams SET head = ? WHERE id = ?", (MARK - 1, f"room:{who.detailing_id}")
        )

    await store.change(jump)
    event.listen(store._writer.engine, "before_cursor_execute", keep)
    try:
        await _show(store, who)()
    finally:
        event.remove(store._writer.engine, "before_cursor_execute", keep)
    receipt = next(parameters for statement, parameters in statements if statement.startswith("INSERT INTO receipts"))
    marks = {who.detailing_id: "{detailing}", receipt[0]: "{id}", receipt[1]: "{digest}", str(MARK): "{seq}"}
    pattern = re.compile("|".join(re.escape(str(mark)) for mark in marks))

    def marked(value: Any) -> Any:
        return (
            pattern.sub(lambda found: marks[found[0]], value) if isinstance(value, str) else "{seq}" if value == MARK else value
        )

    return [(statement, tuple(map(marked, parameters))) for statement, parameters in statements if statement[:5] != "BEGIN"]


class _BareWriter:
    """One thread, one connection, and the recorded statements of every caller that waits, in one transaction."""

    def __init__(self, database: Path, recorded: list[tuple[str, tuple[Any, ...]]]) -> None:
        self._loop, self._recorded = asyncio.get_running_loop(), recorded
        self._queue: queue.SimpleQueue[tuple[str, str, asyncio.Future[None]] | None] = queue.SimpleQueue()
        self._connection = sqlite.connect(str(database), isolation_level=None, check_same_thread=False)
        for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            self._connection.execute(f"PRAGMA {setting}")
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def caller(self, detailing: str) -> Callable[[], Awaitable[None]]:
        """Somebody who shows slides in one session."""

        async def show() -> None:
            waiting = self._loop.create_future()
            self._queue.put((detailing, str(uuid7()), waiting))
            await waiting

        return show

    def close(self) -> None:
        """Finish."""
        self._queue.put(None)
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            while not self._queue.empty():
                if (more := self._queue.get()) is None:
                    self._queue.put(None)
                    break
                batch.append(more)
            self._connection.execute("BEGIN IMMEDIATE")
            for detailing, id, _ in batch:
                self._carry_out(detailing, id)
            self._connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(self._deliver, batch)

    def _carry_out(self, detailing: str, id: str) -> None:
        values = {"detailing": detailing, "id": id, "digest": id * 2, "seq": 0}
        for statement, parameters in self._recorded:
            given = tuple(_filled(value, values) for value in parameters)
            rows = self._connection.execute(statement, given).fetchall()
            if statement.startswith("UPDATE streams"):
                values["seq"] = rows[0][0]

    @staticmethod
    def _deliver(batch: list[tuple[str, str, asyncio.Future[None]]]) -> None:
        for _, _, waiting in batch:
            waiting.set_result(None)


def _filled(value: Any, values: dict[str, Any]) -> Any:
    if not isinstance(value, str) or "{" not in value:
        return value
    if value == "{seq}":
        return values["seq"]
    for name, put_in in values.items():
        value = value.replace(f"{{{name}}}", str(put_in))
    return value
