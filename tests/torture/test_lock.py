"""R5, the database is locked or stands still: the event loop does not, what waits is bounded, and nothing is lost."""

from __future__ import annotations

import asyncio
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import quantiles

import furnished
import load
import pytest
from checker import Found, compare, facts_stored
from postgresql import Cluster
from report import LONG
from running import Relais
from serving import Server

from server.settings import Settings
from server.store import Refusal, Store, Transaction
from server.store.embedded import QUEUE_LIMIT, sqlite

# Longer than a change waits for a lock (five seconds), so that refusals are seen too.
SECONDS = 10.0 if LONG else 6.0
LAG_P99, DRAINED_WITHIN = 0.1, 15.0
HOLD = """
import sys, time
from server.store.embedded import sqlite
connection = sqlite.connect(sys.argv[1], isolation_level=None, timeout=60)
connection.execute("BEGIN IMMEDIATE")
time.sleep(float(sys.argv[2]))
"""


class Lag:
    """How long a page that needs nothing but the event loop takes to come, asked for from a thread of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._ended = settings, threading.Event()
        self.seconds: list[float] = []
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Lag:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _ask(self) -> None:
        line = http.client.HTTPConnection(self._settings.host, self._settings.port)
        while not self._ended.wait(0.02):
            began = time.monotonic()
            line.request("GET", "/embed.js")
            line.getresponse().read()
            self.seconds.append(time.monotonic() - began)
        line.close()

    @property
    def p99(self) -> float:
        """In seconds."""
        return quantiles(self.seconds, n=100)[-1]


def _lock(database: str) -> None:
    """A second process holds the write lock of the file for a while."""
    subprocess.run([sys.executable, "-c", HOLD, database, str(SECONDS)], check=True)


def _stop(cluster: Cluster) -> None:
    """PostgreSQL stands still for a while, with all its processes."""
    everybody = cluster.processes()
    for process in everybody:
        os.kill(process, signal.SIGSTOP)
    time.sleep(SECONDS)
    for process in everybody:
        os.kill(process, signal.SIGCONT)


async def _work_through(
    relais: Relais, rep: furnished.Account, deck: str, still: Callable[[], object], bug: str | None = None
) -> tuple[Found, float, float, float, int]:
    """Found, lag before and while the database stands still, seconds until all was acknowledged, and how many were refused."""
    clients = await load.clients(relais, rep, deck, seed=5)
    before = await relais.store.read(facts_stored)
    await relais.stop()
    async with Server(relais.settings, bug) as server:
        async with load.under_load(clients, events_a_second=100):
            with Lag(relais.settings) as usual:
                await asyncio.sleep(2)
            with Lag(relais.settings) as meanwhile:
                await asyncio.to_thread(still)
            released = time.monotonic()
        drained = time.monotonic() - released
        await server.end()
    found = compare((client.journal for client in clients), relais.settings.database, before=before)
    await relais.start()
    refused = sum(len(client.timings.refused) for client in clients)
    return found, usual.p99, meanwhile.p99, drained, refused


def _in_words(usual: float, meanwhile: float, drained: float, refused: int) -> str:
    return f"loop lag p99 {usual * 1000:.0f} → {meanwhile * 1000:.0f} ms, {refused} acts refused, drained in {drained:.1f} s"


def _in_time(usual: float, meanwhile: float, drained: float) -> None:
    if LONG:
        # The short form shares its machine with whatever else a developer runs.
        assert meanwhile <= max(LAG_P99, 2 * usual)
        assert drained <= DRAINED_WITHIN


async def test_a_second_process_that_holds_the_lock_loses_nobody_anything(
    relais: Relais, rep: furnished.Account, deck: str, database: str, report: Callable[..., None]
) -> None:
    found, *timings = await _work_through(relais, rep, deck, partial(_lock, database))

    report("R5", f"SQLite locked for {SECONDS:.0f} s", runs=1, note=_in_words(*timings), **found.counts)
    usual, meanwhile, drained, refused = timings
    assert found.faultless, found
    assert found.unanswered == 0
    assert refused > 0, "nobody was told to wait: the lock was not felt"
    _in_time(usual, meanwhile, drained)


@pytest.fixture
def private_cluster() -> Iterator[Cluster]:
    """A PostgreSQL that may be stopped: no other test uses it."""
    cluster = Cluster()
    yield cluster
    cluster.stop()


class TestOnPostgreSQL:
    """The same with the database as a server of its own, standing still with all its processes."""

    @pytest.fixture
    def database(self, private_cluster: Cluster) -> Iterator[str]:
        """An empty database there."""
        with private_cluster.lend() as url:
            yield url

    async def test_a_database_server_that_stands_still_loses_nobody_anything(
        self, relais: Relais, rep: furnished.Account, deck: str, private_cluster: Cluster, report: Callable[..., None]
    ) -> None:
        found, *timings = await _work_through(relais, rep, deck, partial(_stop, private_cluster))

        report("R5", f"PostgreSQL stopped for {SECONDS:.0f} s", runs=1, note=_in_words(*timings), **found.counts)
        usual, meanwhile, drained, _ = timings
        assert found.faultless, found
        assert found.unanswered == 0
        _in_time(usual, meanwhile, drained)


@pytest.mark.long
async def test_work_on_the_event_loop_is_found_out(
    relais: Relais, rep: furnished.Account, deck: str, database: str, report: Callable[..., None]
) -> None:
    found, *timings = await _work_through(relais, rep, deck, partial(_lock, database), "works_on_the_event_loop")

    usual, meanwhile, _, _ = timings
    caught = meanwhile > max(LAG_P99, 2 * usual)
    note = f"{'caught' if caught else 'NOT CAUGHT'}: {_in_words(*timings)}"
    report("R5", "planted: works_on_the_event_loop", runs=1, note=note, **found.counts)
    assert caught


async def test_what_waits_for_the_lock_is_bounded_and_the_rest_told_at_once(database: str, report: Callable[..., None]) -> None:
    """With an endless queue nobody was refused: seen once."""
    store = Store(database)
    holder = sqlite.connect(database, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    first = asyncio.create_task(store.change(_count))
    await asyncio.sleep(0.1)
    began = time.monotonic()
    waiting = [asyncio.create_task(store.change(_count)) for _ in range(QUEUE_LIMIT + 500)]
    await asyncio.sleep(0.5)
    refused = [change for change in waiting if change.done()]
    told = time.monotonic() - began
    holder.execute("ROLLBACK")
    holder.close()

    answers = await asyncio.gather(first, *waiting, return_exceptions=True)

    drained = time.monotonic() - began
    await store.close()
    done = sorted(answer for answer in answers if isinstance(answer, int))
    report("R5", "a full queue", runs=1, acked=len(done), note=f"{len(refused)} told to wait, drained in {drained:.1f} s")
    assert done == list(range(1, QUEUE_LIMIT + 2))
    assert len(refused) == 500
    assert all(isinstance(change.exception(), Refusal) and change.exception().retry_after for change in refused)
    assert told <= 5
    assert drained <= DRAINED_WITHIN


def _count(tx: Transaction) -> int:
    return tx.next_number("tests")
