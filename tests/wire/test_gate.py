"""The gate is asked at the moment of display: whatever an edition may not be shown for, no way leads to it."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import furnished
import pytest
from furnished import Join, Room, SignedIn
from running import Relais
from sqlalchemy import select, update

from server.library.tables import EditionRow, PassageRow
from server.store import Transaction, new_id

LONG_AGO, FAR_AWAY = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
QUESTION = {"text": "Quelle est la posologie de l'allopurinol en cas d'insuffisance rénale ?", "language": "fr"}
CLOSED: dict[str, dict[str, Any]] = {
    "not approved": {"approved_digest": None},
    "changed since": {"approved_digest": "0" * 64},
    "not yet valid": {"valid_from": FAR_AWAY},
    "expired": {"valid_until": LONG_AGO},
    "other country": {"approved_country": "US"},
    "other audience": {"approved_audience": "nobody"},
    "withdrawn": {"withdrawn_at": LONG_AGO},
}
every_reason = pytest.mark.parametrize("standing", CLOSED.values(), ids=CLOSED)


async def _close(relais: Relais, edition_id: str, standing: dict[str, Any]) -> None:
    def act(tx: Transaction) -> None:
        tx.session.execute(update(EditionRow).where(EditionRow.id == edition_id).values(**standing))

    await relais.store.change(act)


@every_reason
async def test_a_deck_that_may_not_be_shown_cannot_be_planned(
    standing: dict[str, Any], relais: Relais, deck: str, hcp: str, rep: furnished.Account, sign_in: SignedIn
) -> None:
    await _close(relais, deck, standing)
    browser = await sign_in(rep)
    when = (datetime.now(UTC) + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")

    page = await browser.post(
        "/console", data={"id": new_id(), "hcp_id": hcp, "deck_id": deck, "scheduled_at": when, "language": "fr"}
    )

    assert page.status == 400
    offered = re.search(rf'<option[^>]*value="{deck}"[^>]*>', (await browser.get("/console")).text)
    assert offered is None or "disabled" in offered[0]


@every_reason
async def test_a_session_with_a_deck_that_may_not_be_shown_does_not_start(
    standing: dict[str, Any], relais: Relais, deck: str, join: Join
) -> None:
    rep = await join("rep")
    await _close(relais, deck, standing)

    answer = await rep.call("start_detailing")

    assert answer["code"] == "deck_not_approved"
    assert (await rep.join({}))["snapshot"]["detailing"]["state"] == "planned"


@every_reason
async def test_of_a_deck_that_may_no_longer_be_shown_neither_slides_nor_pixels_nor_words_are_left(
    standing: dict[str, Any], relais: Relais, deck: str, room: Room
) -> None:
    media = (await room.hcp.browser.post("/room", data={"bearer": room.hcp.browser.bearer})).bootstrap["media"]
    before = [(await room.hcp.browser.get(f"{media}/{name}")).status for name in ("1-800.webp", "1.json")]

    await _close(relais, deck, standing)

    after = [(await room.hcp.browser.get(f"{media}/{name}")).status for name in ("1-800.webp", "1.json")]
    assert (before, after) == ([200, 200], [404, 404])
    assert (await room.rep.call("show_slide", {"number": 2}))["code"] in ("deck_not_approved", "not_live")


@every_reason
async def test_of_a_label_that_may_not_be_shown_nothing_is_answered_opened_or_attached(
    standing: dict[str, Any], relais: Relais, label: str, room: Room, join: Join
) -> None:
    await room.hcp.call("ask_question", QUESTION)
    answered = await room.hcp.hears("reply_given")
    assert answered["kind"] == "answer"
    passage_id = answered["citations"][0]["passage_id"]
    assert (await room.hcp.browser.get(f"/api/passages/{passage_id}")).status == 200

    await _close(relais, label, standing)

    await room.hcp.call("ask_question", QUESTION)
    assert (await room.hcp.hears("reply_given", times=2))["kind"] != "answer"
    assert (await room.hcp.browser.get(f"/api/passages/{passage_id}")).status == 404
    desk = await join("msl")
    inquiry = {"inquiry_id": (await room.hcp.call("request_person", {"text": "Une question."}))["inquiry_id"]}
    await desk.call("assign_inquiry", inquiry)
    attached = await desk.call("answer_inquiry", {**inquiry, "text": "Voici.", "passage_ids": [passage_id]})
    assert attached["code"] == "not_found"


async def test_a_label_approved_while_the_server_runs_is_answered_from(
    relais: Relais, importer: furnished.Account, content_manager: furnished.Account, sign_in: SignedIn
) -> None:
    hcp = relais.browser()
    await hcp.declare()
    line = await hcp.line("hcp")
    await line.call("ask_question", QUESTION)
    assert (await line.hears("reply_given"))["kind"] != "answer"
    label = await furnished.take_in(relais, furnished.label(), by=importer)
    terms = {"valid_from": "2026-01-01", "valid_until": "2099-01-01", "country": "fr", "audience": "hcp", "note": ""}

    approved = await (await sign_in(content_manager)).post(f"/content/{label}/approve", data=terms)
    await line.call("ask_question", QUESTION)

    assert approved.status == 303
    assert (await line.hears("reply_given", times=2))["kind"] == "answer"


async def test_every_citation_is_word_for_word_what_the_passage_says(room: Room, label: str) -> None:
    await room.hcp.call("ask_question", QUESTION)
    citations = (await room.hcp.hears("reply_given"))["citations"]

    assert citations
    for cited in citations:
        opened = (await room.hcp.browser.get(f"/api/passages/{cited['passage_id']}")).json()
        start, end = cited["start"] - opened["start"], cited["end"] - opened["start"]
        assert opened["text"][start:end] == cited["text"]


async def test_withdrawing_a_deck_ends_its_running_session_within_five_seconds(
    room: Room, deck: str, content_manager: furnished.Account, sign_in: SignedIn
) -> None:
    manager = await sign_in(content_manager)

    withdrawn = await manager.post(f"/content/{deck}/withdraw", data={"reason": "Une erreur sur la diapositive 2."})

    assert withdrawn.status == 303
    async with asyncio.timeout(5):
        assert await room.hcp.hears("detailing_ended") == {"reason": "content"}
        assert await room.rep.hears("detailing_ended") == {"reason": "content"}


async def test_a_deck_that_runs_out_ends_its_running_session_within_five_seconds(room: Room, deck: str, relais: Relais) -> None:
    await _close(relais, deck, {"valid_until": datetime.now(UTC)})

    async with asyncio.timeout(5):
        assert await room.hcp.hears("detailing_ended") == {"reason": "content"}


async def test_whoever_imported_an_edition_does_not_approve_it(
    relais: Relais, importer: furnished.Account, sign_in: SignedIn
) -> None:
    edition = await furnished.take_in(relais, furnished.deck(), by=importer)
    terms = {"valid_from": "2026-01-01", "valid_until": "2099-01-01", "country": "FR", "audience": "hcp", "note": ""}

    answer = await (await sign_in(importer)).post(f"/content/{edition}/approve", data=terms)

    assert answer.status == 400
    row = await relais.store.read(lambda session: session.get(EditionRow, edition))
    assert row is not None
    assert row.approved_digest is None


async def test_a_passage_is_opened_by_hcps_and_by_nobody_without_a_pass(relais: Relais, label: str) -> None:
    passage_id = await relais.store.read(lambda session: session.scalar(select(PassageRow.id)))

    answer = await relais.browser().get(f"/api/passages/{passage_id}")

    assert (answer.status, answer.json()["code"]) == (404, "link_unknown")


@every_reason
async def test_an_answer_said_again_does_not_say_words_that_may_no_longer_be_shown(
    standing: dict[str, Any], room: Room, label: str, relais: Relais
) -> None:
    await room.hcp.call("ask_question", QUESTION)
    cited = (await room.hcp.hears("reply_given"))["citations"]
    assert cited
    await _close(relais, label, standing)

    page = await room.hcp.browser.post("/room", data={"bearer": room.hcp.browser.bearer})
    missed = await room.hcp.join(dict.fromkeys(room.hcp.heads, 0))

    replayed = [fact for fact in page.bootstrap["snapshot"]["conversation"] + missed["facts"] if fact["name"] == "reply_given"]
    assert len(replayed) == 2
    assert [[c["text"] for c in fact["body"]["citations"]] for fact in replayed] == [[""] * len(cited)] * 2
