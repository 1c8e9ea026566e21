"""R11, the network: late, narrow, in crumbs, reset, silent, without websockets; what is done is kept and heard once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack

import furnished
import load
import pytest
from checker import Found, compare, facts_stored, inversions
from follower import Follower
from furnished import Room
from network import BlackHole, Crumbs, Fault, Late, Narrow, Network, NoWebSockets, Resets
from report import LONG
from running import Relais

from server.edge import sockets
from server.store import Transaction

FAULTS: Mapping[str, type[Fault]] = {
    "100 ± 50 ms": Late,
    "64 kbit/s": Narrow,
    "one byte at a time": Crumbs,
    "reset every 2 s": Resets,
    "a black hole": BlackHole,
    "no websockets": NoWebSockets,
}
SECONDS = 30 if LONG else 4
EVENTS_A_SECOND = 100
NOTICED_WITHIN = 45.0


class Suffered:
    """What a run showed, and of each fault who was behind it."""

    def __init__(self, found: Found, clients: list[load.Client], followers: list[Follower]) -> None:
        self.found, self.clients, self.followers = found, clients, followers
        self.inversions = inversions(client.journal for client in clients) + sum(follower.wrong for follower in followers)

    def behind(self, place: int) -> tuple[int, int, float]:
        """Of one fault: how many acts were acknowledged, how often somebody lost touch, and the longest time out of touch."""
        mine = self.clients[: load.PRESENTERS][place :: len(FAULTS)] + self.clients[load.PRESENTERS :][place :: len(FAULTS)]
        away = [seconds for client in mine for seconds in client.timings.away]
        return sum(len(client.journal.answers) for client in mine), len(away), max(away, default=0)


async def _suffer(relais: Relais, rep: furnished.Account, deck: str) -> Suffered:
    async with AsyncExitStack() as stack:
        networks = [await stack.enter_async_context(Network(relais.settings.port)) for _ in FAULTS]
        clients = await load.clients(relais, rep, deck, seed=11, urls=[network.url for network in networks])
        for client in clients:
            if client.browser.url == networks[-1].url:
                client.browser.transports = ["polling", "websocket"]
        before = await relais.store.read(facts_stored)
        followers = [Follower(client.browser, "hcp") for client in clients[load.PRESENTERS :][: len(FAULTS)]]
        everything_is_done = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            for follower in followers:
                tasks.create_task(follower.follow(everything_is_done))
            await asyncio.gather(*(follower.is_there.wait() for follower in followers))
            async with load.under_load(clients, EVENTS_A_SECOND):
                for network, fault in zip(networks, FAULTS.values(), strict=True):
                    network.suffer(fault())
                await asyncio.sleep(SECONDS)
                for network in networks:
                    network.suffer(Fault())
            everything_is_done.set()
    await relais.stop()
    found = compare((client.journal for client in clients), relais.settings.database, before=before)
    await relais.start()
    return Suffered(found, clients, followers)


async def test_whatever_the_network_does_every_act_is_kept_once_and_heard_once_in_order(
    relais: Relais, rep: furnished.Account, deck: str, report: Callable[..., None]
) -> None:
    suffered = await _suffer(relais, rep, deck)

    for place, name in enumerate(FAULTS):
        acked, times, longest = suffered.behind(place)
        lines = suffered.followers[place].lines
        note = f"out of touch {times} times, {longest:.1f} s at most; the follower came {lines} times"
        report("R11", f"{name}, {SECONDS} s", runs=1, acked=acked, note=note)
        assert acked > SECONDS
    report("R11", "all of these at once", runs=1, note=f"{suffered.inversions} inversions", **suffered.found.counts)
    assert suffered.behind(list(FAULTS).index("reset every 2 s"))[1] > 0, "nobody was ever reset"
    assert suffered.followers[list(FAULTS).index("a black hole")].lines > 1, "nobody fell into the hole"
    assert suffered.found.faultless, suffered.found
    assert (suffered.found.unanswered, suffered.inversions) == (0, 0)
    for follower in suffered.followers:
        for seqs in follower.kept.values():
            assert seqs == list(range(seqs[0], seqs[0] + len(seqs))) if seqs else True


@pytest.mark.long
async def test_acts_that_are_done_again_when_their_answer_was_lost_are_found_out(
    relais: Relais, rep: furnished.Account, deck: str, report: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: no receipts, so whoever lost touch and sends again does it twice."""
    monkeypatch.setattr(Transaction, "keep_receipt", lambda *_: None)

    found = (await _suffer(relais, rep, deck)).found

    report("R11", "planted: no receipts", runs=1, note="caught" if found.doubled else "NOT CAUGHT", **found.counts)
    assert found.doubled > 0


class TestSilence:
    """Somebody's line goes dead, and no end of it is told."""

    FASTER = 1 if LONG else 20

    @pytest.fixture(autouse=True)
    def _faster(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In the short form everybody is pinged more often."""
        for name in ("PING_INTERVAL", "PING_TIMEOUT"):
            monkeypatch.setattr(sockets, name, getattr(sockets, name) / self.FASTER)

    @pytest.mark.parametrize("transport", ["websocket", "polling"])
    async def test_whoever_falls_silent_is_noticed(
        self, transport: str, room: Room, relais: Relais, report: Callable[..., None]
    ) -> None:
        """Seen to fail, as it must: without the look at pings in `Broadcast.emit`, a poller was missed after 49.8 s."""
        async with Network(relais.settings.port) as network:
            browser = relais.browser(url=network.url)
            browser.bearer, browser.transports = room.hcp.browser.bearer, [transport]
            await room.hcp.close()
            await browser.line("hcp")
            await room.rep.until(lambda: room.rep.bodies("presence_changed")[-1]["connected"])
            network.suffer(BlackHole())
            began = time.monotonic()

            async with asyncio.timeout(2 * NOTICED_WITHIN / self.FASTER + 10):
                while room.rep.bodies("presence_changed")[-1]["connected"]:
                    await asyncio.sleep(0.05)

            noticed = time.monotonic() - began
            note = f"after {noticed:.1f} s, pinged {self.FASTER} times as often"
            report("R11", f"silence noticed, {transport}", runs=1, acked=0, note=note)
            # A heartbeat, and a busy machine, may come in between.
            assert noticed <= NOTICED_WITHIN / self.FASTER + 3
