"""The bench itself, at a size at which its figures mean nothing: that it runs, and counts right."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench import durable, served, speed
from bench.clients import Client

TINY = {"large": 3, "small": 2, "rate": 10, "seconds": 0.3}


def test_a_ratio_is_the_median_of_its_rounds_and_held_against_its_goal() -> None:
    found: Any = defaultdict(lambda: defaultdict(lambda: [defaultdict(lambda: 1.0)] * 3))
    found["memory"]["relais"] = [{"kb": 30.0}, {"kb": 90.0}, {"kb": 33.0}]
    found["memory"]["node"] = [{"kb": 30.0}] * 3

    lines = [line for line in speed.table(found).splitlines() if line.startswith("| memory")]

    assert lines == ["| memory per connection (node) | 1.10 | 1.00, 3.00 | ≤ 1.5 | reached |"]


async def test_what_is_lost_doubled_or_late_is_counted() -> None:
    client = Client("", {})

    for seq in (1, 2, 5, 4, 4, 6):
        client.count(seq)

    assert (client.lost, client.reordered, client.doubled) == (1, 1, 1)


async def test_every_measurement_of_our_own_server_can_be_taken(tmp_path: Path) -> None:
    """The rooms, presenters and audience are furnished by the real actions: where those change, this breaks and not the bench."""
    house = await served.furnish(tmp_path / "house", [3, 3, 3])
    server = served.serve_relais(house)
    try:
        for kind in ("open", "closed", "acknowledged"):
            place = {"large": 3} if kind == "closed" else {"small": 2}
            found = await asyncio.to_thread(speed.run, {**TINY, "kind": kind, **place}, server, house.rooms)
            assert found["deliveries"] > 0
            assert [found[what] for what in speed.WRONG] == [0, 0, 0]
        came = await asyncio.to_thread(speed.run, {**TINY, "kind": "storm"}, server, house.rooms)
        assert came["joined_s"] > 0
    finally:
        server.stop()

    rates = await durable.rates(served.another(house), 0.2, callers=2)
    assert all(rate > 0 for rate in rates.values())
