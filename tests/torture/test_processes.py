"""R13 and R19, two processes over one PostgreSQL and one Redis: Redis goes and comes back empty, processes are replaced in turn.

Whoever acts reaches them through one door, and is sent to one or the other. Whoever watches does not come back when something is
missing, as a browser would: what watchers hear is what the processes give them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from statistics import quantiles
from typing import Any

import furnished
import load
import pytest
from balancer import addresses, balanced
from checker import Found, compare, facts_stored
from hinting import Redis
from load import under_load
from postgresql import Cluster
from report import LONG
from running import Browser, Line, Relais
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from server.settings import Settings
from server.store.tables import StoredFact

OUTAGES = (2.0, 60.0) if LONG else (2.0,)
RESTARTS = 10 if LONG else 2
EVENTS_A_SECOND = load.EVENTS_A_SECOND if LONG else 100
# The short form shares its machine with whatever else a developer runs.
CAUGHT_UP, STOPPED = (3.0, 10.0) if LONG else (10.0, 20.0)


@pytest.fixture
def database(postgresql: Cluster) -> Iterator[str]:
    """An empty database that several processes may write to."""
    with postgresql.lend() as url:
        yield url


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A Redis that may be killed: no other test uses it."""
    redis = Redis()
    yield redis
    redis.kill()


@pytest.fixture
def settings(settings: Settings, redis: Redis) -> Settings:
    """Settings of several processes."""
    return replace(settings, redis=redis.url)


class Watcher(Line):
    """A screen in a session; how late each fact of its room came, by the clock of the machine that all share."""

    def __init__(self, browser: Browser, where: str, session: str) -> None:
        super().__init__(browser, where, "rep")
        self.session, self.stream, self.since = session, f"room:{session}", 0
        self.late: dict[int, float] = {}
        self.doubled = 0

    async def watch(self) -> None:
        """Be there; what comes from now on counts."""
        await self.connect(await self.browser.ticket(detailing_id=self.session))
        self.since = (await self.join({}))["heads"][self.stream]

    async def _hear(self, name: str, body: Any) -> None:
        await super()._hear(name, body)
        if name == "fact" and body["stream"] == self.stream and body["seq"] > self.since:
            self.doubled += body["seq"] in self.late
            self.late.setdefault(body["seq"], time.time() - datetime.fromisoformat(body["at"]).timestamp())


@asynccontextmanager
async def watching(where: list[str], clients: list[load.Client]) -> AsyncIterator[list[Watcher]]:
    """Somebody at each process looks at the first sessions of each presenter."""
    presented = [(client, session) for client in clients if client.role == "rep" for session in client.subjects[:2]]
    watchers = [Watcher(client.browser, address, session) for client, session in presented for address in where]
    try:
        for watcher in watchers:
            await watcher.watch()
        yield watchers
    finally:
        for watcher in watchers:
            await watcher.close()


def unheard(watchers: list[Watcher], session: Session) -> int:
    """How many facts of the watched rooms somebody has not heard."""
    streams = {watcher.stream for watcher in watchers}
    said = session.execute(select(StoredFact.stream, StoredFact.seq).where(StoredFact.stream.in_(streams))).all()
    numbers = {stream: {seq for of, seq in said if of == stream} for stream in streams}
    return sum(len({seq for seq in numbers[w.stream] if seq > w.since} - w.late.keys()) for w in watchers)


async def _until_heard(watchers: list[Watcher], database: str) -> tuple[int, float]:
    """How many facts are missing at last, and how long it took until none was."""
    engine, began = create_engine(database), time.monotonic()
    while True:
        with Session(engine) as session:
            missing = unheard(watchers, session)
        took = time.monotonic() - began
        if not missing or took > CAUGHT_UP:
            engine.dispose()
            return missing, took
        await asyncio.sleep(0.1)


