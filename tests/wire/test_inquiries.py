"""A request for a person: taken on by one, answered to one."""

from __future__ import annotations

import asyncio

import furnished
import pytest
from furnished import Join, Room
from running import Relais

from server.edge.keys import ACTS


async def test_of_two_who_take_an_inquiry_at_once_one_gets_it_and_the_other_learns_who(
    room: Room, join: Join, relais: Relais, msl: furnished.Account
) -> None:
    second = await furnished.account(relais, "Noa Modèle", "msl")
    desks = {msl.name: await join("msl"), second.name: await join("msl", by=second)}
    inquiry = await room.hcp.call("request_person", {"text": "Une question."})

    answers = await asyncio.gather(*(d.call("assign_inquiry", {"inquiry_id": inquiry["inquiry_id"]}) for d in desks.values()))

    winner = next(name for name, answer in zip(desks, answers, strict=True) if answer["ok"])
    refused = [answer for answer in answers if not answer["ok"]]
    assert refused == [{"ok": False, "code": "already_assigned", "message": f"Pris par {winner}."}]
    assert (await room.hcp.hears("inquiry_taken"))["msl_name"] == winner


async def test_an_inquiry_is_answered_by_whoever_took_it_and_once(room: Room, join: Join, relais: Relais) -> None:
    first, second = await join("msl"), await join("msl", by=await furnished.account(relais, "Noa Modèle", "msl"))
    inquiry = {"inquiry_id": (await room.hcp.call("request_person", {"text": "Une question."}))["inquiry_id"]}
    await first.call("assign_inquiry", inquiry)

    by_the_other = await second.call("answer_inquiry", {**inquiry, "text": "Non."})
    by_the_owner = await first.call("answer_inquiry", {**inquiry, "text": "Oui."})
    again = await first.call("answer_inquiry", {**inquiry, "text": "Encore."})

    assert (by_the_other["code"], by_the_owner["ok"], again["code"]) == ("not_assigned_to_you", True, "already_answered")
    assert [answered["text"] for answered in room.hcp.bodies("inquiry_answered")] == ["Oui."]


async def test_handing_the_same_question_over_twice_opens_one_inquiry(room: Room) -> None:
    question = await room.hcp.call("ask_question", {"text": "Et chez l'enfant ?", "language": "fr"})
    await room.hcp.hears("reply_given")

    answers = [await room.hcp.call("request_person", {"question_id": question["question_id"]}) for _ in range(2)]

    assert answers[0]["inquiry_id"] == answers[1]["inquiry_id"]


async def test_numbers_of_inquiries_have_no_gap(room: Room) -> None:
    for _ in range(3):
        await room.hcp.call("request_person", {"text": "Une question."})
    await room.hcp.call("request_person", {"text": ""})

    await room.hcp.call("request_person", {"text": "La quatrième."})

    assert [accepted["number"][-5:] for accepted in room.hcp.bodies("inquiry_accepted")] == ["00001", "00002", "00003", "00004"]


async def test_a_question_left_without_a_reply_is_taken_up_after_a_restart(room: Room, relais: Relais) -> None:
    relais.app[ACTS].on_words(lambda _: None)
    await room.hcp.call("ask_question", {"text": "Et chez l'enfant ?", "language": "fr"})

    await relais.restart()
    hcp = await room.hcp.browser.line("hcp")
    await hcp.until(lambda: bool(hcp.bodies("reply_given")) or "reply_given" in str(hcp.snapshot))


async def test_the_desk_opens_what_the_assistant_could_not_deal_with(
    room: Room, join: Join, hcp: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr("bot.reply", fails)
    question = await room.hcp.call("ask_question", {"text": "Quelle posologie ?", "language": "fr"})
    assert (await room.hcp.hears("reply_given"))["reason"] == "unavailable"
    inquiry = await room.hcp.call("request_person", {"question_id": question["question_id"]})
    desk = await join("msl")

    for path in (f"/desk/{inquiry['inquiry_id']}", f"/hcps/{hcp}"):
        assert (await desk.browser.get(path)).status == 200, path
