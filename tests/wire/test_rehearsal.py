"""A rehearsal is the real room with the laboratory's own people alone in it: no contact, and nothing that is taken for real.

Seen to fail, as they must: the second test without `A_CONTACT` in `agenda`, `unsigned` and `attended`; the third without the
early return of `conclude` and without `not rehearsed` in `deliver`.
"""

from __future__ import annotations

from dataclasses import dataclass

import furnished
import pytest
from furnished import Account, Join, SignedIn
from running import Browser, Line, Page, Relais
from sqlalchemy import func, select

from server.detailing.actions.closing import unsigned
from server.detailing.agenda import WHENS
from server.detailing.reads import attended
from server.edge.words import refusal_words
from server.medical.tables import AdverseEventReport, MedicalInquiry
from server.people.tables import Consent, Guest

ANSWERED = "Quelle est la posologie de l'allopurinol en cas d'insuffisance rénale ?"
REPORT = "Mon patient de 54 ans a eu une éruption cutanée étendue sous allopurinol."
PERSON = "Je voudrais parler à une personne."
REFUSED = refusal_words("fr", "rehearsal", {})


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A live rehearsal: its rep, and somebody who plays an HCP."""

    id: str
    browser: Browser
    rep: Line
    player: Line


async def _open(browser: Browser, deck: str) -> str:
    answer = await browser.post("/console/rehearsals", data={"deck_id": deck})
    assert answer.status == 303, answer.text
    return answer.headers["Location"].rpartition("/")[2]


async def _stand_in(browser: Browser, detailing_id: str) -> str:
    answer = await browser.post(f"/console/{detailing_id}/stand-in")
    return answer.headers["Location"].partition("#t=")[2]


async def _enter(relais: Relais, token: str) -> tuple[Browser, Page]:
    browser = relais.browser()
    room = await browser.post("/room", data={"entry": f"t:{token}", "identity": "other", "tracking": "no"})
    browser.bearer = room.bootstrap["bearer"]
    return browser, room


@pytest.fixture
async def rehearsal(relais: Relais, rep: Account, deck: str, sign_in: SignedIn) -> Rehearsal:
    browser = await sign_in(rep)
    detailing_id = await _open(browser, deck)
    player, room = await _enter(relais, await _stand_in(browser, detailing_id))
    line, hcp = await browser.line("rep", detailing_id=detailing_id), await player.line("hcp")
    participant_id = room.bootstrap["snapshot"]["participant"]["id"]
    assert (await line.call("admit_hcp", {"participant_id": participant_id}))["ok"]
    assert (await line.call("start_detailing"))["ok"]
    await hcp.hears("admission_granted")
    await hcp.join({})
    return Rehearsal(detailing_id, browser, line, hcp)


async def _count(relais: Relais, table: type) -> int:
    return await relais.store.read(lambda session: session.scalar(select(func.count()).select_from(table)) or 0)


async def test_one_click_opens_the_console_and_another_the_page_of_an_hcp_without_a_name(
    relais: Relais, rep: Account, deck: str, sign_in: SignedIn
) -> None:
    browser = await sign_in(rep)
    detailing_id = await _open(browser, deck)
    console = await browser.get(f"/console/{detailing_id}")
    token = await _stand_in(browser, detailing_id)
    confirm = await relais.browser().post("/join", data={"token": token})
    _, room = await _enter(relais, token)

    for page in (console, room):
        assert "Répétition – rien n’est enregistré comme contact" in page.text
        assert "<title>Répétition · " in page.text
    assert "Ceci est une répétition" in confirm.text
    assert room.bootstrap["snapshot"]["participant"]["name"] is None
    assert await relais.store.read(lambda session: session.scalars(select(Guest.hcp_id)).all()) == [None]
    assert await _count(relais, Consent) == 0


async def test_nothing_of_it_is_a_contact(relais: Relais, rehearsal: Rehearsal, rep: Account, hcp: str) -> None:
    await rehearsal.player.call("view_slide", furnished.view())
    browser, address = rehearsal.browser, f"/console/{rehearsal.id}"

    invited = await browser.post(f"{address}/invitations", data={"hcp_id": hcp})
    msl = await furnished.account(relais, "Sacha Exemple", "msl")
    called = await rehearsal.rep.call("call_colleague", {"staff_id": msl.id})
    assert (await rehearsal.rep.call("end_detailing"))["ok"]
    report = await browser.get(f"{address}/report")

    assert called["code"] == "rehearsal"
    for page in (invited, report):
        assert page.status == 400
        assert REFUSED in page.text
    assert "Titre" not in (await browser.get(f"/hcps/{hcp}")).text
    for when in WHENS:
        assert rehearsal.id not in (await browser.get(f"/console?when={when}")).text
    assert await relais.store.read(unsigned, rep.id) == set()
    player = rehearsal.player.snapshot["participant"]["id"]
    assert await relais.store.read(attended, [player]) == []


async def test_questions_are_answered_and_nothing_reaches_medical_or_pharmacovigilance(
    relais: Relais, rehearsal: Rehearsal, label: str
) -> None:
    player = rehearsal.player
    for text in (ANSWERED, REPORT, PERSON):
        assert (await player.call("ask_question", {"text": text, "language": "fr"}))["ok"]
    await player.hears("reply_given", times=3)
    answered, reported, _ = player.bodies("reply_given")
    wished = await player.call("request_person", {"question_id": reported["question_id"], "text": None})
    await player.call("write_to_rep", {"text": REPORT})
    decided = await player.hears("delivery_decided")
    await rehearsal.rep.call("write_to_hcps", {"participant_id": None, "text": REPORT})

    assert answered["kind"] == "answer"
    assert wished["code"] == "rehearsal"
    for told in (reported, decided):
        assert (told["report_taken"], told["report_asked"]) == (False, True)
    assert await _count(relais, MedicalInquiry) == 0
    assert await _count(relais, AdverseEventReport) == 0


async def test_a_case_that_somebody_says_is_real_is_taken_even_there(relais: Relais, rehearsal: Rehearsal) -> None:
    for line in (rehearsal.player, rehearsal.rep):
        assert (await line.call("report_adverse_event", {"text": REPORT}))["ok"]

    assert await _count(relais, AdverseEventReport) == 2


async def test_a_deck_that_may_not_be_shown_is_not_rehearsed(
    relais: Relais, rep: Account, importer: Account, sign_in: SignedIn
) -> None:
    draft = await furnished.take_in(relais, furnished.deck(), by=importer)

    answer = await (await sign_in(rep)).post("/console/rehearsals", data={"deck_id": draft})

    assert answer.status == 400
    assert refusal_words("fr", "deck_not_approved", {}) in answer.text


async def test_a_rep_rehearses_one_deck_at_a_time(rehearsal: Rehearsal, deck: str) -> None:
    await _open(rehearsal.browser, deck)

    await rehearsal.player.hears("detailing_ended")


async def test_nobody_stands_in_for_an_hcp_in_a_real_session_or_somebody_elses_rehearsal(
    relais: Relais, rehearsal: Rehearsal, detailing: str, sign_in: SignedIn
) -> None:
    stranger = await sign_in(await furnished.account(relais, "Dominique Autre", "rep"))

    assert (await stranger.post(f"/console/{rehearsal.id}/stand-in")).status == 404
    assert (await rehearsal.browser.post(f"/console/{detailing}/stand-in")).status == 404


async def test_a_session_that_is_no_rehearsal_says_so_nowhere(join: Join, detailing: str) -> None:
    rep, hcp = await join("rep"), await join("hcp")

    assert hcp.snapshot["detailing"]["rehearsal"] is False
    assert "Répétition" not in (await rep.browser.get(f"/console/{detailing}")).text
