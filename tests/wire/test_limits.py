"""What one person may do how often, and that a change which forgets forgets in the database's own log too."""

from __future__ import annotations

from pathlib import Path

import furnished
from furnished import Invite, Join, Room
from running import Relais

from server.edge.guard import Budget


async def test_who_asks_too_fast_is_told_to_wait_but_a_report_is_always_taken(room: Room) -> None:
    answers = [await room.hcp.call("ask_question", {"text": f"Question {number} ?", "language": "fr"}) for number in range(6)]

    assert [answer["ok"] for answer in answers] == [True] * 5 + [False]
    assert answers[-1]["code"] == "busy"
    assert (await room.hcp.call("report_adverse_event", {"text": "Urticaire sous traitement"}))["ok"]


def test_a_budget_is_whole_again_when_its_time_is_over() -> None:
    now = [0.0]
    budget = Budget(lambda: now[0])
    for _ in range(5):
        budget.spend("somebody", "ask_question")
    now[0] = 10.1

    budget.spend("somebody", "ask_question")


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
