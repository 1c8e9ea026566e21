"""`kill -9` in the middle of work: what was acknowledged is there, once, in order, and people come back by themselves.

The checker trusts no counter of the server. It compares what each client wrote down (every act, and whether it was acknowledged)
with the database, after five kills at random moments under fifty events a second.

Seen to fail, as it must: with a writer that answers its callers inside the transaction, 30 ms before it commits (planted in
`EmbeddedWriter._together` of a copy), the test reported ten acts and their ten receipts lost in five kills.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import furnished
import pytest
import socketio
from running import Browser, Line, Relais
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.detailing.tables import ShownSlide, ViewedSlide
from server.store import new_id
from server.store.embedded import reading_engine
from server.store.tables import Receipt, StoredFact, StreamHead
from server.store.transaction import broken_audit_entry

ROOT = Path(__file__).parents[2]
KILLS = 5
PRESENTERS, VIEWERS = 3, 2
EVENTS_A_SECOND = 50
OUT_OF_TOUCH = (aiohttp.ClientError, socketio.exceptions.SocketIOError, ConnectionError, TimeoutError, AssertionError, KeyError)


class Server:
    """`python -m server serve` as a process of its own, which can be killed and is then started again."""

    def __init__(self, relais: Relais) -> None:
        self._relais = relais
        self._environment = {
            **os.environ,
            "RELAIS_FOLDER": str(relais.settings.folder),
            "RELAIS_PORT": str(relais.settings.port),
            "RELAIS_HOST": relais.settings.host,
        }

    async def start(self) -> None:
        """Start; returns when the process exists, long before it serves."""
        with (self._relais.settings.folder / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "server", "serve", env=self._environment, cwd=ROOT, stdout=log, stderr=log
            )

    async def ready(self) -> None:
        """Wait until it serves."""
        async with aiohttp.ClientSession() as session, asyncio.timeout(60):
            while True:
                with suppress(aiohttp.ClientError):
                    async with session.get(f"{self._relais.url}/healthz") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.05)

    async def end(self, how: signal.Signals) -> None:
        """Send a signal and wait for the end."""
        self._process.send_signal(how)
        await self._process.wait()


class Client:
    """Acts at a steady rate, keeps every act until it is acknowledged, and comes back by itself when the line is gone."""

    def __init__(self, browser: Browser, role: str, name: str, seed: int, **asked: str) -> None:
        self._browser, self._role, self._name, self._asked = browser, role, name, asked
        self._random = random.Random(seed)
        self.session = asked.get("detailing_id")
        self.journal: list[dict[str, Any]] = []
        self.acknowledged: dict[str, dict[str, Any]] = {}
        self.away: list[float] = []
        self._more = asyncio.Event()
        self._line: Line | None = None

    async def act(self, until: asyncio.Event) -> None:
        """Write acts down at this client's share of the rate, until told to stop."""
        pause = (PRESENTERS + VIEWERS) / EVENTS_A_SECOND
        while not until.is_set():
            act = {"id": new_id(), "number": 1 if self._role == "hcp" else self._random.randint(1, 4)}
            self.journal.append(act | ({"milliseconds": 1} if self._role == "hcp" else {}))
            self._more.set()
            await asyncio.sleep(pause)

    async def send(self, until: asyncio.Event) -> None:
        """Send what is written down in order, again and again until it is acknowledged."""
        sent = 0
        while not (until.is_set() and sent == len(self.journal)):
            if sent == len(self.journal):
                self._more.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._more.wait(), 0.2)
                continue
            answer = await self._insist(self.journal[sent])
            assert answer["ok"], answer
            self.acknowledged[self.journal[sent]["id"]] = answer
            sent += 1

    async def _insist(self, act: dict[str, Any]) -> dict[str, Any]:
        out_of_touch_since = None
        while True:
            try:
                if self._line is None:
                    self._line = await self._browser.line(self._role, **self._asked)
                answer = await asyncio.wait_for(self._line.say(self._name, act), 2)
            except OUT_OF_TOUCH:
                out_of_touch_since = out_of_touch_since or time.monotonic()
                if self._line is not None:
                    await self._line.close()
                self._line = None
                await asyncio.sleep(0.1 + self._random.random() / 10)
                continue
            if out_of_touch_since is not None:
                self.away.append(time.monotonic() - out_of_touch_since)
            return answer


@pytest.fixture(params=["sqlite"])
def database(tmp_path: Path) -> str:
    """The embedded database: what a power cut of PostgreSQL leaves is PostgreSQL's own care."""
    return str(tmp_path / "relais.db")


