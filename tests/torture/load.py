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
        self.browser, self.role, self.subjects, self.room = browser, role, subjects, room
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
        return Act("view_slide", self.room, VIEW)

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

    async def come(self, session: str | None = None) -> Line:
        """A line of this person; of a presenter for this session, or their first."""
        asked = {"detailing_id": session or self.subjects[0]} if self.role == "rep" else {}
        return await self.browser.line(self.role, **asked)

    async def _line_for(self, act: Act) -> Line:
        wanted = act.subject if self.role == "rep" else self.room
        if self._line is None or self._following != wanted:
            await self._hang_up()
            self._line, self._following = await self.come(wanted), wanted
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


async def clients(
    relais: Relais, rep: furnished.Account, deck: str, *, seed: int, urls: Sequence[str | None] = (None,)
) -> list[Client]:
    """Presenters of live sessions and admitted HCPs, who have signed in and come in, each by the next of these ways."""
    # Together, so that the commits are few.
    others = (furnished.account(relais, f"Numéro{number} Fictive", "rep") for number in range(1, PRESENTERS))
    reps = [rep, *await asyncio.gather(*others)]
    members = [await furnished.member(relais, presenter) for presenter in reps]
    whose = [number % PRESENTERS for number in range(SESSIONS)]
    sessions = await asyncio.gather(*(furnished.plan(relais, reps[number], deck) for number in whose))
    starts = zip(sessions, whose, strict=True)
    await asyncio.gather(*(relais.store.change(presenting.start_detailing, one, by=members[number]) for one, number in starts))

    async def presenter(number: int) -> Client:
        browser = relais.browser(url=urls[number % len(urls)])
        await browser.sign_in(reps[number].email, furnished.PASSWORD)
        return Client(browser, "rep", sessions[number::PRESENTERS], seed + number)

    async def viewer(number: int) -> Client:
        hcp, browser = await furnished.hcp(relais, f"Numéro {number}"), relais.browser(url=urls[number % len(urls)])
        invited = await furnished.invite(relais, reps[number], sessions[number], hcp)
        guest = (await browser.enter(invited.token)).bootstrap["snapshot"]["participant"]["id"]
        await relais.store.change(lobby.admit_hcp, sessions[number], guest, by=members[number])
        return Client(browser, "hcp", [guest], seed + 100 + number, room=sessions[number])

    return [
        *await asyncio.gather(*map(presenter, range(PRESENTERS))),
        *await asyncio.gather(*map(viewer, range(VIEWERS))),
    ]


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
