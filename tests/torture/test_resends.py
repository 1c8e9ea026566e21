"""R6, the same act again: however often it comes and by whichever way, it is done once and answered the same."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from typing import Any

import furnished
import pytest
from checker import compare, facts_stored
from furnished import Room
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from journal import Act, Journal
from people import REPORT, VIEW, Cast, cast
from report import LONG
from running import Relais

from server.store import Refusal, Store, Transaction

SEQUENCES = 1000 if LONG else 40
ACTS = 200 if LONG else 20
# What may happen to an act of a sequence, by its place: it comes (again), several times at once, or with another body.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("comes"), st.integers(0, 4), st.integers(1, 5)),
        st.tuples(st.just("falsified"), st.integers(0, 4), st.just(1)),
        st.tuples(st.just("restart"), st.just(0), st.just(1)),
    ),
    min_size=2,
    max_size=12,
)


@pytest.fixture
async def people(relais: Relais, rep: furnished.Account, deck: str) -> AsyncIterator[Cast]:
    """The people of one session; the server is down while they act."""
    yield await cast(relais, rep, deck)
    await relais.start()


class Sequence:
    """Acts of one sequence on one store, which may be closed and opened in between."""

    def __init__(self, people: Cast, database: str, seed: int) -> None:
        self._people, self._database, chance = people, database, random.Random(seed)
        self._acts = [people.act(chance) for _ in range(5)]
        self.journal = Journal()

    async def run(self, steps: list[tuple[str, int, int]]) -> None:
        """Take every step; what is answered differently, or not refused, fails here."""
        store = Store(self._database)
        for what, place, times in steps:
            act = self._acts[place]
            if what == "restart":
                await store.close()
                store = Store(self._database)
            elif what == "comes":
                answers = await asyncio.gather(*(store.obey(*self._people.sent(act)) for _ in range(times)))
                if act not in self.journal.acts:
                    self.journal.acts.append(act)
                    self.journal.answers[act.id] = answers[0]
                assert all(answer == self.journal.answers[act.id] for answer in answers)
            elif act in self.journal.acts:
                with pytest.raises(Refusal, match="id_reused"):
                    await store.obey(*self._people.sent(act, **_falsified(act)))
        await store.close()


def _falsified(act: Act) -> dict[str, Any]:
    return {"number": act.body["number"] + 1} if "number" in act.body else {"text": act.body["text"] + "!"}


def _run_all(database: str, people: Cast, sequences: int) -> list[Journal]:
    journals = []

    @settings(max_examples=sequences, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(STEPS, st.integers())
    def run(steps: list[tuple[str, int, int]], seed: int) -> None:
        sequence = Sequence(people, database, seed)
        journals.append(sequence.journal)
        asyncio.run(sequence.run(steps))

    run()
    return journals


def test_an_act_that_comes_again_is_answered_again_and_not_done_again(
    database: str, people: Cast, report: Callable[..., None]
) -> None:
    journals = _run_all(database, people, SEQUENCES)

    found = compare(journals, database, before=people.before)
    report("R6", "sequences of resends, falsified bodies and restarts", runs=len(journals), **found.counts)
    assert found.faultless, found
    assert found.acked > SEQUENCES / 2


def test_doing_without_receipts_is_found_out(
    database: str, people: Cast, report: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: a command that comes again is carried out again."""
    monkeypatch.setattr(Transaction, "keep_receipt", lambda *_: None)
    act = Act("show_slide", people.session, {"number": 2})

    async def twice() -> list[dict[str, Any]]:
        store = Store(database)
        answers = [await store.obey(*people.sent(act)) for _ in range(2)]
        await store.close()
        return answers

    answers = asyncio.run(twice())

    found = compare([Journal([act], {act.id: answers[0]})], database, before=people.before)
    report("R6", "planted: no receipts", runs=1, note="caught" if found.doubled else "NOT CAUGHT", **found.counts)
    assert found.doubled == 1


async def test_five_sockets_and_http_at_once_and_again_after_a_restart_are_one_act(
    room: Room, relais: Relais, database: str, report: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Sent twelve times each, they are more than a person may.
    monkeypatch.setattr("server.edge.limits.Budget.LIMITS", {})
    chance, before = random.Random(6), await relais.store.read(facts_stored)
    guest = room.participant_id
    acts = [
        chance.choice(
            [Act("view_slide", room.detailing_id, VIEW), Act("report_adverse_event", guest, {"text": f"{REPORT} Cas {number}."})]
        )
        for number in range(ACTS)
    ]
    journal = Journal(acts)

    async def everywhere(act: Act) -> list[dict[str, Any]]:
        by_http = room.hcp.browser.post("/api/acts", json={"name": act.name, "message": act.message})
        *answers, page = await asyncio.gather(*(line.say(act.name, act.message) for line in lines), by_http)
        return [*answers, page.json()]

    lines = [await room.hcp.browser.line("hcp") for _ in range(5)]
    first = [await everywhere(act) for act in acts]
    await relais.restart()
    lines = [await room.hcp.browser.line("hcp") for _ in range(5)]
    again = [await everywhere(act) for act in acts]
    journal.answers = {act.id: answers[0] for act, answers in zip(acts, first, strict=True)}

    await relais.stop()
    found = compare([journal], database, before=before)
    await relais.start()
    report("R6", "each act 12 times: sockets, HTTP, restart", runs=ACTS, **found.counts)
    assert all(answer == answers[0] for answers, later in zip(first, again, strict=True) for answer in [*answers, *later])
    assert found.faultless, found
