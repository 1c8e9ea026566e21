"""The one door: together at the commit or not at all, in order, once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import Engine, create_engine, event, func, select

from server.detailing.messages.presenting import SlideShown
from server.store import Announcement, Refusal, Store, Transaction
from server.store.tables import StoredFact, StreamHead


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    """The door to an empty database."""
    store = Store(database)
    yield store
    await store.close()


@pytest.fixture
def onlooker(store: Store, database: str) -> Iterator[Engine]:
    """A connection of somebody else, who sees what is committed and nothing more."""
    engine = create_engine(database if database.startswith("postgresql") else f"sqlite:///{database}")
    yield engine
    engine.dispose()


@pytest.fixture
def commits() -> Iterator[list[str]]:
    """Every commit of any connection while the test runs."""
    seen: list[str] = []

    def note(_: object) -> None:
        seen.append("commit")

    event.listen(Engine, "commit", note)
    yield seen
    event.remove(Engine, "commit", note)


def say(tx: Transaction, subject: str, number: int) -> int:
    """Announce one fact; its `seq`."""
    return tx.announce(subject, SlideShown(number=number, title=""))


def say_then_fail(tx: Transaction, subject: str, number: int) -> None:
    """Announce, then refuse."""
    say(tx, subject, number)
    raise Refusal("not_allowed")


def take_a_while(_: Transaction) -> None:
    """Keep the writer busy, so that others queue up behind."""
    time.sleep(0.1)


async def test_one_that_fails_among_many_undoes_itself_and_no_other(store: Store) -> None:
    changes = [store.change(take_a_while)]
    changes += [store.change(say_then_fail if number == 10 else say, "a", number) for number in range(1, 21)]

    results = await asyncio.gather(*changes, return_exceptions=True)

    assert [type(result) for result in results if isinstance(result, Exception)] == [Refusal]
    kept = await store.read(lambda s: [row.body["number"] for row in s.scalars(select(StoredFact).order_by(StoredFact.seq))])
    assert sorted(kept) == [number for number in range(1, 21) if number != 10]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_waits_is_committed_together(store: Store, commits: list[str]) -> None:
    await asyncio.gather(store.change(take_a_while), *(store.change(say, "a", number) for number in range(1, 51)))

    assert len(commits) <= 3


async def test_a_fact_is_heard_after_its_commit_and_before_its_caller_goes_on(store: Store, onlooker: Engine) -> None:
    order: list[str] = []

    def hear(fact: Announcement) -> None:
        with onlooker.connect() as connection:
            stored = connection.scalar(select(func.count()).select_from(StoredFact).where(StoredFact.seq == fact.seq))
        order.append(f"heard {fact.seq}, stored {stored}")

    store.listen(hear)
    for number in (1, 2):
        await store.change(say, "a", number)
        order.append(f"answered {number}")

    assert order == ["heard 1, stored 1", "answered 1", "heard 2, stored 1", "answered 2"]


async def test_of_a_change_that_was_undone_nothing_is_heard(store: Store) -> None:
    heard: list[Announcement] = []
    store.listen(heard.append)

    with pytest.raises(Refusal):
        await store.change(say_then_fail, "a", 1)

    assert heard == []
    assert await store.change(say, "a", 2) == 1


async def test_sixty_four_callers_at_once_leave_no_gap_and_no_double(store: Store) -> None:
    async def caller(number: int) -> list[int]:
        return [await store.change(say, "a", number) for _ in range(5)]

    given = await asyncio.gather(*(caller(number) for number in range(1, 65)))

    assert sorted(seq for seqs in given for seq in seqs) == list(range(1, 321))
    assert all(seqs == sorted(seqs) for seqs in given)
    assert await store.read(lambda s: s.scalar(select(StreamHead.head).where(StreamHead.id == "room:a"))) == 320


async def test_a_caller_who_goes_away_does_not_undo_what_was_asked(store: Store) -> None:
    heard: list[int] = []
    store.listen(lambda fact: heard.append(fact.seq))
    first = asyncio.create_task(store.change(say, "a", 1))
    await asyncio.sleep(0)

    first.cancel()
    await store.change(say, "a", 2)

    assert heard == [1, 2]


async def test_closing_finishes_what_is_queued(database: str, onlooker: Engine, store: Store) -> None:
    waiting = [asyncio.create_task(store.change(say, "a", number)) for number in range(1, 31)]
    await asyncio.sleep(0)

    await store.close()

    assert sorted(await asyncio.gather(*waiting)) == list(range(1, 31))
