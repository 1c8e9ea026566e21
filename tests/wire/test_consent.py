"""Consent decides what is kept, and nothing else: without it no line leads to the person."""

from __future__ import annotations

import furnished
import pytest
from furnished import Invite, Join, Room
from records import everything_stored
from running import Relais

GIVEN_NAME, FAMILY_NAME, RPPS = "Zyglonette", "Quarvius-Imaginaire", "00000099999"


@pytest.fixture
async def hcp(relais: Relais) -> str:
    """An HCP whose names occur nowhere else."""
    return await furnished.hcp(relais, GIVEN_NAME, FAMILY_NAME, rpps=RPPS, city="Trifouillis")


async def _play(join: Join, relais: Relais, *, tracking: bool) -> None:
    """A whole session: slides shown and viewed, a question, a report, a hand-over, the MSL's reply, the end."""
    rep, hcp, desk = await join("rep"), await join("hcp", tracking=tracking), await join("msl")
    await rep.call("admit_hcp", {"participant_id": hcp.snapshot["participant"]["id"]})
    await rep.call("start_detailing")
    await hcp.hears("admission_granted")
    await hcp.join({})
    await rep.call("show_slide", {"number": 2})
    await hcp.call("look", {"number": 2, "visible": True})
    await hcp.call("view_slide", furnished.view(2))
    question = await hcp.call("ask_question", {"text": "Et chez l'enfant ?", "language": "fr"})
    await hcp.hears("reply_given")
    await hcp.call("report_adverse_event", {"text": "Une éruption cutanée."})
    inquiry = {"inquiry_id": (await hcp.call("request_person", {"question_id": question["question_id"]}))["inquiry_id"]}
    await desk.call("assign_inquiry", inquiry)
    assert (await desk.call("answer_inquiry", {**inquiry, "text": "Voici ma réponse."}))["ok"]
    await hcp.hears("inquiry_answered")
    assert (await rep.call("end_detailing"))["ok"]
    await hcp.hears("detailing_ended")


async def _mentions(relais: Relais, database: str, hcp_id: str) -> dict[str, int]:
    """How often the person occurs in everything stored. The server is stopped for that, which folds the log into the file."""
    await relais.stop()
    stored = everything_stored(database)
    await relais.start()
    return {who: stored.count(who.encode()) for who in (hcp_id, GIVEN_NAME, FAMILY_NAME, RPPS)}


@pytest.mark.parametrize("tracking", [False, True], ids=["refused", "given"])
async def test_a_session_leads_to_the_person_only_with_consent(
    tracking: bool, relais: Relais, hcp: str, join: Join, rep: furnished.Account, deck: str, database: str
) -> None:
    """Refused: the person occurs after the session exactly as often as before they were invited, in their golden record alone.

    Given: they occur more often, so the search would have found them.
    """
    detailing = await furnished.plan(relais, rep, deck)
    before = await _mentions(relais, database, hcp)
    assert all(before.values())

    invitation = await furnished.invite(relais, rep, detailing, hcp)

    def into_this_session(role: str, **how: object) -> object:
        known = {"invitation": invitation, **how} if role == "hcp" else how
        return join(role, detailing_id=detailing, **known)

    await _play(into_this_session, relais, tracking=tracking)

    after = await _mentions(relais, database, hcp)
    if tracking:
        assert after[hcp] > before[hcp]
    else:
        assert after == before


async def test_refusing_changes_nothing_but_what_is_recorded(join: Join) -> None:
    rep, hcp = await join("rep"), await join("hcp", tracking=False)
    arrived = await rep.join({})
    await rep.call("admit_hcp", {"participant_id": hcp.snapshot["participant"]["id"]})
    await rep.call("start_detailing")
    await hcp.hears("admission_granted")

    answer = await hcp.join({})

    assert answer["snapshot"]["detailing"]["number"] == 1
    assert answer["snapshot"]["participant"]["tracked"] is False
    assert [(p["name"], p["profession"]) for p in arrived["snapshot"]["participants"]] == [(None, None)]


async def test_withdrawing_in_the_room_goes_on_as_somebody_nobody_knows(
    room: Room, hcp: str, sign_in: furnished.SignedIn
) -> None:
    browser = room.hcp.browser
    await room.hcp.call("view_slide", furnished.view(1))

    answer = await browser.post("/api/consent", json={"tracking": False})
    await room.hcp.gone()
    old_bearer = await browser.post("/api/ticket", json={})
    browser.bearer = answer.json()["bearer"]
    successor = await browser.line("hcp")
    await room.rep.call("show_slide", {"number": 3})
    await successor.hears("slide_shown")
    await successor.call("view_slide", furnished.view(3))
    await room.rep.hears("slide_viewed", times=2)

    place = successor.snapshot["participant"]
    assert (place["name"], place["tracked"], place["state"]) == (None, False, "admitted")
    assert place["id"] != room.participant_id
    assert old_bearer.status == 404
    assert room.rep.bodies("hcp_left") == [{"participant_id": room.participant_id}]
    assert room.rep.bodies("hcp_arrived")[-1] == {
        "participant_id": place["id"],
        "name": None,
        "profession": None,
        "link_reused": False,
    }
    record = (await room.rep.browser.get(f"/hcps/{hcp}")).text
    assert "Titre 1" in record
    assert "Titre 3" not in record


async def test_refusing_at_the_door_the_next_time_leaves_the_former_place(room: Room, invite: Invite, relais: Relais) -> None:
    invitation = await invite()

    page = await relais.browser().enter(invitation.token, tracking=False)

    place = page.bootstrap["snapshot"]["participant"]
    assert place["id"] != room.participant_id
    assert (place["name"], place["state"]) == (None, "waiting")
    await room.rep.hears("hcp_left")
