"""The engine as it is set: no deflate, queues that end, and one order for everybody, on the short way and on the engine's own."""

from __future__ import annotations

import asyncio
import logging
import random
import socket
from pathlib import Path

import aiohttp
import pytest
from furnished import Join, Room
from running import Line, Relais

from server.detailing.messages.presenting import SlideShown
from server.edge import broadcast
from server.edge.keys import SOCKETS
from server.store import Transaction
from server.store.messages import ROOM

FACTS = 400
LARGE = "x" * 100_000


@pytest.fixture(params=["sqlite"])
def database(tmp_path: Path) -> str:
    """One is enough: what happens here happens after the commit."""
    return str(tmp_path / "relais.db")


@pytest.fixture(params=["direct", "stock"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Frames written directly, or everything the engine's own way."""
    if request.param == "stock":
        monkeypatch.setattr(broadcast, "engine_fits", lambda: False)
    return str(request.param)


async def test_compression_is_not_negotiated_even_with_a_browser_that_offers_it(relais: Relais) -> None:
    """One zlib context and one deflate run per recipient is what it would cost."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{relais.url}/socket.io/?EIO=4&transport=websocket", compress=15) as line,
    ):
        assert line.compress == 0
        assert (await line.receive_str()).startswith("0{")


async def test_everybody_hears_everything_once_and_in_order_whether_they_read_stall_or_poll(
    room: Room, join: Join, relais: Relais, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sleepers stall past every buffer and wake up again and again, so their connections go from direct to queued and back."""
    monkeypatch.setattr(broadcast, "QUEUE_LIMIT", 10 * FACTS)
    monkeypatch.setattr(broadcast, "BYTES_LIMIT", FACTS * len(LARGE))
    _narrow(relais)
    sleepers = [await join("rep"), await join("rep"), await join("rep")]
    members = [room.rep, room.hcp, *sleepers]
    for transports in (["polling"], ["polling", "websocket"]):
        ticket = await room.rep.browser.ticket(detailing_id=room.detailing_id)
        members.append(await room.rep.browser.connect("rep", ticket, transports=transports))
        await members[-1].join({})
    chance, server = random.Random(20), relais.app[SOCKETS].server

    for number in range(FACTS):
        words = {
            "stream": "test",
            "seq": number,
            "name": "said",
            "body": {"text": LARGE[: chance.choice((10, 1_000, len(LARGE)))]},
        }
        for namespace in ("/rep", "/hcp"):
            await server.emit("fact", words, room=ROOM.of(room.detailing_id), namespace=namespace)
        for awake, sleeper in enumerate(sleepers):
            if number % 100 == 20 * awake:
                sleeper.stop_reading()
            if number % 100 == 20 * awake + 50:
                sleeper.read_on()
        await asyncio.sleep(0)

    for line in members:
        await line.until(lambda line=line: _numbers(line)[-1:] == [FACTS - 1])  # type: ignore[misc]
        assert _numbers(line) == list(range(FACTS))
    # A poll that waits when its client hangs up is answered by nobody; one that is told to leave ends at once.
    await room.rep.browser.post("/sign-out")
    await members[-1].gone()
    await members[-2].gone()


@pytest.mark.parametrize("limits", [{"QUEUE_LIMIT": 16}, {"BYTES_LIMIT": 16 * len(LARGE), "QUEUE_LIMIT": 100}])
async def test_a_client_that_stops_reading_is_cut_and_everybody_else_goes_on(
    room: Room, relais: Relais, limits: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `Bounded.emit` not looking at the queues, and with `Broadcast.emit` not cutting, this waits in vain: seen once."""
    for name, limit in limits.items():
        monkeypatch.setattr(broadcast, name, limit)
    room.hcp.stop_reading()

    for number in range(200):
        await relais.store.change(_announce_much, room.detailing_id, number)

    await room.rep.until(lambda: any(not presence["connected"] for presence in room.rep.bodies("presence_changed")))
    shown = [fact["body"]["number"] for fact in room.rep.facts if fact["body"].get("title", "").startswith("xxx")]
    await room.rep.until(lambda: len(room.rep.bodies("slide_shown")) >= 201)
    assert shown == sorted(shown)
    room.hcp.read_on()


def test_an_engine_of_another_shape_is_noticed_and_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.undo()
    assert broadcast.engine_fits()

    monkeypatch.setattr(broadcast.WebSocketWriter, "_write_websocket_frame", lambda writer, *_: writer.transport.write(b"else"))
    with caplog.at_level(logging.WARNING):
        assert not broadcast.engine_fits()

    assert "the engine's own, slower way" in caplog.text


def _announce_much(tx: Transaction, detailing_id: str, number: int) -> None:
    tx.announce(detailing_id, SlideShown(number=1 + number, title=LARGE))


def _narrow(relais: Relais) -> None:
    """Connections made from now on keep little in the kernel, so that stalls reach the server's own buffers soon."""
    (site,) = relais._runner.sites
    for listening in site._server.sockets:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 256 * 1024)


def _numbers(line: Line) -> list[int]:
    return [fact["seq"] for fact in line.facts if fact["stream"] == "test"]
