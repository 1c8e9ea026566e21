"""Sockets in hostile hands: nobody outlives their credential, and nobody who goes away takes the others with them."""

from __future__ import annotations

import asyncio

from furnished import Invite, Join
from running import Relais


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
