"""Sockets in hostile hands: nobody outlives their credential, and nobody who goes away takes the others with them."""

from __future__ import annotations

import asyncio

import pytest
from furnished import Invite, Join, Room
from running import Relais


@pytest.mark.parametrize("name", ["connect", "disconnect"])
async def test_an_event_named_like_the_engines_own_is_an_unknown_command(name: str, room: Room) -> None:
    answer = await room.rep.say(name, {})

    assert answer["code"] == "unknown_command"


async def test_who_says_that_they_are_gone_is_still_cut_when_they_sign_out(room: Room) -> None:
    await room.rep.say("disconnect", {})

    await room.rep.browser.post("/sign-out")

    await room.rep.gone()


async def test_closing_many_tabs_while_being_let_in_leaves_everybody_else_informed(
    relais: Relais, join: Join, invite: Invite
) -> None:
    rep, watcher = await join("rep"), relais.browser()
    await watcher.enter((await invite()).token)
    tabs = [await watcher.line("hcp") for _ in range(12)]
    assert (await rep.call("admit_hcp", {"participant_id": tabs[0].snapshot["participant"]["id"]}))["ok"]
    await tabs[0].hears("admission_granted")
    await asyncio.gather(*(tab.close() for tab in tabs))

    assert (await rep.call("start_detailing"))["ok"]

    await rep.hears("detailing_started")
