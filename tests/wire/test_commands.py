"""Every message gets its answer: done once, or refused with a code and words."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import furnished
import pytest
from furnished import Join, Room
from running import Relais
from sqlalchemy import select

from server.edge.limits import Budget
from server.edge.words import refusal_words
from server.medical.tables import AdverseEventReport
from server.store import new_id

BEYOND_ANY_INTEGER_COLUMN = 2**70

REFUSED: dict[str, tuple[str, str, object, str]] = {
    "an unknown command": ("rep", "dance", {"id": new_id()}, "unknown_command"),
    "a command of another role": ("hcp", "show_slide", {"id": new_id(), "number": 1}, "unknown_command"),
    "a signal of another role": ("rep", "look", {"number": 1, "visible": True}, "unknown_command"),
    "an unknown field": ("rep", "show_slide", {"id": new_id(), "number": 1, "colour": "red"}, "malformed"),
    "a missing field": ("rep", "show_slide", {"id": new_id()}, "malformed"),
    "a missing id": ("rep", "show_slide", {"number": 1}, "malformed"),
    "an id that is no UUID": ("rep", "show_slide", {"id": "1", "number": 1}, "malformed"),
    "an id of another version": ("rep", "show_slide", {"id": str(uuid4()), "number": 1}, "malformed"),
    "a number below one": ("rep", "show_slide", {"id": new_id(), "number": 0}, "malformed"),
    "a number beyond any column": ("rep", "show_slide", {"id": new_id(), "number": BEYOND_ANY_INTEGER_COLUMN}, "malformed"),
    "a view beyond any column": (
        "hcp",
        "view_slide",
        {"id": new_id(), **furnished.view(BEYOND_ANY_INTEGER_COLUMN)},
        "malformed",
    ),
    "a look beyond any column": ("hcp", "look", {"number": BEYOND_ANY_INTEGER_COLUMN, "visible": True}, "malformed"),
    "a word for a number": ("rep", "show_slide", {"id": new_id(), "number": "two"}, "malformed"),
    "no body": ("rep", "show_slide", None, "malformed"),
    "a list for a body": ("rep", "show_slide", [1], "malformed"),
    "two bodies": ("rep", "show_slide", ({"id": new_id(), "number": 1}, {}), "malformed"),
    "bytes": ("rep", "show_slide", {"id": new_id(), "number": b"\x00\x01"}, "malformed"),
    "a question of blanks": ("hcp", "ask_question", {"id": new_id(), "text": "   ", "language": "fr"}, "empty"),
    "a question too long": ("hcp", "ask_question", {"id": new_id(), "text": "a" * 4001, "language": "fr"}, "too_long"),
    "a question with a null character": (
        "hcp",
        "ask_question",
        {"id": new_id(), "text": "a\x00b", "language": "fr"},
        "malformed",
    ),
    "half a character": ("hcp", "ask_question", {"id": new_id(), "text": "\ud800", "language": "fr"}, "malformed"),
    "a join without what was seen": ("hcp", "join", {}, "malformed"),
    "a join that saw words": ("hcp", "join", {"seen": {"room": "all"}}, "malformed"),
    "an inquiry that never was": ("msl", "assign_inquiry", {"id": new_id(), "inquiry_id": new_id()}, "not_found"),
    "a participant who never was": ("rep", "admit_hcp", {"id": new_id(), "participant_id": new_id()}, "not_found"),
    "a question that never was": ("hcp", "request_person", {"id": new_id(), "question_id": new_id()}, "not_found"),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_cannot_be_done_is_refused_with_a_code_and_words(what: str, room: Room, join: Join) -> None:
    role, name, message, code = REFUSED[what]
    line = {"rep": room.rep, "hcp": room.hcp}.get(role) or await join("msl")

    answer = await line.say(name, message)

    assert answer == {"ok": False, "code": code, "message": refusal_words("fr", code, {})}


@pytest.mark.parametrize(
    ("language", "message"),
    [("fr", "Cette action n’existe pas. Rechargez la page."), ("en", "There is no such action. Reload the page.")],
)
async def test_a_refusal_speaks_the_language_of_the_page(language: str, message: str, relais: Relais) -> None:
    visitor = relais.browser(language)
    await visitor.declare()
    line = await visitor.line("hcp")

    assert (await line.call("dance"))["message"] == message


async def test_the_same_id_gives_the_same_answer_and_happens_once(room: Room) -> None:
    command = {"id": new_id(), "number": 3}

    first = await room.rep.call("show_slide", command)
    answers = await asyncio.gather(*(room.rep.call("show_slide", command) for _ in range(4)))

    assert first["ok"]
    assert answers == [first] * 4
    assert [shown["number"] for shown in (await _replayed(room))] == [1, 3]


async def test_the_same_id_on_two_sockets_at_once_happens_once(room: Room, join: Join) -> None:
    command, second = {"id": new_id(), "number": 3}, await join("rep")

    answers = await asyncio.gather(*(line.call("show_slide", command) for line in (room.rep, second) * 4))

    assert all(answer == answers[0] for answer in answers)
    assert [shown["number"] for shown in (await _replayed(room))] == [1, 3]


async def test_the_same_id_gives_the_same_answer_after_a_restart(room: Room, relais: Relais) -> None:
    command = {"id": new_id(), "number": 3}
    before = await room.rep.call("show_slide", command)

    await relais.restart()
    rep = await room.rep.browser.line("rep", detailing_id=room.detailing_id)

    assert await rep.call("show_slide", command) == before


async def test_an_id_used_for_something_else_is_refused_also_after_a_restart(room: Room, relais: Relais) -> None:
    command = {"id": new_id(), "number": 3}
    await room.rep.call("show_slide", command)

    at_once = await room.rep.call("show_slide", {**command, "number": 2})
    await relais.restart()
    rep = await room.rep.browser.line("rep", detailing_id=room.detailing_id)
    later = await rep.call("show_slide", {**command, "number": 2})

    assert (at_once["code"], later["code"]) == ("id_reused", "id_reused")


async def test_an_id_of_somebody_else_is_refused(room: Room, relais: Relais) -> None:
    command = {"id": new_id(), "text": "Quelle est la posologie ?", "language": "fr"}
    await room.hcp.call("ask_question", command)
    stranger = relais.browser()
    await stranger.declare()

    answer = await (await stranger.line("hcp")).call("ask_question", command)

    assert answer["code"] == "id_reused"


async def test_two_hundred_commands_sent_without_waiting_are_carried_out_in_order(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail, as it must: with `async_handlers=True` the answers on PostgreSQL were numbered 6, 3, 16, 8, 4, 5 …

    The one writer of SQLite takes changes in the order in which they come, and keeps even such handlers in order.
    """
    monkeypatch.setattr(Budget, "LIMITS", {})
    answers: dict[int, dict[str, Any]] = {}
    done = asyncio.Event()

    def answered(place: int, answer: dict[str, Any]) -> None:
        answers[place] = answer
        if len(answers) == 200:
            done.set()

    for place in range(200):
        await room.rep.send(
            "show_slide", {"id": new_id(), "number": 1 + place % 4}, lambda answer, place=place: answered(place, answer)
        )
    async with asyncio.timeout(30):
        await done.wait()

    numbers = [answers[place]["seq"] for place in range(200)]
    assert numbers == list(range(numbers[0], numbers[0] + 200))