@pytest.fixture
async def clients(relais: Relais, rep: furnished.Account, deck: str, hcp: str) -> AsyncIterator[list[Client]]:
    """Three presenters of three sessions and two HCPs of the first, ready to act; the server that made them is stopped."""
    (relais.settings.folder / "secret").write_bytes(relais.settings.secret)
    (relais.settings.folder / "secret").chmod(0o600)
    made, sessions = [], [await furnished.plan(relais, rep, deck) for _ in range(PRESENTERS)]
    for seed, detailing in enumerate(sessions):
        browser = relais.browser()
        await browser.sign_in(rep.email, furnished.PASSWORD)
        line = await browser.line("rep", detailing_id=detailing)
        await line.call("start_detailing")
        made.append(Client(browser, "rep", "show_slide", seed, detailing_id=detailing))
        for viewer in range(VIEWERS if seed == 0 else 0):
            invited = await furnished.invite(relais, rep, detailing, await furnished.hcp(relais, f"Numéro {viewer}"))
            browser = relais.browser()
            room = await browser.enter(invited.token)
            await line.call("admit_hcp", {"participant_id": room.bootstrap["snapshot"]["participant"]["id"]})
            made.append(Client(browser, "hcp", "view_slide", 100 + viewer))
        await line.close()
    await relais.stop()
    yield made
    await relais.start()


async def test_nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed(
    clients: list[Client], relais: Relais, database: str
) -> None:
    seed = random.SystemRandom().randrange(1 << 30)
    print(f"seed {seed}; the server's own words are in {relais.settings.folder / 'log'}")
    moments, server, stop = random.Random(seed), Server(relais), asyncio.Event()
    await server.start()
    await server.ready()

    async with asyncio.TaskGroup() as tasks:
        for client in clients:
            tasks.create_task(client.act(stop))
            tasks.create_task(client.send(stop))
        for _ in range(KILLS):
            await asyncio.sleep(moments.uniform(1.0, 1.8))
            await server.end(signal.SIGKILL)
            await server.start()
            await server.ready()
        await asyncio.sleep(1)
        stop.set()
    await server.end(signal.SIGTERM)

    assert all(len(client.acknowledged) == len(client.journal) > 0 for client in clients)
    assert all(client.away for client in clients), "a client was never out of touch: nothing was tested"
    events, away = sum(len(client.journal) for client in clients), max(max(client.away) for client in clients)
    print(f"{events} acts, all acknowledged; longest out of touch {away:.1f} s")
    assert _found_in(database, clients) == {
        "receipts lost": 0,
        "acts lost": 0,
        "acts doubled": 0,
        "gaps": 0,
        "integrity": "ok",
        "broken audit entry": None,
    }


def _found_in(database: str, clients: list[Client]) -> dict[str, Any]:
    """What the database has, against what the clients wrote down: each act its receipt and its row, and no row without an act."""
    answers = {act["id"]: client.acknowledged[act["id"]] for client in clients for act in client.journal}
    shows = Counter(
        (client.session, answer["seq"]) for client in clients if client.session for answer in client.acknowledged.values()
    )
    views = Counter(act["id"] for client in clients if not client.session for act in client.journal)
    gaps = 0
    engine = reading_engine(Path(database))
    with Session(engine) as session:
        receipts = {row.id: row.answer for row in session.scalars(select(Receipt))}
        stored = Counter((row.detailing_id, row.seq) for row in session.scalars(select(ShownSlide)))
        stored += Counter(session.scalars(select(ViewedSlide.id)))
        for head in session.scalars(select(StreamHead).where(StreamHead.id.like("room:%") | StreamHead.id.like("console:%"))):
            seqs = session.scalars(select(StoredFact.seq).where(StoredFact.stream == head.id).order_by(StoredFact.seq))
            gaps += list(seqs) != list(range(1, head.head + 1))
        integrity = session.connection().exec_driver_sql("PRAGMA integrity_check").scalar()
        broken = broken_audit_entry(session)
    engine.dispose()
    return {
        "receipts lost": sum(receipts.get(act) != answer for act, answer in answers.items()),
        "acts lost": (shows + views - stored).total(),
        # Beside what the clients did, each session began by showing its first slide.
        "acts doubled": (stored - shows - views).total() - PRESENTERS,
        "gaps": gaps,
        "integrity": integrity,
        "broken audit entry": broken,
    }
