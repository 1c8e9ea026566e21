"""How many lines one address and one server may open, who counts as an address, and that nobody stands around without joining."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import aiohttp
import pytest
import socketio
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from furnished import Join, Room
from running import Relais

from server.edge import sockets
from server.edge.acts import MESSAGE_LIMIT
from server.edge.guard import address_of
from server.edge.keys import SETTINGS, SOCKETS
from server.edge.limits import Crowd
from server.settings import Settings

HANDSHAKE = "/socket.io/?EIO=4&transport="


@pytest.fixture
def database(tmp_path: Path) -> str:
    """One is enough: nothing here reaches the store."""
    return str(tmp_path / "relais.db")


@pytest.fixture
def proxies() -> tuple[str, ...]:
    """No proxy is trusted."""
    return ()


@pytest.fixture
def settings(settings: Settings, proxies: tuple[str, ...]) -> Settings:
    """Three lines from one address."""
    return replace(settings, sockets_per_address=3, trusted_proxies=tuple(map(ip_network, proxies)))


class Crowding:
    """Somebody who opens one line after the other, and keeps them open until the end."""

    def __init__(self, relais: Relais, session: aiohttp.ClientSession) -> None:
        self._url, self._session = relais.url + HANDSHAKE, session
        self._held: list[aiohttp.ClientWebSocketResponse] = []

    async def come(self, transport: str = "websocket", address: str = "") -> int:
        """The status of one more handshake."""
        headers = {"X-Forwarded-For": address} if address else {}
        if transport == "polling":
            async with self._session.get(self._url + transport, headers=headers) as answer:
                if answer.status == 503:
                    assert (await answer.json())["code"] == "busy"
                    assert answer.headers["Retry-After"] == "2"
                return answer.status
        try:
            self._held.append(await self._session.ws_connect(self._url + transport, headers=headers))
        except aiohttp.WSServerHandshakeError as refused:
            return refused.status
        return 101


@pytest.fixture
async def crowding(relais: Relais) -> AsyncIterator[Crowding]:
    """One who does that."""
    async with aiohttp.ClientSession() as session:
        yield Crowding(relais, session)


@pytest.mark.parametrize("transport", ["polling", "websocket"])
async def test_an_address_opens_so_many_lines_and_no_more_and_a_claimed_one_is_not_believed(
    transport: str, crowding: Crowding
) -> None:
    """With the claim believed from everybody, all five came in: seen once."""
    came = await asyncio.gather(*(crowding.come(transport, f"203.0.113.{number}") for number in range(5)))

    opened = 200 if transport == "polling" else 101
    assert sorted(came) == [opened] * 3 + [503] * 2


async def test_a_line_that_is_gone_makes_room_for_another(relais: Relais, crowding: Crowding) -> None:
    async with aiohttp.ClientSession() as session:
        another = Crowding(relais, session)
        assert [await another.come() for _ in range(4)] == [101, 101, 101, 503]
    async with asyncio.timeout(5):
        while not relais.app[SOCKETS].crowd.has_room_for("127.0.0.1"):
            await asyncio.sleep(0.01)

    assert [await crowding.come() for _ in range(4)] == [101, 101, 101, 503]


async def test_a_server_takes_so_many_lines_in_all(crowding: Crowding, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Crowd, "IN_ALL", 2)

    assert [await crowding.come() for _ in range(3)] == [101, 101, 503]


class TestBehindAProxy:
    """The machine itself is the proxy."""

    @pytest.fixture
    def proxies(self) -> tuple[str, ...]:
        """It is trusted, and so is a whole network of others."""
        return ("127.0.0.1", "10.0.0.0/8")

    async def test_everybody_behind_it_is_counted_by_themselves(self, crowding: Crowding) -> None:
        came = [await crowding.come(address="203.0.113.1") for _ in range(4)]
        came.append(await crowding.come(address="198.51.100.7, 203.0.113.2"))

        assert came == [101, 101, 101, 503, 101]

    @pytest.mark.parametrize(
        ("claim", "believed"),
        [
            ("203.0.113.1", "203.0.113.1"),
            ("198.51.100.7, 203.0.113.1", "203.0.113.1"),
            ("198.51.100.7, 203.0.113.1, 10.1.2.3", "203.0.113.1"),
            ("198.51.100.7, unknown", "127.0.0.1"),
            ("10.1.2.3", "10.1.2.3"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("::ffff:203.0.113.1", "203.0.113.1"),
            ("", "127.0.0.1"),
        ],
    )
    def test_the_last_hop_that_is_not_trusted_is_who_asks(self, claim: str, believed: str, settings: Settings) -> None:
        app = web.Application()
        app[SETTINGS] = settings
        request = make_mocked_request("GET", "/", {"X-Forwarded-For": claim}, app=app)

        assert address_of(request.clone(remote="127.0.0.1")) == believed


async def test_who_opens_a_line_and_joins_nothing_is_cut_and_who_joined_stays(
    relais: Relais, join: Join, detailing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nobody shown out, this waits in vain: seen once."""
    monkeypatch.setattr(sockets, "HEARTBEAT", 0.1)
    monkeypatch.setattr(Crowd, "SECONDS_TO_JOIN", 0.5)
    await relais.restart()
    joined = await join("rep")
    ticketed = await joined.browser.connect("rep", await joined.browser.ticket(detailing_id=detailing))

    async with aiohttp.ClientSession() as session, session.ws_connect(relais.url + HANDSHAKE + "websocket") as silent:
        async with asyncio.timeout(5):
            while (await silent.receive()).type not in (
                aiohttp.WSMsgType.CLOSE,
                aiohttp.WSMsgType.CLOSED,
                aiohttp.WSMsgType.ERROR,
            ):
                pass
    await ticketed.gone()

    assert (await joined.call("start_detailing"))["ok"]


async def test_a_message_that_is_larger_than_any_needs_to_be_ends_its_line_and_nobody_elses(room: Room) -> None:
    with pytest.raises(socketio.exceptions.SocketIOError):
        await room.hcp._client.call("ask_question", {"text": "x" * MESSAGE_LIMIT}, namespace="/hcp", timeout=0.2)

    await room.hcp.gone()
    assert (await room.rep.call("show_slide", {"number": 2}))["ok"]