async def test_a_report_is_kept_from_somebody_who_was_not_let_in(join: Join, relais: Relais) -> None:
    waiting = await join("hcp")

    answer = await waiting.call("report_adverse_event", {"text": "Éruption cutanée après la première prise."})

    assert answer["ok"]
    assert answer["number"].startswith("AE-")


async def test_a_session_of_another_rep_is_out_of_reach(relais: Relais, room: Room, sign_in: furnished.SignedIn) -> None:
    stranger = await sign_in(await furnished.account(relais, "Dominique Autre", "rep"))

    refused = await stranger.post("/api/ticket", json={"detailing_id": room.detailing_id})
    absent = await stranger.post("/api/ticket", json={"detailing_id": new_id()})

    assert (refused.status, refused.json()) == (404, absent.json())


async def _replayed(room: Room) -> list[dict[str, Any]]:
    """What was shown, as the record has it."""
    stream = f"room:{room.detailing_id}"
    seen = {**(await room.rep.join({}))["heads"], stream: 0}
    return [fact["body"] for fact in (await room.rep.join(seen))["facts"] if fact["name"] == "slide_shown"]


async def test_a_report_that_cannot_be_screened_is_kept_all_the_same(
    room: Room, relais: Relais, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a screening that raises through, the report was refused as `not_saved`: seen once."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the screening is broken")

    monkeypatch.setattr("bot.screen", fail)

    answer = await room.hcp.call("report_adverse_event", {"text": "Éruption sous allopurinol."})

    assert answer["ok"]
    report = await relais.store.read(lambda s: s.scalars(select(AdverseEventReport)).one())
    assert (report.text, report.labels) == ("Éruption sous allopurinol.", ["unscreened"])
