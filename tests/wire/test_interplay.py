"""How HCPs take part: each act is one click, can be taken back, and is seen by the rep; what is offered is approved."""

from __future__ import annotations

from typing import Any

import furnished
import pytest
from furnished import Account, Invite, Join, Room, SignedIn
from running import Line, Page, Relais

from server.library.actions import withdraw_edition
from server.store import new_id


async def _mine(line: Line) -> dict[str, Any]:
    mine: dict[str, Any] = (await line.join({}))["snapshot"]["mine"]
    return mine


async def test_a_raised_hand_reaches_the_rep_who_can_take_it_down(room: Room) -> None:
    await room.hcp.call("move_hand", {"raised": True})
    assert await room.rep.hears("hand_seen") == {"participant_id": room.participant_id, "raised": True}

    assert (await room.rep.call("lower_hand", {"participant_id": room.participant_id}))["ok"]

    assert await room.hcp.hears("hand_moved", times=2) == {"raised": False}
    assert (await room.rep.join({}))["snapshot"]["everyones"]["hands"] == []


async def test_hands_stand_in_the_order_in_which_they_went_up(room: Room, join: Join, invite: Invite, relais: Relais) -> None:
    second = await join("hcp", invitation=await invite(hcp_id=await furnished.hcp(relais, "Jean", "Exemple")))
    other = second.snapshot["participant"]["id"]
    await room.rep.call("admit_hcp", {"participant_id": other})
    await second.call("move_hand", {"raised": True})
    await room.hcp.call("move_hand", {"raised": True})

    assert (await room.rep.join({}))["snapshot"]["everyones"]["hands"] == [other, room.participant_id]


async def test_a_reaction_can_be_taken_back_and_twice_the_same_is_one(room: Room) -> None:
    for given in (True, True, False):
        assert (await room.hcp.call("react", {"number": 1, "kind": "unclear", "given": given}))["ok"]

    await room.rep.hears("reaction_seen", times=2)
    assert [seen["given"] for seen in room.rep.bodies("reaction_seen")] == [True, False]
    assert (await _mine(room.hcp))["reactions"] == []


async def test_a_slide_that_was_not_shown_takes_no_reaction(room: Room) -> None:
    assert (await room.hcp.call("react", {"number": 4, "kind": "useful", "given": True}))["code"] == "unknown_slide"


async def test_a_poll_is_one_of_the_decks_questions_word_for_word(room: Room) -> None:
    assert (await room.rep.call("start_poll", {"number": 1}))["ok"]

    heard = await room.hcp.hears("poll_started")
    words = {"question": "Adaptez-vous la dose à la fonction rénale ?", "options": ["Toujours", "Parfois", "Jamais"]}
    assert heard == {"number": 1, **words}
    assert (await room.rep.call("start_poll", {"number": 3}))["code"] == "unknown_poll"
    assert (await room.rep.call("start_poll", {"number": 1}))["code"] == "poll_was_asked"


async def test_an_answer_can_be_changed_and_taken_back_until_the_question_is_closed(room: Room) -> None:
    await room.rep.call("start_poll", {"number": 1})
    for option in (0, 2, None, 1):
        assert (await room.hcp.call("answer_poll", {"number": 1, "option": option}))["ok"]
    assert (await _mine(room.hcp))["choices"] == {"1": 1}

    await room.rep.call("close_poll", {"number": 1})

    assert (await room.hcp.call("answer_poll", {"number": 1, "option": 0}))["code"] == "poll_closed"
    assert (await _mine(room.hcp))["choices"] == {"1": 1}


async def test_an_answer_that_is_none_of_the_options_is_refused(room: Room) -> None:
    await room.rep.call("start_poll", {"number": 2})

    assert (await room.hcp.call("answer_poll", {"number": 2, "option": 2}))["code"] == "unknown_poll"


async def test_a_shown_result_counts_everyone_once_and_closes_the_question(room: Room) -> None:
    """Who went on under no name answered again; seen to fail with those who left counted too."""
    await room.rep.call("start_poll", {"number": 1})
    await room.hcp.call("answer_poll", {"number": 1, "option": 0})
    browser = room.hcp.browser
    browser.bearer = (await browser.post("/api/consent", json={"tracking": False})).json()["bearer"]
    successor = await browser.line("hcp")
    await successor.call("answer_poll", {"number": 1, "option": 1})

    assert (await room.rep.call("show_poll_result", {"number": 1}))["ok"]

    assert await successor.hears("poll_result_shown") == {"number": 1, "counts": [0, 1, 0]}
    assert await successor.hears("poll_closed") == {"number": 1}


async def test_another_question_closes_the_one_before(room: Room) -> None:
    await room.rep.call("start_poll", {"number": 1})
    await room.rep.call("start_poll", {"number": 2})

    polls = (await room.hcp.join({}))["snapshot"]["offered"]["polls"]
    assert [(poll["number"], poll["open"]) for poll in polls] == [(1, False), (2, True)]


