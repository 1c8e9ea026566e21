"""R14, viewers who stop reading: each is let go at its bound, nobody else notices, and who wakes up catches up."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import quantiles

import furnished
import load
import pytest
from follower import Follower
from network import Asleep, Fault, Network
from report import LONG
from running import Line, Relais
from serving import Server

from server.detailing.actions import lobby, presenting

VIEWERS = 20
# Titles of 60 kB make facts that weigh: 84 of them to 20 viewers are 100 MB.
SLIDES_BEFORE, SLIDES = (84, 84) if LONG else (10, 50)
TITLE = "x" * 60_000
PAUSE = 0.06
GROWTH = 50 * 2**20


@dataclass(frozen=True, slots=True)
class Seen:
    """`cut`: after how many slides each sleeper was let go. `usual`, `meanwhile`: how long the others' acknowledgements took."""

    growth: int
    cut: list[int]
    usual: list[float]
    meanwhile: list[float]
    followers: list[Follower]

    @property
    def slower(self) -> float:
        """How much longer the slowest in a hundred took."""
        return quantiles(self.meanwhile, n=100)[-1] / quantiles(self.usual, n=100)[-1]


class Memory:
    """The most that a process held while this ran, above what it held before, in bytes."""

    def __init__(self, process: int) -> None:
        self._statm = Path(f"/proc/{process}/statm")
        self._before = self._most = self._now()

    def _now(self) -> int:
        return int(self._statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def look(self) -> int:
        """The growth so far."""
        self._most = max(self._most, self._now())
        return self._most - self._before


async def _room(relais: Relais, rep: furnished.Account, network: Network, deck: str) -> tuple[str, list[Follower]]:
    member = await furnished.member(relais, rep)
    session = await furnished.plan(relais, rep, deck)
    await relais.store.change(presenting.start_detailing, session, by=member)

    async def viewer(number: int) -> Follower:
        browser = relais.browser(url=network.url)
        invited = await furnished.invite(relais, rep, session, await furnished.hcp(relais, f"Spectateur {number}"))
        guest = (await browser.enter(invited.token)).bootstrap["snapshot"]["participant"]["id"]
        await relais.store.change(lobby.admit_hcp, session, guest, by=member)
        # Who sleeps does not hang up.
        return Follower(browser, "hcp", silence=math.inf)

    return session, await asyncio.gather(*map(viewer, range(VIEWERS)))


async def _show(presenter: Line, slides: int, memory: Memory) -> list[int]:
    """Show so many slides; the number at which each viewer was gone."""
    gone: dict[str, int] = {}
    for number in range(slides):
        # Under the budget of a rep, also when some come late.
        await asyncio.sleep(PAUSE)
        assert (await presenter.call("show_slide", {"number": 1 + number % 4}))["ok"]
        memory.look()
        for notice in presenter.bodies("presence_changed"):
            if not notice["connected"]:
                gone.setdefault(notice["participant_id"], number)
    return list(gone.values())


async def _stall(relais: Relais, rep: furnished.Account, decks: tuple[str, str], bug: str | None = None) -> Seen:
    clients = await load.clients(relais, rep, decks[0], seed=14)
    other = await furnished.account(relais, "Dominique Autre", "rep")
    async with AsyncExitStack() as stack:
        network = await stack.enter_async_context(Network(relais.settings.port, buffer=128 * 1024))
        session, followers = await _room(relais, other, network, decks[1])
        await relais.stop()
        server = await stack.enter_async_context(Server(relais.settings, bug))
        browser, everything_is_shown = relais.browser(), asyncio.Event()
        await browser.sign_in(other.email, furnished.PASSWORD)
        presenter = await browser.line("rep", detailing_id=session)
        async with asyncio.TaskGroup() as tasks:
            for follower in followers:
                tasks.create_task(follower.follow(everything_is_shown))
            await asyncio.gather(*(follower.is_there.wait() for follower in followers))
            async with load.under_load(clients, 100):
                assert await _show(presenter, SLIDES_BEFORE, Memory(server.pid)) == [], "somebody who reads was cut"
                usual = _acknowledged(clients)
                network.suffer(Asleep())
                memory = Memory(server.pid)
                cut = await _show(presenter, SLIDES, memory)
                meanwhile = _acknowledged(clients)[len(usual) :]
            growth = memory.look()
            network.suffer(Fault())
            everything_is_shown.set()
        await presenter.close()
        await server.end()
    await relais.start()
    return Seen(growth, cut, usual, meanwhile, followers)


def _acknowledged(clients: list[load.Client]) -> list[float]:
    return [seconds for client in clients for seconds in client.timings.acknowledged]


@pytest.fixture
async def decks(relais: Relais, deck: str, importer: furnished.Account, content_manager: furnished.Account) -> tuple[str, str]:
    """The usual deck, and one whose slides have titles that weigh."""
    plain = furnished.deck()
    heavy = replace(plain, slides=tuple(replace(slide, title=TITLE) for slide in plain.slides))
    edition_id = await furnished.take_in(relais, heavy, by=importer)
    await furnished.approve(relais, edition_id, by=content_manager)
    return deck, edition_id


async def test_viewers_who_stop_reading_are_let_go_and_cost_nobody_anything(
    relais: Relais, rep: furnished.Account, decks: tuple[str, str], report: Callable[..., None]
) -> None:
    seen = await _stall(relais, rep, decks)

    cut = f"{len(seen.cut)} cut, the last after {max(seen.cut, default=0)} slides of 60 kB"
    note = f"memory +{seen.growth / 2**20:.0f} MB; {cut}; p99 of the others × {seen.slower:.1f}"
    report(
        "R14",
        f"{VIEWERS} viewers stop reading, {SLIDES * VIEWERS * len(TITLE) / 1e6:.0f} MB",
        runs=VIEWERS,
        acked=len(seen.meanwhile),
        note=note,
    )
    assert len(seen.cut) == VIEWERS, "somebody who does not read was not cut"
    assert seen.growth <= GROWTH
    assert all(follower.lines > 1 and follower.wrong == 0 for follower in seen.followers)
    if LONG:
        # The short form shares its machine with whatever else a developer runs.
        assert seen.slower <= 2


@pytest.mark.long
@pytest.mark.parametrize("bug", ["lets_the_transport_grow", "waits_for_whoever_does_not_read"])
async def test_queues_without_an_end_are_found_out(
    bug: str, relais: Relais, rep: furnished.Account, decks: tuple[str, str], report: Callable[..., None]
) -> None:
    seen = await _stall(relais, rep, decks, bug)

    caught = seen.growth > GROWTH or len(seen.cut) < VIEWERS
    note = f"{'caught' if caught else 'NOT CAUGHT'}: memory +{seen.growth / 2**20:.0f} MB, {len(seen.cut)} of {VIEWERS} cut"
    report("R14", f"planted: {bug}", runs=VIEWERS, acked=len(seen.meanwhile), note=note)
    assert caught
