"""R15, five times load L: what is taken on is acknowledged soon, the rest is refused at once, and every report is kept."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from statistics import quantiles
from typing import Any

import furnished
import load
from checker import compare, facts_stored
from journal import Act, Journal
from report import LONG
from running import Line, Relais
from serving import Server
from sqlalchemy import select

from server.medical.tables import AdverseEventReport
from server.store.messages import CONVERSATION

SECONDS = 20 if LONG else 3
# Load L is ten acts a second of each.
ACTS_A_SECOND = 50
ACKNOWLEDGED_P99, BACK_TO_NORMAL = 1.0, 30.0


class Pusher:
    """One person whose acts come five times as fast as anybody works, and wait for no answer."""

    def __init__(self, client: load.Client, line: Line) -> None:
        self._client, self._line = client, line
        self.journal = Journal()
        self.accepted: list[float] = []
        self.refused: list[dict[str, Any]] = []
        self._answered = asyncio.Event()

    async def push(self) -> None:
        """Returns when everything was answered, one way or the other."""
        began = time.monotonic()
        for number in range(SECONDS * ACTS_A_SECOND):
            await asyncio.sleep(max(0.0, began + number / ACTS_A_SECOND - time.monotonic()))
            act = self._act(number)
            self.journal.acts.append(act)
            await self._line.send(act.name, act.message, partial(self._answer, act, time.monotonic()))
        async with asyncio.timeout(60):
            await self._answered.wait()

    async def act_once_more(self) -> float:
        """How long it takes until one more act is accepted."""
        began, act = time.monotonic(), self._act(0)
        self.journal.acts.append(act)
        while not (answer := await self._line.say(act.name, act.message))["ok"]:
            await asyncio.sleep(answer["retry_after"])
        self.journal.answers[act.id] = answer
        return time.monotonic() - began

    @property
    def reports(self) -> list[Act]:
        """The questions that tell of an adverse event."""
        return [act for act in self.journal.acts if act.body.get("text") == load.REPORT]

    def _act(self, number: int) -> Act:
        (subject, *_), room = self._client.subjects, self._client.room
        if not room:
            return Act("show_slide", subject, {"number": 1 + number % 4})
        match number % ACTS_A_SECOND:
            case 7:
                return Act("ask_question", subject, {"text": load.REPORT, "language": "fr"})
            case place if place % 10 == 3:
                return Act("ask_question", subject, {"text": f"Question {number} ?", "language": "fr"})
            case _:
                return Act("view_slide", room, load.VIEW)

    def _answer(self, act: Act, sent: float, answer: dict[str, Any]) -> None:
        if answer["ok"]:
            self.accepted.append(time.monotonic() - sent)
            self.journal.answers[act.id] = answer
        else:
            self.refused.append(answer)
        if len(self.accepted) + len(self.refused) == SECONDS * ACTS_A_SECOND:
            self._answered.set()


async def test_five_times_the_load_is_partly_refused_and_nothing_accepted_is_lost(
    relais: Relais, rep: furnished.Account, deck: str, report: Callable[..., None]
) -> None:
    clients = await load.clients(relais, rep, deck, seed=15)
    before = await relais.store.read(facts_stored)
    await relais.stop()
    async with Server(relais.settings) as server:
        pushers = [Pusher(client, await client.come()) for client in clients]
        await asyncio.gather(*(pusher.push() for pusher in pushers))
        recovered = max(await asyncio.gather(*(pusher.act_once_more() for pusher in pushers)))
        await server.end()
    # A question that tells of an adverse event makes a fact of a report, too.
    reports = Counter((CONVERSATION.of(act.subject), "adverse_event_reported") for one in pushers for act in one.reports)
    found = compare((pusher.journal for pusher in pushers), relais.settings.database, before=before + reports)
    await relais.start()

    kept = await relais.store.read(lambda session: session.scalars(select(AdverseEventReport.text)).all())
    refused = [answer for pusher in pushers for answer in pusher.refused]
    p99 = quantiles([seconds for pusher in pushers for seconds in pusher.accepted], n=100)[-1]
    note = f"{len(refused)} refused, accepted p99 {p99 * 1000:.0f} ms; {len(kept)} of {reports.total()} reports kept"
    report("R15", f"5 × load L for {SECONDS} s", runs=1, note=f"{note}; normal after {recovered:.1f} s", **found.counts)
    assert found.faultless, found
    assert {(answer["code"], answer["retry_after"]) for answer in refused} == {("busy", 2)}
    assert len(kept) == reports.total() == SECONDS * load.VIEWERS
    assert recovered <= BACK_TO_NORMAL
    if LONG:
        # The short form shares its machine with whatever else a developer runs.
        assert p99 <= ACKNOWLEDGED_P99
