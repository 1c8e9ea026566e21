"""Acts over HTTP, where no socket comes up: what a socket would have said and heard, once whichever way it came."""

from __future__ import annotations

import asyncio

import furnished
import pytest
from furnished import Room, SignedIn
from running import Browser, Relais
from sqlalchemy import select

from server.conversation.tables import Question
from server.store import new_id
from server.store.tables import Receipt

QUESTION = {"text": "Quelle est la posologie ?", "language": "fr"}


def question() -> dict[str, str]:
    return {"id": new_id(), **QUESTION}


async def act(browser: Browser, name: object, message: object, **asked: str) -> tuple[int, dict[str, object]]:
    page = await browser.post("/api/acts", json={"name": name, "message": message, **asked})
    return page.status, page.json()


async def test_an_act_by_http_and_the_same_by_socket_are_one(room: Room, relais: Relais) -> None:
    """With the name left out of the key on one of the two ways the second one was refused as `id_reused`: seen once."""
    asked = question()

    (status, by_http), *by_socket = await asyncio.gather(
        act(room.hcp.browser, "ask_question", asked), *(room.hcp.call("ask_question", asked) for _ in range(2))
    )

    assert (status, by_http["ok"]) == (200, True)
    assert by_socket == [by_http] * 2
    assert await relais.store.read(lambda session: session.scalars(select(Question.id)).all()) == [asked["id"]]


async def test_what_was_done_by_http_is_heard_by_the_others_in_the_room(room: Room) -> None:
    status, answer = await act(
        room.rep.browser,
        "show_slide",
        {"id": new_id(), "number": 3, "epoch": room.rep.snapshot["detailing"]["presenter"]["epoch"]},
        detailing_id=room.detailing_id,
    )

    assert (status, answer["ok"]) == (200, True)
    await room.hcp.until(lambda: any(shown["number"] == 3 for shown in room.hcp.bodies("slide_shown")))


async def test_a_question_by_http_is_answered(room: Room) -> None:
    asked = question()

    await act(room.hcp.browser, "ask_question", asked)

    assert (await room.hcp.hears("reply_given"))["question_id"] == asked["id"]


async def test_both_ways_draw_on_one_budget_and_a_report_needs_none(room: Room) -> None:
    for _ in range(5):
        assert (await room.hcp.call("ask_question", question()))["ok"]

    page = await room.hcp.browser.post("/api/acts", json={"name": "ask_question", "message": question()})
    report = await act(room.hcp.browser, "report_adverse_event", {"id": new_id(), "text": "Éruption sous allopurinol."})

    assert (page.status, page.json()["code"], page.headers["Retry-After"]) == (503, "busy", str(page.json()["retry_after"]))
    assert report[0] == 200


@pytest.mark.parametrize(
    ("name", "message", "code"),
    [
        ("dance", {"id": new_id()}, "unknown_command"),
        (None, None, "unknown_command"),
        ("show_slide", {"id": new_id(), "number": 1}, "unknown_command"),
        ("ask_question", None, "malformed"),
        ("ask_question", {"id": "1", **QUESTION}, "malformed"),
        ("ask_question", {"id": new_id(), **QUESTION, "text": "a" * 70_000}, "malformed"),
        ("ask_question", {"id": new_id(), **QUESTION, "text": " "}, "empty"),
    ],
)
async def test_what_a_socket_refuses_is_refused(name: object, message: object, code: str, room: Room) -> None:
    status, answer = await act(room.hcp.browser, name, message)

    assert (status, answer["ok"], answer["code"]) == (400, False, code)
    assert answer["message"]


async def test_only_whoever_holds_the_credential_acts(room: Room, relais: Relais, sign_in: SignedIn) -> None:
    stranger = await sign_in(await furnished.account(relais, "Dominique Autre", "rep"))
    show = {"id": new_id(), "number": 2, "epoch": 1}

    assert (await act(relais.browser(), "ask_question", question()))[0] == 401
    assert (await act(stranger, "show_slide", show))[0] == 403
    assert (await act(stranger, "show_slide", show, detailing_id=room.detailing_id))[0] == 404


async def test_the_time_at_which_an_act_was_made_is_kept_as_a_claim_beside_the_time_of_its_receipt(
    room: Room, relais: Relais
) -> None:
    """The id says when the browser made it; everything that is ordered or dated goes by `at`."""
    made_at = 1_700_000_000_000
    asked = {**QUESTION, "id": f"{made_at >> 16:08x}-{made_at & 0xFFFF:04x}-7abc-8def-0123456789ab"}

    await act(room.hcp.browser, "ask_question", asked)

    receipt = await relais.store.read(lambda session: session.get_one(Receipt, asked["id"]))
    row = await relais.store.read(lambda session: session.get_one(Question, asked["id"]))
    assert int(receipt.id.replace("-", "")[:12], 16) == made_at
    assert receipt.at.timestamp() * 1000 > made_at
    assert row.asked_at == receipt.at


async def test_what_a_browser_keeps_is_kept_under_the_same_key_for_the_same_person_and_for_nobody_else(
    room: Room, relais: Relais, sign_in: SignedIn
) -> None:
    visitor = relais.browser()
    await visitor.declare()
    asked = [
        (room.hcp.browser, {}),
        (visitor, {}),
        (room.rep.browser, {"detailing_id": room.detailing_id}),
        (await sign_in(await furnished.account(relais, "Dominique Autre", "msl")), {}),
    ]

    kept = [[(await browser.post("/api/ticket", json=how)).json()["outbox"] for _ in range(2)] for browser, how in asked]

    assert all(first == again for first, again in kept)
    for part in ("owner", "key"):
        assert len({first[part] for first, _ in kept}) == len(asked)
