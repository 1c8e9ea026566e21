"""R3, the disk fails at the k-th write or sync: no failed commit is answered, nothing answered is lost, and work goes on."""

from __future__ import annotations

import asyncio
import os
import queue
import random
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import furnished
import load
import pytest
from checker import Found, compare, facts_stored
from disk import FAILED_SYNC, FAILED_WRITE, FULL, OK, Disk, Step, under_sqlite
from journal import Journal
from people import Cast, cast
from power import Acknowledged, Platters, lay_out
from report import LONG
from running import Relais
from serving import Server
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from server.store import Refusal
from server.store.change import Change, Outcome, carry_out
from server.store.embedded import EmbeddedWriter

FAULTS = {"a write fails": ("write", FAILED_WRITE), "a sync fails": ("sync", FAILED_SYNC), "no room is left": ("write", FULL)}
# The k-th write or sync, for every k up to this; the short form, and planted bugs, take some of them.
LAST = {"write": 500, "sync": 24}
SOME = {kind: range(1, last + 1, last // 4) for kind, last in LAST.items()}
ALL = {kind: range(1, last + 1) for kind, last in LAST.items()}
ACTS, AT_ONCE = 80, 4


class Failing(Disk):
    """Fails at the k-th step of a kind. A process that gave up touches nothing more: until `restarted`, nothing gets through."""

    def __init__(self, kind: str, number: int, error: int) -> None:
        self._kind, self._left, self._error = kind, number, error
        self.failed = self.down = False
        # What happened, for a power cut afterwards. A sync that failed dropped what it was to keep: no later one brings it back.
        self.steps: list[Step | Acknowledged] = []

    def about_to(self, step: Step) -> int:
        if step.path.endswith("-shm"):
            return OK
        if self.down:
            return FAILED_WRITE
        self._left -= step.kind == self._kind
        if self._left == 0 and not self.failed:
            self.failed = True
            self.steps.append(Step("dropped", step.path) if step.kind == "sync" else _first_half(step))
            return self._error
        self.steps.append(step)
        return OK


def _first_half(step: Step) -> Step:
    return Step(step.kind, step.path, step.offset, step.data[: len(step.data) // 2])


class TakesItForDone(EmbeddedWriter):
    """A planted bug: whatever the commit says, the callers hear that it is done."""

    def _together(self, batch: list[Change]) -> list[Outcome] | None:
        outcomes: list[Outcome] = []
        try:
            with Session(self.engine) as session, session.begin():
                outcomes = [carry_out(change, session) for change in batch]
        except OperationalError:
            if len(outcomes) < len(batch):
                raise
        return outcomes


class BelievesItsLog(EmbeddedWriter):
    """A planted bug: what the log holds at the start is served as it is, without being made durable again."""

    def _fold_the_log(self) -> bool:
        return True


class Work:
    """Acts that are sent, and sent again after every refusal and restart, until all are acknowledged."""

    def __init__(self, people: Cast, chance: random.Random, database: Path, disk: Failing, kind: type[EmbeddedWriter]) -> None:
        self.journal = Journal([people.act(chance) for _ in range(ACTS)])
        self.restarts = self.refusals = 0
        self._people, self._database, self._disk, self._kind = people, database, disk, kind
        self._news: queue.Queue[Exception | list[tuple[Change, Outcome]]] = queue.Queue()

    def run(self) -> None:
        """Do everything; the database is at rest afterwards."""
        writer = self._start()
        for begin in range(0, ACTS, AT_ONCE):
            waiting = self.journal.acts[begin : begin + AT_ONCE]
            while waiting:
                for act in waiting:
                    key, action, *arguments = self._people.sent(act)
                    writer.submit(Change(action, tuple(arguments), {}, key, None))
                if not self._hear(len(waiting)):
                    writer = self._restart(writer)
                waiting = [act for act in waiting if act.id not in self.journal.answers]
        writer.close()

    def _start(self) -> EmbeddedWriter:
        while True:
            try:
                writer = self._kind(self._database, self._news.put, self._news.put)
            except OperationalError:
                # The fault met the start itself: whoever supervises the server starts it again.
                self.restarts += 1
                assert self.restarts < 5
                continue
            writer.start()
            return writer

    def _restart(self, broken: EmbeddedWriter) -> EmbeddedWriter:
        self._disk.down = True
        broken.close()
        self._disk.down = False
        self.restarts += 1
        return self._start()

    def _hear(self, many: int) -> bool:
        """Take in what so many are told; False when the writer gave up, and nobody is told anything."""
        told = 0
        while told < many:
            news = self._news.get(timeout=20)
            if isinstance(news, Exception):
                return False
            for change, outcome in news:
                told += 1
                if outcome.error is not None:
                    assert isinstance(outcome.error, Refusal), outcome.error
                    assert outcome.error.retry_after
                    self.refusals += 1
                    continue
                assert change.key is not None
                self.journal.answers[change.key.id] = outcome.result
                self._disk.steps.append(Acknowledged(change.key.id, outcome.result))
        return True


@pytest.fixture
async def people(relais: Relais, rep: furnished.Account, deck: str) -> AsyncIterator[Cast]:
    """The people of one session; the server is down while they act."""
    yield await cast(relais, rep, deck)
    await relais.start()


@dataclass(slots=True)
class Outcomes:
    """What was found after each run, and after a power cut at the end of each; with the restarts and refusals of all."""

    at_rest: list[Found] = field(default_factory=list)
    after_a_cut: list[Found] = field(default_factory=list)
    restarts: int = 0
    refusals: int = 0

    @property
    def told(self) -> dict[str, Any]:
        """For the report."""
        found = [*self.at_rest, *self.after_a_cut]
        totals = {name: sum(one.counts[name] for one in found) for name in ("lost", "doubled", "gaps")}
        acked = sum(one.acked for one in self.at_rest)
        return {"runs": len(self.at_rest), "acked": acked, **totals}


def _fail_at_each(
    what: str, numbers: dict[str, range], database: str, people: Cast, folder: Path, kind: type[EmbeddedWriter] = EmbeddedWriter
) -> Outcomes:
    step, error = FAULTS[what]
    outcomes = Outcomes()
    for number in numbers[step]:
        with tempfile.TemporaryDirectory(dir=folder) as home:
            here, disk = Path(shutil.copy(database, home)), Failing(step, number, error)
            platters, chance = Platters({str(here): here.read_bytes()}), random.Random(number)
            with under_sqlite(disk):
                work = Work(people, chance, here, disk, kind)
                work.run()
            assert disk.failed, "the fault was never met: nothing was tested"
            outcomes.at_rest.append(compare([work.journal], str(here), before=people.before))
            for file in here.parent.iterdir():
                file.unlink()
            last = max(place for place, one in enumerate(disk.steps) if isinstance(one, Acknowledged))
            for one in disk.steps[:last]:
                if isinstance(one, Step):
                    platters.take(one)
            lay_out(platters.after_a_cut(chance), here.parent)
            outcomes.after_a_cut.append(compare([work.journal], str(here), before=people.before))
        outcomes.restarts, outcomes.refusals = outcomes.restarts + work.restarts, outcomes.refusals + work.refusals
    return outcomes


@pytest.mark.parametrize("what", FAULTS)
def test_a_disk_that_fails_once_loses_nothing(
    what: str, database: str, people: Cast, tmp_path: Path, report: Callable[..., None]
) -> None:
    outcomes = _fail_at_each(what, ALL if LONG else SOME, database, people, tmp_path)

    report("R3", what, note=f"{outcomes.restarts} restarts, {outcomes.refusals} acts refused", **outcomes.told)
    assert [one for one in outcomes.at_rest if not one.faultless or one.acked < ACTS] == []
    assert [one for one in outcomes.after_a_cut if not one.faultless] == []
    if what == "no room is left":
        assert (outcomes.restarts, outcomes.refusals > 0) == (0, True)
    else:
        assert outcomes.restarts > len(outcomes.at_rest) / 2


@pytest.mark.parametrize(
    ("what", "kind"),
    [("a write fails", TakesItForDone), ("a sync fails", BelievesItsLog)],
    ids=["takes it for done", "believes its log"],
)
def test_a_planted_bug_is_found_out(
    what: str, kind: type[EmbeddedWriter], database: str, people: Cast, tmp_path: Path, report: Callable[..., None]
) -> None:
    outcomes = _fail_at_each(what, SOME, database, people, tmp_path, kind)

    losing = sum(one.lost > 0 or two.lost > 0 for one, two in zip(outcomes.at_rest, outcomes.after_a_cut, strict=True))
    report("R3", f"planted: {kind.__name__}", note=f"caught: {losing} of {len(outcomes.at_rest)} runs lost", **outcomes.told)
    assert losing > 0


async def test_a_server_whose_disk_fails_ends_and_the_next_one_goes_on(
    relais: Relais, rep: furnished.Account, deck: str, report: Callable[..., None]
) -> None:
    clients = await load.clients(relais, rep, deck, seed=1)
    before = await relais.store.read(facts_stored)
    await relais.stop()
    async with AsyncExitStack() as restarted, load.under_load(clients, events_a_second=50):
        async with Server(relais.settings, "the_fiftieth_sync_fails") as failing:
            status = await failing.ended()
        await restarted.enter_async_context(Server(relais.settings))
        await asyncio.sleep(1)

    found = compare((client.journal for client in clients), relais.settings.database, before=before)
    await relais.start()
    report("R3", "a sync fails in a running server", runs=1, note=f"it ended with status {status}", **found.counts)
    assert status == os.EX_IOERR
    assert found.faultless, found
    assert found.unanswered == 0
