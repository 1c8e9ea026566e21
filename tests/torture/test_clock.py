"""R18, the wall clock is stepped: order stays, what ends at a time ends by the server's clock, and somebody is told."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import furnished
import pytest
from checker import compare, facts_stored
from furnished import Join, Room
from journal import Act, Journal
from running import Relais

from server.edge import snapshots
from server.store import Store, UnsafeDatabase, clock

SERVER = Path(__file__).parents[2] / "server"


class Clock:
    """The server's clock, ahead of or behind the real one."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        """In UTC."""
        return datetime.now(UTC) + self.offset


@pytest.fixture
def stepped(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that a test can step; what counts seconds goes on counting them."""
    stepped = Clock()
    monkeypatch.setattr(clock, "now", stepped.now)
    return stepped


async def test_a_clock_that_is_stepped_leaves_the_order_as_it_is(
    stepped: Clock,
    room: Room,
    relais: Relais,
    database: str,
    report: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What is shown here within a second is more than a person may.
    monkeypatch.setattr("server.edge.limits.Budget.LIMITS", {})
    journal, before = Journal(), await relais.store.read(facts_stored)
    seen = (await room.hcp.join({}))["heads"]
    for hours in (0, -2, 24, 3, -1, 0):
        stepped.offset = timedelta(hours=hours)
        for number in (1, 2, 3, 4):
            act = Act("show_slide", room.detailing_id, {"number": number})
            journal.acts.append(act)
            journal.answers[act.id] = await room.rep.say(act.name, act.message)
            assert journal.answers[act.id]["ok"]
    shown = [journal.answers[act.id]["seq"] for act in journal.acts]
    await room.hcp.until(lambda: len(room.hcp.bodies("slide_shown")) >= len(shown))
    heard = [fact for fact in room.hcp.facts if fact["name"] == "slide_shown"][-len(shown) :]
    assert (await room.hcp.join(seen))["facts"] == heard

    await relais.stop()
    found = compare([journal], database, before=before)
    await relais.start()
    report("R18", "steps of -2 h to +1 day in a session", runs=6, **found.counts)
    assert shown == list(range(shown[0], shown[0] + len(shown)))
    assert [fact["body"]["number"] for fact in heard] == [1, 2, 3, 4] * 6
    assert all(fact["at"].endswith("Z") for fact in heard)
    assert found.faultless, found


async def test_ordering_by_the_clock_is_found_out(
    stepped: Clock, room: Room, monkeypatch: pytest.MonkeyPatch, report: Callable[..., None]
) -> None:
    """The planted bug: what was missed is told in the order of its times, and not of its numbers."""
    real = snapshots.facts_after
    monkeypatch.setattr(snapshots, "facts_after", lambda *asked: sorted(real(*asked), key=lambda fact: fact["at"]))
    seen = (await room.hcp.join({}))["heads"]
    for hours in (0, -2):
        stepped.offset = timedelta(hours=hours)
        await room.rep.call("show_slide", {"number": 2})

    missed = [fact["seq"] for fact in (await room.hcp.join(seen))["facts"]]

    report("R18", "planted: ordered by the clock", runs=1, acked=2, note="caught" if missed != sorted(missed) else "NOT CAUGHT")
    assert missed != sorted(missed)


async def test_an_act_that_comes_again_a_month_later_is_still_the_same_act(stepped: Clock, room: Room) -> None:
    message = {"id": furnished.new_id(), "number": 2}
    first = await room.rep.say("show_slide", message)

    stepped.offset = timedelta(days=29)

    assert await room.rep.say("show_slide", message) == first


async def test_nobody_stays_signed_in_longer_than_the_servers_clock_says(stepped: Clock, room: Room) -> None:
    assert (await room.rep.browser.get("/console")).status == 200

    stepped.offset = timedelta(days=1)

    assert (await room.rep.browser.get("/console")).status == 303
    assert (await room.rep.browser.post("/api/ticket", json={"detailing_id": room.detailing_id})).status == 401


@pytest.mark.parametrize("days", [-2, 31], ids=["before it is valid", "after it was valid"])
async def test_the_gate_goes_by_the_servers_clock(days: int, stepped: Clock, room: Room) -> None:
    stepped.offset = timedelta(days=days)

    assert (await room.rep.call("show_slide", {"number": 2}))["code"] == "deck_not_approved"


async def test_a_step_is_told_to_whoever_reads_the_log(
    stepped: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """With a tolerance of a day nothing was told: seen once."""
    monkeypatch.setattr(clock, "LOOK", 0.01)
    watching = asyncio.create_task(clock.watch())
    await asyncio.sleep(0.05)
    before = list(caplog.records)

    stepped.offset = timedelta(hours=-2)
    await asyncio.sleep(0.1)
    watching.cancel()

    assert before == []
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_a_server_whose_clock_runs_behind_its_records_does_not_start(
    stepped: Clock, relais: Relais, join: Join, database: str
) -> None:
    await join("hcp")
    await relais.stop()
    stepped.offset = timedelta(minutes=-10)

    with pytest.raises(UnsafeDatabase, match="the last entry was made at"):
        Store(database)

    stepped.offset = timedelta()
    await relais.start()


def test_nothing_else_is_asked_for_the_time_of_day() -> None:
    asking = re.compile(r"datetime\.now\(|utcnow\(|time\.time\(|date\.today\(")

    found = [str(path) for path in SERVER.rglob("*.py") if asking.search(path.read_text(encoding="utf-8"))]

    assert found == [str(SERVER / "store" / "clock.py")]
