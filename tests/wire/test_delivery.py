"""Facts leave each stream in its order and without gaps, whoever committed them, and whether or not anybody tells of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from server.detailing.messages.presenting import SlideShown
from server.edge import delivery
from server.edge.delivery import Delivery
from server.store import Announcement, Store, Transaction


class Delivered:
    """A store of this process with what it delivers, and what the store said that was not handed on yet."""

    def __init__(self, store: Store) -> None:
        self.store, self.sent, self.held_back = store, [], []
        self.delivery = Delivery(store, self._send)

    async def _send(self, fact: Announcement) -> None:
        self.sent.append(fact.seq)

    async def until(self, count: int) -> list[int]:
        """The numbers that were sent, once there are so many."""
        async with asyncio.timeout(10):
            while len(self.sent) < count:
                await asyncio.sleep(0.005)
        return self.sent


@pytest.fixture
async def here(database: str) -> AsyncIterator[Delivered]:
    """An empty database, and a delivery that runs; it follows the stream from its beginning."""
    here = Delivered(Store(database))
    running = asyncio.create_task(here.delivery.run())
    here.delivery.follow({"room:a": 0})
    yield here
    running.cancel()
    await here.store.close()


def say(tx: Transaction, number: int = 1) -> int:
    """One fact; its number."""
    return tx.announce("a", SlideShown(number=number, title=""))


async def test_facts_of_many_threads_are_sent_in_order(here: Delivered) -> None:
    here.store.listen(here.delivery.hear)

    await asyncio.gather(*(here.store.change(say) for _ in range(100)))

    assert await here.until(100) == list(range(1, 101))


async def test_a_fact_that_comes_before_the_one_before_it_waits_for_it(here: Delivered) -> None:
    here.store.listen(here.held_back.append)
    for _ in range(3):
        await here.store.change(say)
    first, second, third = here.held_back

    for fact in (third, second, first, third):
        here.delivery.hear(fact)

    assert await here.until(3) == [1, 2, 3]


@pytest.mark.parametrize("how", ["a hint", "the heads", "the next fact"])
async def test_what_another_process_committed_is_read_from_the_database(how: str, here: Delivered) -> None:
    """Seen to fail with `told`, `up_to` and the look after a gap left out, each in its turn."""
    here.store.listen(lambda fact: here.delivery.hear(fact) if how == "the next fact" and fact.seq == 4 else None)
    for _ in range(4 if how == "the next fact" else 3):
        await here.store.change(say)

    if how == "a hint":
        here.delivery.told("room:a", 3)
    elif how == "the heads":
        await here.delivery.up_to({"room:a": 3, "room:somebody else's": 9})

    expected = [1, 2, 3, 4] if how == "the next fact" else [1, 2, 3]
    assert await here.until(len(expected)) == expected


async def test_what_is_here_in_order_costs_no_reading(here: Delivered, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "_missed", None)
    here.store.listen(here.delivery.hear)

    for _ in range(10):
        seq = await here.store.change(say)
        await here.delivery.up_to({"room:a": seq})

    assert here.sent == list(range(1, 11))


async def test_a_stream_that_nobody_follows_is_not_kept(here: Delivered) -> None:
    here.store.listen(here.delivery.hear)
    here.delivery.follow_only(set())
    await here.store.change(say)
    here.delivery.follow({"room:a": 1})

    await here.store.change(say)

    assert await here.until(2) == [1, 2]
