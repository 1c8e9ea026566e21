"""Load L: twenty clients in fifty sessions do two hundred things a second, whatever happens to the server.

Each client writes every act down before it sends it, sends its acts in their order until each is acknowledged, and comes back by
itself when the line is gone.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

import aiohttp
import furnished
import socketio
from journal import Act, Journal
from running import Browser, Line, Relais

from server.detailing.actions import lobby, presenting

SESSIONS, PRESENTERS, VIEWERS = 50, 12, 8
EVENTS_A_SECOND = 200
# A presenter goes on to the next of their sessions after so many slides.
SLIDES_IN_A_ROW = 25
OUT_OF_TOUCH = (aiohttp.ClientError, socketio.exceptions.SocketIOError, ConnectionError, TimeoutError, AssertionError, KeyError)
REPORT = "Mon patient de 54 ans a eu une éruption cutanée sous allopurinol."
VIEW = {"number": 1, "started_at": "2026-01-01T10:00:00Z", "ended_at": "2026-01-01T10:00:02Z"}


@dataclass(slots=True)
class Timings:
    """What one client measured, in seconds: how long each acknowledgement and refusal took, and how long it was out of touch."""

    acknowledged: list[float] = field(default_factory=list)
    away: list[float] = field(default_factory=list)
    refused: list[tuple[str, float]] = field(default_factory=list)


class Client:
    """One person at work. `sessions` are those that a presenter presents in turn; a viewer has none and is in one room."""

    def __init__(self, browser: Browser, role: str, subjects: Sequence[str], seed: int, *, room: str = "") -> None:
        self.browser, self.role, self.subjects, self._room = browser, role, subjects, room
        self._random = random.Random(seed)
        self.journal, self.timings = Journal(), Timings()
        self._more = asyncio.Event()
        self._line: Line | None = None
        self._following = ""

    async def work(self, until: asyncio.Event, pause: float) -> None:
        """Act at a steady rate until told to stop; returns when everything is acknowledged."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._act(until, pause))
            tasks.create_task(self._send(until))

    async def _act(self, until: asyncio.Event, pause: float) -> None:
        # By the clock and not by sleeping: a busy machine makes the steps late, not the acts fewer.
        began = time.monotonic()
        while not until.is_set():
            while len(self.journal.acts) * pause < time.monotonic() - began:
                self.journal.acts.append(self._next())
            self._more.set()
            await asyncio.sleep(pause)

    def _next(self) -> Act:
        number = len(self.journal.acts)
        if self.role == "rep":
            session = self.subjects[number // SLIDES_IN_A_ROW % len(self.subjects)]
            return Act("show_slide", session, {"number": self._random.randint(1, 4)})
        guest = self.subjects[0]
        # Rare enough for the budget of questions; a report has none.
        if number % 40 == 20:
            return Act("ask_question", guest, {"text": f"Question {number} ?", "language": "fr"})
        if number % 40 == 30:
            return Act("report_adverse_event", guest, {"text": REPORT})
        return Act("view_slide", self._room, VIEW)

    async def _send(self, until: asyncio.Event) -> None:
        sent = 0
        while not (until.is_set() and sent == len(self.journal.acts)):
            if sent == len(self.journal.acts):
                self._more.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._more.wait(), 0.2)
                continue
            act = self.journal.acts[sent]
            if (answer := await self._insist(act)) is not None:
                self.journal.answers[act.id] = answer
            sent += 1

    async def _insist(self, act: Act) -> dict[str, Any] | None:
        """The acknowledgement, however often it takes; None when the act was refused for good."""
        out_of_touch_since = None
        while True:
            began = time.monotonic()
            try:
                line = await asyncio.wait_for(self._line_for(act), 3)
                sent = time.monotonic()
                answer = await _answer(line, act)
            except OUT_OF_TOUCH:
                out_of_touch_since = out_of_touch_since or began
                await self._hang_up()
                await asyncio.sleep(0.1 + self._random.random() / 10)
                continue
            took = time.monotonic() - sent
            if not answer["ok"]:
                self.timings.refused.append((answer["code"], took))
                if "retry_after" not in answer:
                    return None
                await asyncio.sleep(answer["retry_after"] * self._random.uniform(0.5, 1))
                continue
            self.timings.acknowledged.append(took)
            if out_of_touch_since is not None:
                self.timings.away.append(time.monotonic() - out_of_touch_since)
            return answer

    async def _line_for(self, act: Act) -> Line:
        wanted = act.subject if self.role == "rep" else self._room
        if self._line is None or self._following != wanted:
            await self._hang_up()
            asked = {"detailing_id": wanted} if self.role == "rep" else {}
            self._line, self._following = await self.browser.line(self.role, **asked), wanted
        return self._line

    async def _hang_up(self) -> None:
        if self._line is not None:
            line, self._line = self._line, None
            await line.close()


async def _answer(line: Line, act: Act) -> dict[str, Any]:
    """The acknowledgement; the library would wait for it on a line that is gone, too."""
    saying, gone = asyncio.create_task(line.say(act.name, act.message)), asyncio.create_task(line.gone())
    await asyncio.wait({saying, gone}, return_when=asyncio.FIRST_COMPLETED, timeout=8)
    gone.cancel()
    if not saying.done():
        saying.cancel()
        raise ConnectionError
    return await saying


async def clients(relais: Relais, rep: furnished.Account, deck: str, *, seed: int) -> list[Client]:
    """Presenters of live sessions and admitted HCPs, who have signed in and come in."""
    reps = [rep, *[await furnished.account(relais, f"Numéro{number} Fictive", "rep") for number in range(1, PRESENTERS)]]
    presenters = list(islice(cycle(reps), SESSIONS))
    sessions = [await furnished.plan(relais, presenter, deck) for presenter in presenters]
    for session, presenter in zip(sessions, presenters, strict=True):
        await relais.store.change(presenting.start_detailing, session, by=await furnished.member(relais, presenter))
    made = []
    for number, presenter in enumerate(reps):
        browser = relais.browser()
        await browser.sign_in(presenter.email, furnished.PASSWORD)
        made.append(Client(browser, "rep", sessions[number::PRESENTERS], seed + number))
    for number in range(VIEWERS):
        hcp, browser = await furnished.hcp(relais, f"Numéro {number}"), relais.browser()
        invited = await furnished.invite(relais, presenters[number], sessions[number], hcp)
        guest = (await browser.enter(invited.token)).bootstrap["snapshot"]["participant"]["id"]
        member = await furnished.member(relais, presenters[number])
        await relais.store.change(lobby.admit_hcp, sessions[number], guest, by=member)
        made.append(Client(browser, "hcp", [guest], seed + 100 + number, room=sessions[number]))
    return made


@asynccontextmanager
async def under_load(clients: Sequence[Client], events_a_second: float = EVENTS_A_SECOND) -> AsyncIterator[None]:
    """While the body runs, everybody works; after it, everything is sent until it is acknowledged."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for client in clients:
            tasks.create_task(client.work(stop, len(clients) / events_a_second))
        try:
            yield
        finally:
            stop.set()
