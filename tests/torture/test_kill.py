"""R1, `kill -9` in the middle of work: what was acknowledged is there, once, in order, and people come back by themselves."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Callable
from statistics import quantiles

import furnished
import load
import pytest
from checker import Found, compare, facts_stored
from load import under_load
from report import LONG
from running import Relais
from serving import Server

KILLS = 20 if LONG else 4
RESUMED_P95, RESUMED_MAX = 5.0, 15.0


async def _killed(
    relais: Relais, rep: furnished.Account, deck: str, kills: int, bug: str | None = None
) -> tuple[Found, list[load.Client]]:
    seed = random.SystemRandom().randrange(1 << 30)
    clients, moments = await load.clients(relais, rep, deck, seed=seed), random.Random(seed)
    before: Counter[tuple[str, str]] = await relais.store.read(facts_stored)
    await relais.stop()
    print(f"seed {seed}; the server's own words are in {relais.settings.folder / 'log'}")
    async with Server(relais.settings, bug) as server:
        async with under_load(clients):
            for _ in range(kills):
                await asyncio.sleep(moments.uniform(1.5, 2.5))
                await server.end(signal.SIGKILL)
                await server.start()
                await server.ready()
            await asyncio.sleep(1)
        await server.end()
    found = compare((client.journal for client in clients), relais.settings.database, before=before)
    await relais.start()
    return found, clients


async def test_nothing_acknowledged_is_lost_or_doubled_when_the_server_is_killed(
    relais: Relais, rep: furnished.Account, deck: str, report: Callable[..., None]
) -> None:
    found, clients = await _killed(relais, rep, deck, KILLS)

    away = [seconds for client in clients for seconds in client.timings.away]
    acknowledged = [seconds for client in clients for seconds in client.timings.acknowledged]
    p95, p50 = quantiles(away, n=20)[-1], quantiles(acknowledged, n=2)[0]
    note = f"back after {p95:.1f} s (p95), {max(away):.1f} s at most; ack p50 {p50 * 1000:.0f} ms"
    report("R1", "kill -9 under load L", runs=KILLS, note=note, **found.counts)
    assert all(client.timings.away for client in clients), "a client was never out of touch: nothing was tested"
    assert found.faultless, found
    assert found.unanswered == 0
    if LONG:
        # The short form shares its machine with whatever else a developer runs.
        assert p95 <= RESUMED_P95
        assert max(away) <= RESUMED_MAX


@pytest.mark.long
async def test_answers_given_before_the_commit_are_found_out(
    relais: Relais, rep: furnished.Account, deck: str, report: Callable[..., None]
) -> None:
    bug = "acknowledges_before_the_commit"

    found, _ = await _killed(relais, rep, deck, 8, bug)

    report("R1", f"planted: {bug}", runs=8, note="caught" if found.lost else "NOT CAUGHT", **found.counts)
    assert found.lost > 0
