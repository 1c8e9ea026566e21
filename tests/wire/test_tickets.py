"""A socket opens with a ticket: once, soon, for one namespace."""

from __future__ import annotations

import pytest
from furnished import Join, Room, SignedIn
from running import Relais
from socketio.exceptions import ConnectionError as NotLetIn


async def test_a_ticket_opens_one_socket_and_no_second(room: Room) -> None:
    browser = room.rep.browser
    ticket = await browser.ticket(detailing_id=room.detailing_id)
    await browser.connect("rep", ticket)

    with pytest.raises(NotLetIn):
        await browser.connect("rep", ticket)


async def test_a_ticket_runs_out(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.edge.tickets.LIFETIME", 0.0)
    ticket = await room.hcp.browser.ticket()

    with pytest.raises(NotLetIn):
        await room.hcp.browser.connect("hcp", ticket)


@pytest.mark.parametrize("namespace", ["rep", "msl"])
async def test_a_ticket_of_an_hcp_opens_no_other_namespace(namespace: str, room: Room) -> None:
    ticket = await room.hcp.browser.ticket()

    with pytest.raises(NotLetIn):
        await room.hcp.browser.connect(namespace, ticket)


@pytest.mark.parametrize("ticket", [None, "", "guessed", 17, ["a"], {"a": 1}])
async def test_without_a_ticket_nobody_is_let_in(ticket: object, relais: Relais) -> None:
    with pytest.raises(NotLetIn):
        await relais.browser().connect("hcp", ticket)


@pytest.mark.parametrize("origin", ["https://elsewhere.invalid", "null"])
async def test_a_socket_from_a_page_of_another_site_is_refused(origin: str, room: Room) -> None:
    ticket = await room.hcp.browser.ticket()

    with pytest.raises(NotLetIn):
        await room.hcp.browser.connect("hcp", ticket, headers={"Origin": origin})


async def test_a_socket_from_our_own_pages_is_let_in(room: Room, relais: Relais) -> None:
    ticket = await room.hcp.browser.ticket()

    line = await room.hcp.browser.connect("hcp", ticket, headers={"Origin": relais.url})

    assert (await line.join({}))["ok"]


async def test_signing_out_closes_the_sockets_behind_the_session(room: Room) -> None:
    await room.rep.browser.post("/sign-out")

    await room.rep.gone()


async def test_nobody_gets_a_ticket_without_proof_of_who_they_are(relais: Relais) -> None:
    answer = await relais.browser().post("/api/ticket", json={})

    assert (answer.status, answer.json()["code"]) == (401, "not_signed_in")


async def test_a_rep_gets_no_ticket_for_the_desk(rep: object, sign_in: SignedIn) -> None:
    answer = await (await sign_in(rep)).post("/api/ticket", json={})

    assert (answer.status, answer.json()["code"]) == (403, "not_allowed")


async def test_a_message_too_long_for_the_wire_closes_the_line(join: Join) -> None:
    hcp = await join("hcp")

    await hcp.send("report_adverse_event", {"text": "a" * 70_000})

    await hcp.gone()
