"""HCP and rep write to each other: marked for who wrote it, kept, screened, and never across the wall."""

from __future__ import annotations

import json
from typing import Any

import furnished
import pytest
from furnished import Account, Invite, Join, Room, SignedIn
from running import Line, Relais
from sqlalchemy import select

from server.conversation.tables import DirectMessage
from server.medical.tables import AdverseEventReport

FOR_THE_REP = "Bonjour, pouvez-vous parler un peu plus fort ?"
OFF_LABEL = "Puis-je utiliser l'allopurinol hors AMM dans la migraine ?"
REPORT = "Mon patient de 54 ans, sous allopurinol, a eu une éruption cutanée."


async def _reports(relais: Relais) -> list[AdverseEventReport]:
    return list(await relais.store.read(lambda s: s.scalars(select(AdverseEventReport)).all()))


async def _second(room: Room, join: Join, invite: Invite, relais: Relais) -> Line:
    other = await join("hcp", invitation=await invite(hcp_id=await furnished.hcp(relais, "Hugo", "Fictif-Bernard")))
    await room.rep.call("admit_hcp", {"participant_id": other.snapshot["participant"]["id"]})
    await other.hears("admission_granted")
    return other


async def test_an_hcps_words_reach_the_rep_once_they_were_read(room: Room, label: str) -> None:
    sent = await room.hcp.call("write_to_rep", {"text": FOR_THE_REP})

    written = {"message_id": sent["message_id"], "by": "hcp", "name": "Camille Fictive", "text": FOR_THE_REP}
    assert await room.hcp.hears("message_written") == written
    heard = await room.rep.hears("message_heard")
    assert heard == {"message_id": sent["message_id"], "participant_id": room.participant_id, "by": "hcp", "text": FOR_THE_REP}
    assert (await room.hcp.hears("delivery_decided"))["delivered"]


@pytest.mark.parametrize("words", [OFF_LABEL, REPORT, "Avez-vous des données dans la migraine ?"])
async def test_what_is_medicals_to_answer_stays_behind_the_wall(words: str, room: Room, label: str) -> None:
    """Seen to fail with `is_for_rep` always true: the rep's line, snapshot and pages held the words."""
    await room.hcp.call("write_to_rep", {"text": words})

    decided = await room.hcp.hears("delivery_decided")
    assert (await room.rep.hears("message_heard"))["text"] is None
    assert (decided["delivered"], decided["report_taken"]) == (False, words == REPORT)
    await room.rep.join({})
    page = await room.rep.browser.get(f"/console/{room.detailing_id}")
    told = json.dumps([room.rep.facts, room.rep.snapshot], ensure_ascii=False) + page.text
    assert words not in told
    assert words.split()[-2] not in told


async def test_a_report_in_a_message_to_the_rep_goes_to_pharmacovigilance(room: Room, relais: Relais, label: str) -> None:
    await room.hcp.call("write_to_rep", {"text": REPORT})

    await room.hcp.hears("adverse_event_reported")
    (report,) = await _reports(relais)
    assert (report.text, report.how, report.guest_id) == (REPORT, "screening", room.participant_id)


async def test_a_report_in_the_reps_own_words_goes_to_pharmacovigilance(room: Room, relais: Relais) -> None:
    assert (await room.rep.call("write_to_hcps", {"participant_id": None, "text": REPORT}))["ok"]

    (report,) = await _reports(relais)
    assert (report.text, report.guest_id) == (REPORT, None)


async def test_the_rep_writes_to_everyone_in_their_own_name(room: Room, join: Join, invite: Invite, relais: Relais) -> None:
    other = await _second(room, join, invite, relais)

    assert (await room.rep.call("write_to_hcps", {"participant_id": None, "text": "Bienvenue."}))["ok"]

    for line in (room.hcp, other):
        written = await line.hears("message_written")
        assert (written["by"], written["name"], written["text"]) == ("rep", "Camille Fictive", "Bienvenue.")
    assert len(room.rep.bodies("message_heard")) == 1


async def test_what_the_rep_writes_to_one_nobody_else_hears(room: Room, join: Join, invite: Invite, relais: Relais) -> None:
    other = await _second(room, join, invite, relais)

    await room.rep.call("write_to_hcps", {"participant_id": room.participant_id, "text": "À vous seule."})

    await room.hcp.hears("message_written")
    await other.join({})
    assert "À vous seule." not in json.dumps([other.facts, other.snapshot], ensure_ascii=False)


