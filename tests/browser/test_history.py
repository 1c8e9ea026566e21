"""Where Back, Forward and another link lead: never to a form sent again, never into the wrong room, and out of the room again."""

from __future__ import annotations

import re

import pytest
from acting import confirm
from conftest import Axe, Look, Opens
from played import House, Playing
from playwright.async_api import expect
from running import Line
from watching import Watch

from server.people.reads import find_hcps

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _admit(rep: Line) -> None:
    arrived = (await rep.hears("hcp_arrived"))["participant_id"]
    assert (await rep.call("admit_hcp", {"participant_id": arrived}))["ok"]


async def test_back_from_the_room_leads_to_where_the_hcp_came_from(house: House, opens: Opens) -> None:
    """Seen to fail with the plain form on the confirming page: Back showed it again."""
    hugo = (await house.relais.store.read(find_hcps))[1]
    _, invited, rep = await Playing(house.relais).session(hugo.id)
    page = await opens("fr")
    await page.goto(f"{house.url}/sign-in")

    await page.goto(f"{house.url}/join#t={invited.token}")
    await confirm(page)
    await expect(page.get_by_role("heading", name="Le délégué va vous faire entrer")).to_be_visible()
    await _admit(rep)
    await expect(page.get_by_role("heading", name="Vous êtes entré")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Vous êtes entré")).to_be_visible()
    await page.go_back()
    assert page.url.endswith("/sign-in")
    await page.go_forward()
    await expect(page.get_by_role("heading", name="Vous êtes entré")).to_be_visible()
    # The same link, clicked again in this tab, is the same place.
    await page.goto(f"{house.url}/join?again#t={invited.token}")
    await expect(page.get_by_role("heading", name="Vous êtes entré")).to_be_visible()


async def test_back_to_the_code_offers_the_room_again(house: House, opens: Opens, axe: Axe, look: Look) -> None:
    hugo = (await house.relais.store.read(find_hcps))[1]
    _, invited, _ = await Playing(house.relais).session(hugo.id)
    page = await opens("fr")
    await page.goto(f"{house.url}/join?lang=fr")
    await page.locator("#code").fill(invited.code)
    await page.locator("form[action^='/join']:has(#code) button").click()
    await confirm(page)
    await expect(page.get_by_role("heading", name="Le délégué va vous faire entrer")).to_be_visible()

    await page.go_back()

    back = page.get_by_role("button", name="Y revenir")
    await expect(back).to_be_visible()
    await look(page, "join-there-already")
    assert await axe(page) == []
    await back.click()
    await expect(page.get_by_role("heading", name="Le délégué va vous faire entrer")).to_be_visible()


async def test_a_link_to_another_session_opens_its_own_confirming_page_and_room(
    house: House, opens: Opens, watch: Watch, axe: Axe, look: Look
) -> None:
    watch.expect("status of 400")
    hugo = (await house.relais.store.read(find_hcps))[1]
    playing = Playing(house.relais)
    _, first, old = await playing.session(hugo.id)
    _, invited, _ = await playing.session(hugo.id)
    page = await opens("fr")
    await page.goto(f"{house.url}/join#t={first.token}")
    await confirm(page)
    await _admit(old)
    await expect(page.get_by_role("heading", name="Vous êtes entré")).to_be_visible()
    await old.call("start_detailing")
    await old.call("end_detailing", {"reason": "Le médecin a été appelé en urgence."})
    await expect(page.locator("#summary-title")).to_be_visible()

    await page.goto(f"{house.url}/join?other#t={invited.token}")

    await expect(page.get_by_role("heading", name="Avant d’entrer")).to_be_visible()
    await confirm(page)
    await expect(page.get_by_role("heading", name=re.compile("va vous faire entrer"))).to_be_visible()
    # Elsewhere the old link says no more than that it is over.
    stranger = await opens("fr", 390)
    await stranger.goto(f"{house.url}/join#t={first.token}")
    await expect(stranger.get_by_role("heading", name="Cette rencontre est terminée")).to_be_visible()
    assert hugo.family_name not in await stranger.content()
    await look(stranger, "join-over")
    assert await axe(stranger) == []