async def test_a_withdrawn_deck_asks_nothing(room: Room, relais: Relais, deck: str, content_manager: Account) -> None:
    await room.rep.call("start_poll", {"number": 1})

    await relais.store.change(withdraw_edition, deck, by=content_manager.id, reason="Nouvelle version.")

    assert (await room.rep.call("start_poll", {"number": 2}))["code"] in ("deck_not_approved", "not_live")
    assert (await room.hcp.call("answer_poll", {"number": 1, "option": 0}))["code"] in ("deck_not_approved", "not_live")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("move_hand", {"raised": True}),
        ("react", {"number": 1, "kind": "useful", "given": True}),
        ("answer_poll", {"number": 1, "option": 0}),
    ],
)
async def test_nobody_takes_part_from_the_lobby_or_after_the_end(name: str, body: dict[str, Any], join: Join) -> None:
    rep, hcp = await join("rep"), await join("hcp")
    await rep.call("start_detailing")
    assert (await hcp.call(name, body))["code"] == "not_admitted"

    await rep.call("admit_hcp", {"participant_id": hcp.snapshot["participant"]["id"]})
    await rep.call("end_detailing")

    assert (await hcp.call(name, body))["code"] == "not_live"


async def _document(room: Room, edition_id: str, query: str = "") -> Page:
    media = (await room.hcp.browser.post("/room", data={"bearer": room.hcp.browser.bearer})).bootstrap["media"]
    return await room.hcp.browser.get(f"{media}/documents/{edition_id}{query}")


async def test_an_offered_document_opens_and_leaves_a_receipt_of_each_kind_once(room: Room, label: str) -> None:
    await room.rep.call("offer_document", {"edition_id": label})
    assert (await room.hcp.hears("document_offered"))["document"]["edition_id"] == label

    pages = [await _document(room, label), await _document(room, label), await _document(room, label, "?download")]

    assert [page.status for page in pages] == [200] * 3
    assert "insuffisance rénale" in pages[0].text
    assert "<th" in pages[0].text, "the label's tables are tables"
    assert pages[2].headers["Content-Disposition"].startswith("attachment")
    await room.rep.hears("document_received", times=2)
    assert [receipt["how"] for receipt in room.rep.bodies("document_received")] == ["opened", "downloaded"]


async def test_a_document_that_was_not_offered_is_not_there(room: Room, label: str) -> None:
    assert (await _document(room, label)).status == 404


async def test_a_document_withdrawn_after_the_offer_is_not_there(
    room: Room, label: str, relais: Relais, content_manager: Account
) -> None:

    await room.rep.call("offer_document", {"edition_id": label})
    await relais.store.change(withdraw_edition, label, by=content_manager.id, reason="Nouvelle version.")

    assert (await _document(room, label)).status == 404


async def test_what_is_not_approved_or_of_another_product_is_not_offered(room: Room, relais: Relais, importer: Account) -> None:
    unapproved = await furnished.take_in(relais, furnished.label(), by=importer)

    for edition_id in (unapproved, new_id()):
        assert (await room.rep.call("offer_document", {"edition_id": edition_id}))["code"] == "document_not_approved"


async def test_what_was_marked_chosen_and_received_stands_in_the_record(
    room: Room, label: str, hcp: str, msl: Account, sign_in: SignedIn
) -> None:
    await room.hcp.call("react", {"number": 1, "kind": "more", "given": True})
    await room.rep.call("start_poll", {"number": 1})
    await room.hcp.call("answer_poll", {"number": 1, "option": 2})
    await room.rep.call("offer_document", {"edition_id": label})
    await _document(room, label)

    record = (await (await sign_in(msl)).get(f"/hcps/{hcp}")).text

    for words in ("à approfondir", "Adaptez-vous la dose", "Jamais", "Document ouvert"):
        assert words in record, words


async def test_an_answer_is_found_useful_or_not_and_that_can_be_taken_back(room: Room, label: str) -> None:
    asked = {"text": "Quelle est la posologie de l'allopurinol en cas d'insuffisance rénale ?", "language": "fr"}
    question = (await room.hcp.call("ask_question", asked))["question_id"]
    await room.hcp.hears("reply_given")

    for useful, reason in ((False, "incomplete"), (True, "beside"), (None, None)):
        told = {"question_id": question, "useful": useful, "reason": reason}
        assert (await room.hcp.call("judge_reply", told))["ok"]

    judged = [(body["useful"], body["reason"]) for body in room.hcp.bodies("reply_judged")]
    assert judged == [(False, "incomplete"), (True, None), (None, None)]


async def test_nobody_judges_the_answer_that_somebody_else_got(room: Room, relais: Relais, label: str) -> None:
    stranger = relais.browser()
    await stranger.declare()
    line = await stranger.line("hcp")
    asked = {"text": "Quelle est la posologie de l'allopurinol en cas d'insuffisance rénale ?", "language": "fr"}
    question = (await room.hcp.call("ask_question", asked))["question_id"]
    await room.hcp.hears("reply_given")

    assert (await line.call("judge_reply", {"question_id": question, "useful": True}))["code"] == "not_found"