@pytest.mark.parametrize("link", ["https://elsewhere.invalid/etude.pdf", "voir www.elsewhere.invalid", "elsewhere.invalid/etude"])
async def test_the_rep_sends_nothing_that_was_not_approved(link: str, room: Room) -> None:
    body = {"participant_id": None, "text": f"Lisez {link}"}

    assert (await room.rep.call("write_to_hcps", body))["code"] == "link_in_message"
    assert (await room.rep.call("write_to_hcps", {**body, "text": "Lisez.", "attachment": "AAAA"}))["code"] == "malformed"


async def test_the_rep_cannot_ask_nor_answer_as_the_assistant(room: Room) -> None:
    for name in ("ask_question", "reply_given", "message_written"):
        assert (await room.rep.call(name, {"text": "Oui.", "language": "fr"}))["code"] == "unknown_command"


BLANK: tuple[str, dict[str, Any]] = ("write_to_rep", {"text": "  "})


@pytest.mark.parametrize(
    ("role", "name", "body", "code"),
    [
        ("hcp", *BLANK, "empty"),
        ("hcp", "write_to_rep", {"text": "a" * 1001}, "too_long"),
        ("rep", "write_to_hcps", {"participant_id": None, "text": " "}, "empty"),
        ("rep", "write_to_hcps", {"participant_id": "nobody", "text": "Bonjour."}, "not_in_the_room"),
    ],
)
async def test_what_cannot_be_sent_is_refused(role: str, name: str, body: dict[str, Any], code: str, room: Room) -> None:
    line = room.hcp if role == "hcp" else room.rep

    assert (await line.call(name, body))["code"] == code


async def test_nobody_writes_from_the_lobby_nor_after_the_end(join: Join) -> None:
    rep, hcp = await join("rep"), await join("hcp")
    await rep.call("start_detailing")
    assert (await hcp.call("write_to_rep", {"text": FOR_THE_REP}))["code"] == "not_admitted"
    await rep.call("admit_hcp", {"participant_id": hcp.snapshot["participant"]["id"]})
    await rep.call("end_detailing")

    assert (await hcp.call("write_to_rep", {"text": FOR_THE_REP}))["code"] == "not_live"
    assert (await rep.call("write_to_hcps", {"participant_id": None, "text": "Merci."}))["code"] == "not_live"


async def test_who_writes_too_fast_is_told_to_wait(room: Room) -> None:
    answers = [await room.hcp.call("write_to_rep", {"text": f"Bonjour {number}"}) for number in range(6)]

    assert [answer["ok"] for answer in answers] == [True] * 5 + [False]


async def test_a_message_left_unread_is_taken_up_after_a_restart(room: Room, relais: Relais, label: str) -> None:
    """Seen to fail without `undelivered` at the assistant's start."""
    await room.hcp.call("write_to_rep", {"text": FOR_THE_REP})
    await room.rep.hears("message_heard")

    def forget(tx: Any) -> None:
        message = tx.session.scalars(select(DirectMessage)).one()
        message.delivered, message.decided_at = None, None

    await relais.store.change(forget)
    await relais.restart()
    rep = await room.rep.browser.line("rep", detailing_id=room.detailing_id)

    await rep.hears("message_heard")
    (message,) = (await rep.join({}))["snapshot"]["messages"]
    assert message["text"] == FOR_THE_REP


async def test_messages_stand_in_the_record_and_the_wall_holds_there(
    room: Room, label: str, hcp: str, msl: Account, sign_in: SignedIn
) -> None:
    await room.rep.call("write_to_hcps", {"participant_id": None, "text": "Bienvenue à toutes et à tous."})
    await room.hcp.call("write_to_rep", {"text": OFF_LABEL})
    await room.rep.hears("message_heard", times=2)

    for_rep = (await room.rep.browser.get(f"/hcps/{hcp}")).text
    for_medical = (await (await sign_in(msl)).get(f"/hcps/{hcp}")).text

    assert ("Bienvenue" in for_rep, "migraine" in for_rep) == (True, False)
    assert ("Bienvenue" in for_medical, "migraine" in for_medical) == (True, True)
