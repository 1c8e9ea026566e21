"""Being let in opens the room, whatever the HCP's page is doing at that moment."""

from __future__ import annotations

import asyncio
import threading

import pytest
from furnished import Invite, Join
from running import PATIENCE, Relais

from server.edge import sockets


async def test_who_is_let_in_while_their_page_is_joining_hears_the_room(
    relais: Relais, join: Join, invite: Invite, monkeypatch: pytest.MonkeyPatch
) -> None:
    rep = await join("rep")
    browser = relais.browser()
    bootstrap = (await browser.enter((await invite()).token)).bootstrap
    hcp = await browser.connect("hcp", await browser.ticket())
    read, admitted = threading.Event(), threading.Event()

    def slowly(*asked: object) -> list[str]:
        streams: list[str] = found(*asked)
        read.set()
        assert admitted.wait(PATIENCE)
        return streams

    found = sockets.streams_of
    monkeypatch.setattr(sockets, "streams_of", slowly)
    joining = asyncio.create_task(hcp.join({}))
    assert await asyncio.to_thread(read.wait, PATIENCE)
    assert (await rep.call("admit_hcp", {"participant_id": bootstrap["snapshot"]["participant"]["id"]}))["ok"]
    admitted.set()
    await joining

    assert (await rep.call("start_detailing"))["ok"]

    await hcp.hears("slide_shown")
