"""What stays behind a wall: the rep's notes from HCPs, medical words from sales, one HCP's conversation from another."""

from __future__ import annotations

import json

import furnished
import pytest
from furnished import Join, Room, SignedIn
from running import Line, Relais

from server.store.messages import DESK, FACTS

ASKED = "Que pensez-vous de l'association avec le zinzolinium chez mon patient ?"
REPORTED = "Éruption purpurique majeure le lendemain de la prise."
ANSWERED = "Réponse confidentielle : aucune donnée publiée sur cette association."


def _heard(line: Line) -> str:
    """All that a line was told, as text."""
    return json.dumps([line.facts, line.notices, line.snapshot, line.heads], ensure_ascii=False)


async def test_the_reps_notes_reach_no_hcp_by_socket_page_or_media(room: Room, relais: Relais) -> None:
    for number in (2, 3):
        await room.rep.call("show_slide", {"number": number})
    await room.hcp.hears("slide_shown", times=3)
    await room.hcp.join({})
    page = await room.hcp.browser.post("/room", data={"bearer": room.hcp.browser.bearer})
    media = page.bootstrap["media"]
    words = [(await room.hcp.browser.get(f"{media}/{number}.json")).text for number in (1, 2, 3)]
    console = await room.rep.browser.get(f"/console/{room.detailing_id}")

    everything = "".join([_heard(room.hcp), page.text, *words])

    assert "Titre 2" in everything
    assert "surveillance" not in everything
    assert "Message clé" not in everything
    assert "surveillance" in console.text


async def test_slides_not_shown_yet_are_unknown_to_the_hcp_but_for_the_pixels_of_the_next(room: Room) -> None:
    page = await room.hcp.browser.post("/room", data={"bearer": room.hcp.browser.bearer})
    media = page.bootstrap["media"]

    assert (await room.hcp.browser.get(f"{media}/1-800.webp")).status == 200
    assert (await room.hcp.browser.get(f"{media}/1.json")).json()["text"] == "Texte 1"
    assert (await room.hcp.browser.get(f"{media}/2-800.webp")).status == 200
    for path in ("3-800.webp", "2.json", "99.json"):
        assert (await room.hcp.browser.get(f"{media}/{path}")).status == 404, path
    assert "Titre 2" not in page.text + _heard(room.hcp)


async def test_pixels_are_reached_with_nobody_elses_key(room: Room, relais: Relais) -> None:
    page = await room.hcp.browser.post("/room", data={"bearer": room.hcp.browser.bearer})
    guest, until, seal = page.bootstrap["media"].removeprefix("/media/").split(".")
    stranger = relais.browser()

    assert (await stranger.get(f"/media/{guest}.{until}.{seal}/1.json")).status == 200
    for key in (
        f"{guest}.{int(until) + 1}.{seal}",
        f"{guest[:-1]}{'1' if guest[-1] == '0' else '0'}.{until}.{seal}",
        f"{guest}.1.{seal}",
        f"{guest}..",
        guest,
        "é",
    ):
        assert (await stranger.get(f"/media/{key}/1.json")).status == 404, key


async def test_no_fact_of_the_desk_is_for_sales() -> None:
    assert "rep" not in DESK.audience
    assert {name for name, fact in FACTS.items() if fact.stream is DESK} >= {"inquiry_opened", "inquiry_closed"}


async def test_the_words_of_inquiries_answers_and_reports_never_reach_sales(
    room: Room, join: Join, hcp: str, msl: furnished.Account, sign_in: SignedIn
) -> None:
    desk = await join("msl")
    question = await room.hcp.call("ask_question", {"text": ASKED, "language": "fr"})
    await room.hcp.hears("reply_given")
    inquiry = await room.hcp.call("request_person", {"question_id": question["question_id"]})
    await room.hcp.call("report_adverse_event", {"text": REPORTED})
    await desk.call("assign_inquiry", {"inquiry_id": inquiry["inquiry_id"]})
    await desk.call("answer_inquiry", {"inquiry_id": inquiry["inquiry_id"], "text": ANSWERED})
    await room.hcp.hears("inquiry_answered")
    await room.rep.hears("inquiry_progressed", times=3)
    await room.rep.join({})

    pages = [await room.rep.browser.get(path) for path in ("/console", f"/console/{room.detailing_id}", f"/hcps/{hcp}", "/hcps")]
    to_sales = _heard(room.rep) + "".join(page.text for page in pages)
    record_for_medical = (await desk.browser.get(f"/hcps/{hcp}")).text

    assert all(page.status == 200 for page in pages)
    for words in ("zinzolinium", "purpurique", "confidentielle"):
        assert words not in to_sales
    assert '"queued"' in to_sales
    assert not {fact["name"] for fact in room.rep.facts} & {name for name, fact in FACTS.items() if fact.stream is DESK}
    assert "zinzolinium" in record_for_medical
    assert "confidentielle" in record_for_medical
    assert ANSWERED in _heard(room.hcp)


async def test_an_msl_in_the_session_sees_the_room_and_hears_nobodys_words(room: Room, join: Join) -> None:
    colleague = await join("colleague")

    await room.hcp.call("ask_question", {"text": ASKED, "language": "fr"})
    await room.rep.hears("question_heard")
    await room.rep.call("show_slide", {"number": 2})
    await colleague.hears("slide_shown")
    await colleague.join({})

    assert {fact["stream"].partition(":")[0] for fact in colleague.facts} == {"room"}
    assert [words for words in ("zinzolinium", "Fictif-Martin") if words in _heard(colleague)] == []


@pytest.mark.parametrize("path", ["/desk", "/desk/{inquiry}"])
async def test_the_desk_is_closed_to_sales(path: str, room: Room) -> None:
    inquiry = await room.hcp.call("request_person", {"text": ASKED})

    page = await room.rep.browser.get(path.format(inquiry=inquiry["inquiry_id"]))

    assert page.status == 403
    assert "zinzolinium" not in page.text


async def test_what_one_hcp_says_another_does_not_hear(room: Room, relais: Relais, join: Join, invite: furnished.Invite) -> None:
    other = await join("hcp", invitation=await invite(hcp_id=await furnished.hcp(relais, "Hugo", "Fictif-Bernard")))
    await room.rep.call("admit_hcp", {"participant_id": other.snapshot["participant"]["id"]})
    await other.hears("admission_granted")
    await other.join({})

    await room.hcp.call("ask_question", {"text": ASKED, "language": "fr"})
    await room.hcp.hears("reply_given")
    await room.rep.call("show_slide", {"number": 2})
    await other.until(lambda: bool(other.bodies("slide_shown")))
    await other.join({})

    assert "zinzolinium" not in _heard(other)
    assert "Fictif-Martin" not in _heard(other)


async def test_a_question_of_somebody_else_cannot_be_handed_over(room: Room, relais: Relais) -> None:
    question = await room.hcp.call("ask_question", {"text": ASKED, "language": "fr"})
    stranger = relais.browser()
    await stranger.declare()

    answer = await (await stranger.line("hcp")).call("request_person", {"question_id": question["question_id"]})

    assert answer["code"] == "not_found"
