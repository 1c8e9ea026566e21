"""A personal way in: secret, for a time, replaced by the next one."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta

import furnished
import pytest
from furnished import Invite, Invited, Room, SignedIn
from records import everything_stored
from running import Browser, Page, Relais
from sqlalchemy import update

from server.detailing.tables import Invitation
from server.edge.words import refusal_words


async def _by_code(browser: Browser, code: str) -> Page:
    answers = {"entry": f"c:{code}", "identity": "me", "tracking": "yes"}
    return await browser.post("/room", data=answers)


async def test_a_link_leads_to_who_invites_and_then_into_the_lobby(relais: Relais, invite: Invite) -> None:
    invitation, browser = await invite(), relais.browser()

    confirm = await browser.post("/join", data={"token": invitation.token})
    room = await browser.enter(invitation.token)

    assert "Camille Fictive" in confirm.text
    assert "Claire Fictif-Martin" in confirm.text
    assert room.bootstrap["snapshot"]["participant"]["state"] == "waiting"


async def test_neither_link_nor_code_is_stored(relais: Relais, invite: Invite, database: str) -> None:
    invitation = await invite()
    browser = relais.browser()
    await browser.enter(invitation.token)
    bearer = browser.bearer
    await relais.stop()

    stored = everything_stored(database)

    assert invitation.id.encode() in stored
    for secret in (invitation.token, invitation.code, bearer, furnished.PASSWORD):
        assert secret.encode() not in stored
    await relais.start()


async def test_a_link_that_ran_out_opens_nothing(relais: Relais, invite: Invite) -> None:
    invitation = await invite()
    past = datetime.now(UTC) - timedelta(seconds=1)
    await relais.store.change(lambda tx: tx.session.execute(update(Invitation).values(expires_at=past)) and None)

    shown = await relais.browser().post("/join", data={"token": invitation.token})
    entered = await _by_code(relais.browser(), invitation.code)

    for page in (shown, entered):
        assert page.status == 400
        assert refusal_words("fr", "link_expired", {}) in page.text


async def test_a_renewed_invitation_ends_the_one_before(
    rep: furnished.Account, invite: Invite, relais: Relais, sign_in: SignedIn
) -> None:
    before = await invite()

    page = await (await sign_in(rep)).post(f"/console/{before.detailing_id}/invitations")
    token = re.search(r"/join#t=([\w-]{43})", page.text)

    assert page.status == 201
    assert token is not None
    assert (await relais.browser().post("/join", data={"token": token[1]})).status == 200
    assert (await relais.browser().post("/join", data={"token": before.token})).status == 400
    assert (await _by_code(relais.browser(), before.code)).status in (400, 404)


@pytest.mark.parametrize(
    "spoken", [str.lower, lambda code: f" {code[:3]} {code[3:]} ", lambda code: f"{code[:3]}-{code[3:]}".lower()]
)
async def test_a_code_is_read_whatever_its_case_and_spaces(spoken: object, relais: Relais, invite: Invite) -> None:
    invitation = await invite()

    assert (await _by_code(relais.browser(), spoken(invitation.code))).status == 200


async def test_a_wrong_code_is_told_as_such(relais: Relais, invite: Invite) -> None:
    await invite()

    page = await relais.browser().post("/join", data={"code": "AAAAAA"})

    assert page.status == 400
    assert refusal_words("fr", "code_unknown", {}) in page.text


@pytest.mark.parametrize("door", ["/join", "/room"])
async def test_codes_cannot_be_guessed_at_leisure(door: str, relais: Relais, invite: Invite) -> None:
    invitation: Invited = await invite()
    guesser = relais.browser()

    for number in range(100):
        guess = f"AAA{number:03d}"
        forms = {"/join": {"code": guess}, "/room": {"entry": f"c:{guess}", "identity": "me", "tracking": "no"}}
        assert (await guesser.post(door, data=forms[door])).status in (400, 404)

    right = {"/join": {"code": invitation.code}, "/room": {"entry": f"c:{invitation.code}", "identity": "me", "tracking": "no"}}
    refused = await guesser.post(door, data=right[door])
    assert refusal_words("fr", "too_many_tries", {}) in refused.text


async def test_a_password_cannot_be_guessed_at_leisure(relais: Relais, rep: furnished.Account) -> None:
    guesser = relais.browser()
    for _ in range(10):
        assert (await guesser.sign_in(rep.email, "not this one")).status == 400

    refused = await guesser.sign_in(rep.email, furnished.PASSWORD)

    assert refusal_words("fr", "too_many_tries", {}) in refused.text


async def test_many_guesses_at_once_are_as_many_as_one_after_the_other(relais: Relais, rep: furnished.Account) -> None:
    guesser = relais.browser()

    answers = await asyncio.gather(*(guesser.sign_in(rep.email, f"guess {number}") for number in range(14)))

    assert sum(refusal_words("fr", "too_many_tries", {}) in answer.text for answer in answers) == 4


async def test_coming_back_by_the_same_link_is_coming_back_to_the_same_place(room: Room, relais: Relais, invite: Invite) -> None:
    invitation = await invite()
    elsewhere = relais.browser()

    back = await elsewhere.enter(invitation.token)

    assert back.bootstrap["snapshot"]["participant"] == {
        "id": room.participant_id,
        "name": "Dr Claire Fictif-Martin",
        "tracked": True,
        "state": "admitted",
    }


async def test_somebody_else_behind_a_link_is_nobody_in_particular(relais: Relais, invite: Invite) -> None:
    invitation = await invite()

    page = await relais.browser().enter(invitation.token, identity="other")

    assert page.bootstrap["snapshot"]["participant"]["name"] is None
    assert not page.bootstrap["snapshot"]["participant"]["tracked"]