async def _redis_away(
    relais: Relais, rep: furnished.Account, deck: str, redis: Redis, seconds: float, bug: str | None = None
) -> tuple[Found, int, int, str]:
    """Found, facts missing at watchers, acts acknowledged meanwhile, and the rest in words."""
    clients = await load.clients(relais, rep, deck, seed=13)
    before = await relais.store.read(facts_stored)
    await relais.stop()
    async with balanced(relais.settings, bug) as nodes, watching(addresses(nodes), clients) as watchers:
        async with under_load(clients, EVENTS_A_SECOND):
            # Presenters change sessions while Redis is away: nothing that is said there later tells what was missed.
            await asyncio.sleep(3.5)
            redis.kill()
            answered = sum(len(client.journal.answers) for client in clients)
            await asyncio.sleep(seconds)
            meanwhile = sum(len(client.journal.answers) for client in clients) - answered
            redis.start()
        missing, took = await _until_heard(watchers, relais.settings.database)
        late = [seconds for watcher in watchers for seconds in watcher.late.values()]
        doubled = sum(watcher.doubled for watcher in watchers)
        for node in nodes:
            await node.end()
    found = compare((client.journal for client in clients), relais.settings.database, before=before)
    await relais.start()
    note = f"{len(late)} facts heard, {doubled} twice, {missing} never, {took:.1f} s after the last; late p50 "
    note += f"{quantiles(late, n=2)[0] * 1000:.0f} ms, at most {max(late):.1f} s; {meanwhile} acts acknowledged meanwhile"
    return found, missing, meanwhile, note


@pytest.mark.parametrize("seconds", OUTAGES)
async def test_a_redis_that_goes_and_comes_back_empty_costs_nobody_a_fact(
    seconds: float, relais: Relais, rep: furnished.Account, deck: str, redis: Redis, report: Callable[..., None]
) -> None:
    found, missing, meanwhile, note = await _redis_away(relais, rep, deck, redis, seconds)

    report("R13", f"two processes, Redis away for {seconds:.0f} s", runs=1, note=note, **found.counts)
    assert found.faultless, found
    assert found.unanswered == 0
    assert missing == 0, note
    assert meanwhile > seconds * EVENTS_A_SECOND / 5, "acts were not acknowledged while Redis was away"


@pytest.mark.long
async def test_hints_that_are_taken_for_the_record_are_found_out(
    relais: Relais, rep: furnished.Account, deck: str, redis: Redis, report: Callable[..., None]
) -> None:
    bug = "takes_hints_for_the_record"

    found, missing, _, note = await _redis_away(relais, rep, deck, redis, 2.0, bug)

    report("R13", f"planted: {bug}", runs=1, note=f"{'caught' if missing else 'NOT CAUGHT'}: {note}", **found.counts)
    assert missing > 0


async def _replaced(
    relais: Relais, rep: furnished.Account, deck: str, restarts: int, bug: str | None = None
) -> tuple[Found, list[tuple[int, float]], str]:
    """Found, the status with which each process ended and how long it took, and the rest in words."""
    clients = await load.clients(relais, rep, deck, seed=19)
    before = await relais.store.read(facts_stored)
    await relais.stop()
    stopped: list[tuple[int, float]] = []
    async with balanced(relais.settings, bug) as nodes:
        async with under_load(clients, EVENTS_A_SECOND):
            for number in range(restarts):
                await asyncio.sleep(1)
                began = time.monotonic()
                status = await nodes[number % 2].end()
                stopped.append((status, time.monotonic() - began))
                await nodes[number % 2].start()
                await nodes[number % 2].ready()
        for node in nodes:
            await node.end()
    found = compare((client.journal for client in clients), relais.settings.database, before=before)
    await relais.start()
    away = [seconds for client in clients for seconds in client.timings.away]
    note = f"stopped within {max(took for _, took in stopped):.1f} s; "
    return found, stopped, note + f"back after {quantiles(away, n=20)[-1]:.1f} s (p95), {max(away):.1f} s at most"


async def test_processes_that_are_replaced_in_turn_lose_nobody_anything(
    relais: Relais, rep: furnished.Account, deck: str, report: Callable[..., None]
) -> None:
    found, stopped, note = await _replaced(relais, rep, deck, RESTARTS)

    report("R19", "two processes replaced in turn by SIGTERM", runs=RESTARTS, note=note, **found.counts)
    assert found.faultless, found
    assert found.unanswered == 0
    assert {status for status, _ in stopped} == {0}
    assert max(took for _, took in stopped) <= STOPPED


@pytest.mark.long
async def test_acts_that_are_done_again_when_they_are_sent_again_are_found_out(
    relais: Relais, rep: furnished.Account, deck: str, report: Callable[..., None]
) -> None:
    bug = "forgets_what_it_answered"

    found, _, note = await _replaced(relais, rep, deck, 3, bug)

    report("R19", f"planted: {bug}", runs=3, note=f"{'caught' if found.doubled else 'NOT CAUGHT'}: {note}", **found.counts)
    assert found.doubled > 0
