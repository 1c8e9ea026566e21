"""Calls: who may be in one, who is told what, and what ends somebody's part in it. What browsers say passes through unread."""

from __future__ import annotations

import base64
import hmac
from dataclasses import replace
from typing import Any

import furnished
import pytest
from furnished import Account, Invite, Join, Room
from running import Line, Relais

from server.edge import calls
from server.settings import Settings, UnsafeSettings, from_environment
from server.store import new_id

OFFER = {"type": "offer", "sdp": "v=0"}
CANDIDATE = {"candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host", "medium": "0", "line": 0, "fragment": "f"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A server that knows a relay."""
    return replace(
        settings, stun_urls=("stun:stun.invalid",), turn_urls=("turn:relay.invalid?transport=udp",), turn_secret="shared"
    )


async def enter(
    line: Line, *, entry: str = "", joins: bool = True, microphone: bool = True, camera: bool = True
) -> dict[str, Any]:
    """Say that this page is in the call."""
    return await line.call("in_call", {"entry": entry or new_id(), "joins": joins, "microphone": microphone, "camera": camera})


async def roster(line: Line, *names: str | None) -> list[dict[str, Any]]:
    """Who is in the call, once it is exactly these."""

    def last() -> list[dict[str, Any]]:
        changes = line.bodies("call_changed")
        return changes[-1]["people"] if changes else []

    await line.until(lambda: [person["name"] for person in last()] == list(names))
    return last()


async def both(room: Room) -> list[dict[str, Any]]:
    """Rep and HCP are in the call."""
    assert (await enter(room.rep))["ok"]
    assert (await enter(room.hcp, camera=False))["ok"]
    return await roster(room.rep, "Camille Fictive", "Dr Claire Fictif-Martin")


async def test_who_joins_is_seen_with_microphone_and_camera_and_each_change_of_them(room: Room) -> None:
    rep, hcp = await both(room)
    assert (hcp["role"], hcp["microphone"], hcp["camera"]) == ("hcp", True, False)

    await enter(room.hcp, entry=hcp["entry"], joins=False, microphone=False)

    await room.rep.until(
        lambda: (
            [body["people"] for body in room.rep.bodies("call_changed")][-1:]
            == [[rep, {**hcp, "microphone": False, "camera": True}]]
        )
    )
    await roster(room.hcp, "Camille Fictive", "Dr Claire Fictif-Martin")


async def test_what_one_browser_says_reaches_the_one_it_is_for_alone(room: Room, join: Join) -> None:
    colleague = await join("colleague")
    rep, hcp = await both(room)
    await enter(colleague)
    to = {"to": hcp["id"], "entry": hcp["entry"]}

    assert (await room.rep.call("tell_peer", {**to, "description": OFFER}))["ok"]
    assert (await room.rep.call("tell_peer", {**to, "candidate": CANDIDATE}))["ok"]

    assert await room.hcp.hears("peer_told", 2) == {"entry": rep["entry"], "description": None, "candidate": CANDIDATE}
    assert room.hcp.bodies("peer_told")[0]["description"] == OFFER
    await room.rep.call("show_slide", {"number": 2})
    await colleague.hears("slide_shown")
    assert colleague.bodies("peer_told") == room.rep.bodies("peer_told") == []


async def test_nobody_speaks_to_those_in_a_call_from_outside_it(
    room: Room, join: Join, relais: Relais, deck: str, rep: Account
) -> None:
    """Seen to fail, as it must: without looking for the speaker in the same call, both were passed on."""
    _, hcp = await both(room)
    to = {"to": hcp["id"], "entry": hcp["entry"], "description": OFFER}
    outside = await join("rep")
    elsewhere = await join("rep", detailing_id=await furnished.plan(relais, rep, deck))
    await enter(elsewhere)

    refused = [(await line.call("tell_peer", to))["code"] for line in (outside, elsewhere)]

    assert refused == ["not_in_the_call"] * 2
    assert room.hcp.bodies("peer_told") == []


async def test_only_those_in_the_room_may_call(room: Room, join: Join, invite: Invite, relais: Relais, msl: Account) -> None:
    waiting = await join("hcp", invitation=await invite(hcp_id=await furnished.hcp(relais, "Hugo", "Fictif-Bernard")))
    desk = await join("msl", by=msl)

    assert (await enter(waiting))["code"] == "not_admitted"
    assert (await enter(desk))["code"] == "not_found"
    assert (await enter(room.rep))["ok"]
    await room.rep.call("show_slide", {"number": 2})
    await room.hcp.hears("slide_shown", 2)
    assert waiting.bodies("call_seen") == []


async def test_a_call_is_seen_by_all_in_the_room_and_its_people_by_those_in_it_and_the_rep(room: Room, join: Join) -> None:
    colleague = await join("colleague")
    await enter(colleague)

    assert await room.hcp.hears("call_seen") == {"people": 1}
    await roster(room.rep, "Sacha Exemple")
    await room.hcp.join({})
    assert await room.hcp.hears("call_seen", 2) == {"people": 1}
    assert room.hcp.bodies("call_changed") == []


async def test_the_fifth_person_is_told_that_the_call_is_full(room: Room, join: Join, relais: Relais) -> None:
    await both(room)
    for name in ("Robin Exemple", "Noa Exemple"):
        await enter(await join("colleague", by=await furnished.account(relais, name, "msl")))

    refused = await enter(await join("colleague", by=await furnished.account(relais, "Jo Exemple", "msl")))

    assert (refused["code"], refused["message"]) == ("call_full", "L’appel est complet (4 personnes).")


async def test_a_second_page_of_the_same_person_takes_the_call_over(room: Room, join: Join) -> None:
    rep, hcp = await both(room)
    second = await join("rep")

    assert (await enter(second))["ok"]

    assert await room.rep.hears("call_lost") == {"reason": "elsewhere"}
    before, now = await roster(room.hcp, "Dr Claire Fictif-Martin", "Camille Fictive")
    assert before == hcp
    assert now["entry"] != rep["entry"]
    assert (await enter(room.rep, entry=rep["entry"], joins=False))["code"] == "call_elsewhere"


async def test_a_line_that_is_cut_keeps_its_place_until_patience_ends(
    room: Room, join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail, as it must: ended with the line itself, the entry was gone before the page could come back."""
    rep, _ = await both(room)
    await room.rep.close()
    again = await join("rep")
    await roster(again, "Camille Fictive", "Dr Claire Fictif-Martin")
    assert (await enter(again, entry=rep["entry"], joins=False))["ok"]
    assert again.bodies("call_lost") == []

    monkeypatch.setattr(calls, "PATIENCE", 0.0)
    await again.close()

    await roster(room.hcp, "Dr Claire Fictif-Martin")


async def test_who_is_removed_leaves_the_call_at_once(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail, as it must: without `Calls.heard` they stayed in it, as somebody whose line is cut."""
    monkeypatch.setattr(calls, "PATIENCE", float("inf"))
    await both(room)

    await room.rep.call("remove_hcp", {"participant_id": room.participant_id})

    await roster(room.rep, "Camille Fictive")


async def test_the_end_of_the_session_is_the_end_of_the_call(room: Room) -> None:
    await both(room)

    assert (await room.rep.call("end_detailing", {"reason": "Fini."}))["ok"]

    assert await room.hcp.hears("call_lost") == {"reason": "over"}
    assert (await enter(room.hcp))["code"] == "already_ended"


async def test_hanging_up_leaves_the_others_in_the_call(room: Room) -> None:
    await both(room)

    assert (await room.hcp.call("leave_call", {}))["ok"]

    await roster(room.rep, "Camille Fictive")
    assert await room.hcp.hears("call_seen", 3) == {"people": 1}


async def test_an_hcp_without_tracking_has_no_name_in_the_call(join: Join) -> None:
    rep, hcp = await join("rep"), await join("hcp", tracking=False)
    await rep.call("admit_hcp", {"participant_id": hcp.snapshot["participant"]["id"]})

    await enter(hcp)

    await roster(rep, None)


async def test_only_who_opens_a_call_gets_a_password_for_the_relay_and_it_ends(room: Room, relais: Relais) -> None:
    stun, relay = (await enter(room.hcp))["ice"]

    assert stun == {"urls": ["stun:stun.invalid"]}
    expires, _, person = relay["username"].partition(":")
    assert person == room.participant_id
    assert relay["credential"] == base64.b64encode(hmac.digest(b"shared", relay["username"].encode(), "sha1")).decode()
    assert int(expires) > 0
    page = await room.hcp.browser.post("/room", data={"bearer": room.hcp.browser.bearer})
    assert "relay.invalid" not in page.text
    assert calls.ice(relais.settings, "p", 1000)[1]["username"] == "4600:p"


async def test_what_is_too_large_too_much_or_says_nothing_is_refused(room: Room) -> None:
    _, hcp = await both(room)
    to = {"to": hcp["id"], "entry": hcp["entry"]}
    large = {"type": "offer", "sdp": "a" * (32 * 1024 + 1)}

    codes = [(await room.rep.call("tell_peer", {**to, **said}))["code"] for said in ({"description": large}, {})]
    for _ in range(300):
        await room.rep.send("tell_peer", {**to, "candidate": CANDIDATE})

    assert codes == ["malformed", "malformed"]
    assert (await room.rep.call("tell_peer", {**to, "candidate": CANDIDATE}))["code"] == "busy"


async def test_camera_and_microphone_are_open_to_pages_of_a_session_alone(room: Room) -> None:
    pages = {
        "(self)": [
            await room.hcp.browser.post("/room", data={"bearer": room.hcp.browser.bearer}),
            await room.rep.browser.get(f"/console/{room.detailing_id}"),
        ],
        "()": [await room.rep.browser.get(path) for path in ("/join", "/console", "/sign-in")],
    }

    for open_to, found in pages.items():
        for page in found:
            assert page.headers["Permissions-Policy"] == f"camera={open_to}, microphone={open_to}", page.url


def test_relays_without_their_secret_are_refused_at_the_start(tmp_path: Any) -> None:
    with pytest.raises(UnsafeSettings, match="RELAIS_TURN_SECRET"):
        from_environment({"RELAIS_FOLDER": str(tmp_path), "RELAIS_TURN_URLS": "turn:relay.invalid"})
