"""The rep shows, everyone in the room sees."""

from __future__ import annotations

from furnished import Join, Room


async def test_slides_reach_the_hcp_in_the_order_in_which_they_are_shown(room: Room) -> None:
    for number in (2, 3, 1, 4):
        await room.rep.call("show_slide", {"number": number})

    await room.hcp.until(lambda: [shown["number"] for shown in room.hcp.bodies("slide_shown")][-4:] == [2, 3, 1, 4])


async def test_a_slide_outside_the_deck_is_refused(room: Room) -> None:
    answer = await room.rep.call("show_slide", {"number": 99})

    assert answer == {"ok": False, "code": "unknown_slide", "message": "Cette diapositive n’existe pas dans ce support."}


async def test_a_slide_of_a_session_that_has_not_begun_is_refused(join: Join) -> None:
    rep = await join("rep")

    assert (await rep.call("show_slide", {"number": 1}))["code"] == "not_live"
