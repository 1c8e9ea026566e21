"""R8, order: what one person does is kept in the order in which they did it, and everybody hears one order."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import furnished
import pytest
from furnished import Join
from people import VIEW
from report import LONG
from running import Line, Relais

from server.edge.keys import SOCKETS
from server.store import Store, new_id

ACTS = 1000 if LONG else 50
VIEWERS = 4
# So many of one client's acts are sent before the first of them is acknowledged.
UNDERWAY = 50


class Actor:
    """Sends ahead of the acknowledgements, and notes in which order the acknowledgements came."""

    def __init__(self, line: Line, name: str, numbers: list[int]) -> None:
        self.line, self.numbers = line, numbers
        self._name = name
        self.acknowledged: list[int] = []
        self._all, self._underway = asyncio.Event(), asyncio.Semaphore(UNDERWAY)

    async def act(self) -> None:
        """Send everything; returns when everything is acknowledged."""
        for place, number in enumerate(self.numbers):
            message = {"id": new_id(), **(VIEW if self._name == "view_slide" else {}), "number": number}
            await self._underway.acquire()
            await self.line.send(self._name, message, lambda answer, place=place: self._answered(place, answer))
        async with asyncio.timeout(300):
            await self._all.wait()

    def _answered(self, place: int, answer: dict[str, Any]) -> None:
        assert answer["ok"], answer
        self._underway.release()
        self.acknowledged.append(place)
        if len(self.acknowledged) == len(self.numbers):
            self._all.set()


async def _inversions(relais: Relais, join: Join, rep: furnished.Account, invite: furnished.Invite, monkeypatch: Any) -> int:
    """How often anything stood before what came before it: in acknowledgements, in the log, or at anyone who listens."""
    chance = random.Random(8)
    monkeypatch.setattr("server.edge.limits.Budget.LIMITS", {})
    real = Store.obey

    async def after_a_while(self: Store, *command: Any) -> Any:
        await asyncio.sleep(chance.random() / 200)
        return await real(self, *command)

    presenter = await join("rep")
    await presenter.call("start_detailing")
    viewers = []
    for number in range(VIEWERS):
        hcp_id = await furnished.hcp(relais, f"Numéro {number}")
        viewer = await join("hcp", invitation=await invite(hcp_id=hcp_id))
        await presenter.call("admit_hcp", {"participant_id": viewer.snapshot["participant"]["id"]})
        await viewer.hears("admission_granted")
        await viewer.join({})
        viewers.append(viewer)
    for number in range(1, 5):
        await presenter.call("show_slide", {"number": number})
    watchers = [presenter, *viewers, *[await join("rep") for _ in range(2)]]
    began = {line: len(line.facts) for line in watchers}
    monkeypatch.setattr(Store, "obey", after_a_while)
    actors = [Actor(presenter, "show_slide", _numbers(chance))]
    actors += [Actor(viewer, "view_slide", _numbers(chance)) for viewer in viewers]

    await asyncio.gather(*(actor.act() for actor in actors))

    def heard(line: Line, name: str) -> list[dict[str, Any]]:
        return [fact for fact in line.facts[began[line] :] if fact["name"] == name]

    wrong = sum(one > two for actor in actors for one, two in pairwise(actor.acknowledged))
    for line in watchers:
        await line.until(lambda line=line: len(heard(line, "slide_shown")) == ACTS)
        wrong += [fact["body"]["number"] for fact in heard(line, "slide_shown")] != actors[0].numbers
    for line in (one for one in watchers if one.role == "rep"):
        await line.until(lambda line=line: len(heard(line, "slide_viewed")) == ACTS * VIEWERS)
        for actor in actors[1:]:
            own = actor.line.snapshot["participant"]["id"]
            seen = [f["body"]["number"] for f in heard(line, "slide_viewed") if f["body"]["participant_id"] == own]
            wrong += seen != actor.numbers
        wrong += heard(line, "slide_viewed") != heard(watchers[0], "slide_viewed")
    return wrong


def _numbers(chance: random.Random) -> list[int]:
    return [chance.randint(1, 4) for _ in range(ACTS)]


async def test_five_who_act_at_once_are_each_kept_in_order_and_heard_in_one(
    relais: Relais,
    join: Join,
    rep: furnished.Account,
    invite: furnished.Invite,
    monkeypatch: pytest.MonkeyPatch,
    report: Callable[..., None],
) -> None:
    wrong = await _inversions(relais, join, rep, invite, monkeypatch)

    acts = ACTS * (1 + VIEWERS)
    report("R8", "5 clients at once, handlers delayed at random", runs=1, acked=acts, note=f"{wrong} inversions")
    assert wrong == 0


async def test_handlers_that_run_side_by_side_are_found_out(
    relais: Relais,
    join: Join,
    rep: furnished.Account,
    invite: furnished.Invite,
    monkeypatch: pytest.MonkeyPatch,
    report: Callable[..., None],
) -> None:
    """The planted bug is the engine's own default."""
    relais.app[SOCKETS].server.async_handlers = True

    wrong = await _inversions(relais, join, rep, invite, monkeypatch)

    report("R8", "planted: async_handlers=True", runs=1, acked=ACTS * (1 + VIEWERS), note=f"caught: {wrong} inversions")
    assert wrong > 0
