"""R2, power loss: of what was acknowledged before the cut everything is there after it, whatever else the caches lost."""

from __future__ import annotations

import queue
import random
import tempfile
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import furnished
import pytest
from checker import Found, compare
from disk import Step, under_sqlite
from journal import Journal
from people import Cast, cast
from power import Acknowledged, Platters, Recording, lay_out
from report import LONG
from running import Relais

from server.store import CommandKey, Refusal, Transaction
from server.store.change import Change, Outcome
from server.store.embedded import EmbeddedWriter

CUTS = 500 if LONG else 40
# Enough for several checkpoints: SQLite folds its log into the file every thousand pages.
ACTS = 1500 if LONG else 400


class Careless(EmbeddedWriter):
    """The planted bug: it syncs only at checkpoints."""

    def start(self) -> None:
        raw = self.engine.raw_connection()
        raw.cursor().execute("PRAGMA synchronous=NORMAL")
        raw.close()
        super().start()


def _forgets(tx: Transaction) -> None:
    tx.forget()


def _refuses(tx: Transaction) -> None:
    tx.audit("tested", "power", by="tests")
    raise Refusal("not_allowed")


def _fail(error: Exception) -> None:
    raise error


def _record(database: str, people: Cast, chance: random.Random, kind: type[EmbeddedWriter]) -> tuple[Recording, Journal]:
    """Work through the real writer in bursts of all sizes, with members that are refused and changes that forget."""
    disk, journal, waiting = Recording(), Journal(), queue.Queue[None]()

    def deliver(done: list[tuple[Change, Outcome]]) -> None:
        for change, outcome in done:
            assert outcome.error is None or isinstance(outcome.error, Refusal), outcome.error
            if change.key is not None:
                disk.steps.append(Acknowledged(change.key.id, outcome.result))
            waiting.get()
            waiting.task_done()

    def submit(action: Callable[..., Any], *arguments: Any, key: CommandKey | None = None) -> None:
        waiting.put(None)
        writer.submit(Change(action, arguments, {}, key, None))

    with under_sqlite(disk):
        writer = kind(Path(database), deliver, _fail)
        writer.start()
        # Until the log was folded into the file a few times too: else half of the story would not be cut.
        while len(journal.acts) < ACTS or _folded(disk, database) <= 2:
            for act in [people.act(chance) for _ in range(chance.randint(1, 20))]:
                journal.acts.append(act)
                key, *change = people.sent(act)
                submit(*change, key=key)
            if chance.random() < 0.1:
                submit(chance.choice([_forgets, _refuses]))
            if chance.random() < 0.7:
                waiting.join()
        writer.close()
    return disk, journal


def _folded(disk: Recording, database: str) -> int:
    return sum(isinstance(step, Step) and step.kind == "sync" and step.path == database for step in list(disk.steps))


def _cut(database: str, people: Cast, cuts: int, kind: type[EmbeddedWriter] = EmbeddedWriter) -> list[Found]:
    """Record one run, cut its power at so many moments, and let the real writer open what each cut leaves."""
    seed = random.SystemRandom().randrange(1 << 30)
    print(f"seed {seed}")
    chance, source = random.Random(seed), Path(database)
    resting = {str(file): file.read_bytes() for file in source.parent.glob(f"{source.name}*") if file.suffix != ".lock"}
    disk, journal = _record(database, people, chance, kind)
    platters, answers, found = Platters(resting), dict[str, Any](), []
    moments = sorted(chance.sample(range(len(disk.steps)), cuts))
    for began, moment in pairwise([0, *moments]):
        for step in disk.steps[began:moment]:
            if isinstance(step, Step):
                platters.take(step)
            else:
                answers[step.act] = step.answer
        with tempfile.TemporaryDirectory() as name:
            found_again = Path(name) / source.name
            lay_out(platters.after_a_cut(chance), found_again.parent)
            EmbeddedWriter(found_again, lambda _: None, _fail).close()
            found.append(compare([Journal(journal.acts, answers)], str(found_again), before=people.before))
    return found


@pytest.fixture
async def people(relais: Relais, rep: furnished.Account, deck: str) -> AsyncIterator[Cast]:
    """The people of one session; the server is down while they act."""
    yield await cast(relais, rep, deck)
    await relais.start()


def _told(found: list[Found]) -> dict[str, int]:
    totals = {name: sum(one.counts[name] for one in found) for name in ("lost", "doubled", "gaps")}
    return {"runs": len(found), "acked": max(one.acked for one in found), **totals}


def test_a_power_cut_loses_nothing_that_was_acknowledged(database: str, people: Cast, report: Callable[..., None]) -> None:
    found = _cut(database, people, CUTS)

    report("R2", "power cut, only synced bytes for certain", **_told(found))
    assert len({one.acked for one in found}) > CUTS / 4, "the cuts were not spread over the run"
    assert [one for one in found if not one.faultless] == []


def test_syncing_only_at_checkpoints_is_found_out(database: str, people: Cast, report: Callable[..., None]) -> None:
    found = _cut(database, people, CUTS, Careless)

    losing = sum(one.lost > 0 for one in found)
    report("R2", "planted: synchronous=NORMAL", note=f"caught: {losing} cuts of {len(found)} lost", **_told(found))
    assert losing > CUTS / 2
    assert all(one.integrity == "ok" for one in found)
