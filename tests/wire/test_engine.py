"""The engine as it is set: no deflate, and queues that end."""

from __future__ import annotations

import aiohttp
import pytest
from furnished import Room
from running import Relais

from server.detailing.messages.presenting import SlideShown
from server.store import Transaction


async def test_compression_is_not_negotiated_even_with_a_browser_that_offers_it(relais: Relais) -> None:
    """One zlib context and one deflate run per recipient is what it would cost."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{relais.url}/socket.io/?EIO=4&transport=websocket", compress=15) as line,
    ):
        assert line.compress == 0
        assert (await line.receive_str()).startswith("0{")


async def test_a_client_that_stops_reading_is_cut_and_everybody_else_goes_on(
    room: Room, relais: Relais, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `_cut_those_who_stopped_reading` left out, nobody is cut and this waits in vain: seen once."""
    monkeypatch.setattr("server.edge.sockets.QUEUE_LIMIT", 16)
    room.hcp.stop_reading()

    for number in range(400):
        await relais.store.change(_announce_much, room.detailing_id, number)

    await room.rep.until(lambda: any(not presence["connected"] for presence in room.rep.bodies("presence_changed")))
    shown = [fact["body"]["number"] for fact in room.rep.facts if fact["body"].get("title", "").startswith("xxx")]
    await room.rep.until(lambda: len(room.rep.bodies("slide_shown")) >= 401)
    assert shown == sorted(shown)


def _announce_much(tx: Transaction, detailing_id: str, number: int) -> None:
    tx.announce(detailing_id, SlideShown(number=1 + number, title="x" * 40_000))
