"""What one person may do how often and at what length; words that tell of an adverse event are kept whatever they are over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import furnished
import pytest
from furnished import Invite, Join, Room
from running import Relais
from sqlalchemy import select

from server.conversation.tables import Question, ReplyRow
from server.edge.limits import Budget
from server.medical.tables import AdverseEventReport

REPORT = "Mon patient de 54 ans a eu une éruption cutanée sous allopurinol."
HARMLESS = "Faut-il boire beaucoup ?"


async def _ask(room: Room, text: str) -> dict[str, Any]:
    return await room.hcp.call("ask_question", {"text": text, "language": "fr"})


async def _reported(relais: Relais) -> list[str]:
    return list(await relais.store.read(lambda s: s.scalars(select(AdverseEventReport.text)).all()))


async def test_who_asks_too_fast_is_told_to_wait_but_a_report_is_always_taken(room: Room) -> None:
    answers = [await _ask(room, f"Question {number} ?") for number in range(6)]

    assert [answer["ok"] for answer in answers] == [True] * 5 + [False]
    assert (answers[-1]["code"], answers[-1]["retry_after"]) == ("busy", 2)
    assert (await room.hcp.call("report_adverse_event", {"text": "Urticaire sous traitement"}))["ok"]


async def test_a_question_over_the_budget_that_tells_of_an_adverse_event_is_kept_and_handed_over_unanswered(
    room: Room, relais: Relais
) -> None:
    """With the budget alone asked, as it was, the words were refused: seen once."""
    for number in range(5):
        await _ask(room, f"Question {number} ?")

    answer = await _ask(room, REPORT)

    assert answer["ok"]
    asked, reply = await relais.store.read(
        lambda s: (s.get(Question, answer["question_id"]), s.get(ReplyRow, answer["question_id"]))
    )
    assert (asked.text, reply.kind, reply.reason) == (REPORT, "handover", "unavailable")
    assert await _reported(relais) == [REPORT]
    await room.hcp.until(lambda: any(reply["report_taken"] for reply in room.hcp.bodies("reply_given")))
    assert not (await _ask(room, HARMLESS))["ok"]


async def test_a_message_over_the_budget_that_tells_of_an_adverse_event_is_kept_from_the_rep_and_reported(
    room: Room, relais: Relais
) -> None:
    for number in range(5):
        await room.hcp.call("write_to_rep", {"text": f"Bonjour {number}"})

    refused = await room.hcp.call("write_to_rep", {"text": "Bonjour encore"})
    taken = await room.hcp.call("write_to_rep", {"text": REPORT})

    assert (refused["ok"], taken["ok"]) == (False, True)
    assert await _reported(relais) == [REPORT]
    decided = [one for one in room.hcp.bodies("delivery_decided") if one["message_id"] == taken["message_id"]]
    assert decided == [{"message_id": taken["message_id"], "delivered": False, "report_taken": True, "report_asked": False}]


async def test_a_question_that_is_too_long_is_refused_as_such_and_a_report_in_it_is_kept(room: Room, relais: Relais) -> None:
    """Without `_keep_if_report` nothing of it was kept: seen once."""
    fits, long = await _ask(room, "a" * 4000), await _ask(room, "a" * 4001)
    with_report = await _ask(room, REPORT + " " * 4000)

    assert fits["ok"]
    assert [answer["code"] for answer in (long, with_report)] == ["too_long"] * 2
    assert "retry_after" not in long
    assert [text.strip() for text in await _reported(relais)] == [REPORT]


async def test_a_report_may_be_as_long_as_a_message_can_be(room: Room, relais: Relais) -> None:
    words = REPORT * 400

    assert (await room.hcp.call("report_adverse_event", {"text": words}))["ok"]

    assert await _reported(relais) == [words]


async def test_slides_shown_faster_than_anybody_looks_are_put_off(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    # A second may be long on a busy machine.
    monkeypatch.setitem(Budget.LIMITS, "show_slide", ((20, 60.0),))

    answers = [await room.rep.call("show_slide", {"number": 1 + number % 4}) for number in range(21)]

    assert [answer["ok"] for answer in answers] == [True] * 20 + [False]
    assert (answers[-1]["code"], answers[-1]["retry_after"]) == ("busy", 2)


def test_a_budget_is_whole_again_when_its_time_is_over() -> None:
    now = [0.0]
    budget = Budget(lambda: now[0])
    assert all(budget.allows("somebody", "ask_question") for _ in range(5))
    assert not budget.allows("somebody", "ask_question")
    assert budget.allows("somebody else", "ask_question")
    now[0] = 10.1

    assert budget.allows("somebody", "ask_question")


def test_sixty_questions_in_ten_minutes_are_enough() -> None:
    now = [0.0]
    budget = Budget(lambda: now[0])
    for _ in range(60):
        now[0] += 3
        assert budget.allows("somebody", "ask_question")
    now[0] += 3
    assert not budget.allows("somebody", "ask_question")
    now[0] = 603.1

    assert budget.allows("somebody", "ask_question")


def test_a_budget_forgets_who_came_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Budget, "REMEMBERED", 10)
    now = [0.0]
    budget = Budget(lambda: now[0])
    for number in range(1000):
        now[0] += 100
        budget.allows(f"visitor {number}", "ask_question")

    assert len(budget._done) <= 10


async def test_blank_words_are_no_request_and_no_report(room: Room) -> None:
    for command in ("request_person", "report_adverse_event"):
        answer = await room.hcp.call(command, {"text": "  \n "})

        assert (answer["ok"], answer["code"]) == (False, "empty")


async def test_a_refused_consent_is_not_left_in_the_write_ahead_log(
    relais: Relais, detailing: str, hcp: str, invite: Invite, join: Join
) -> None:
    invitation = await invite()
    await join("hcp", invitation=invitation, tracking=False)

    if not relais.settings.database.startswith("postgresql"):
        log = Path(relais.settings.database + "-wal")
        pairs = log.read_bytes().count((detailing + hcp).encode())
        assert pairs == 0


async def test_nobody_new_comes_into_a_session_that_is_over(relais: Relais, room: Room, invite: Invite) -> None:
    late = await invite(hcp_id=await furnished.hcp(relais, "Hugo", "Fictif-Bernard"))
    assert (await room.rep.call("end_detailing"))["ok"]
    browser = relais.browser()

    page = await browser.post("/join", data={"token": late.token})

    assert page.status == 400
    assert "termin" in page.text
