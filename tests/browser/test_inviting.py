"""Inviting and letting in, as the rep and the HCP see it: who is invited, what is handed over, who stays out."""

from __future__ import annotations

import re

import pytest
from acting import enter_by_code
from conftest import Axe, Look, Opens
from played import REP, House, Playing
from playwright.async_api import Page, expect
from watching import Watch

from server.people.reads import find_hcps

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _as_rep(house: House, opens: Opens, path: str, lang: str = "fr") -> Page:
    page = await opens(lang)
    await page.context.add_cookies([await house.cookie(REP)])
    await page.goto(f"{house.url}{path}?lang={lang}")
    return page


@pytest.mark.parametrize("lang", ["fr", "en"])
async def test_an_invitation_is_handed_over_sent_again_and_revoked(
    lang: str, house: House, opens: Opens, axe: Axe, look: Look
) -> None:
    hcps = await house.relais.store.read(find_hcps)
    detailing, _, _ = await Playing(house.relais).session(hcps[0].id)
    page = await _as_rep(house, opens, f"/console/{detailing}/invitations", lang)
    await page.locator("#hcp_id").select_option(hcps[1].id)
    await page.locator(f"form[action='/console/{detailing}/invitations'] button").click()

    letters = await page.locator("a[href^='mailto:']").all()
    async with page.expect_download() as downloading:
        await page.locator("form[action$='/calendar'] button").click()
    assert (await downloading.value).suggested_filename == "relais.ics"
    assert [re.search(r"body=\S*join%23t%3D", await letter.get_attribute("href") or "") is not None for letter in letters] == [
        True
    ] * 2
    await look(page, "invited")
    assert await axe(page) == []

    await page.goto(f"{house.url}/console/{detailing}/invitations?lang={lang}")
    await page.locator("form[action$='/revoke'] button").first.click()
    await expect(page.locator("a[href$='cancellation.ics']")).to_have_count(1)
    await expect(page.locator("form[action$='/revoke']")).to_have_count(1)
    await look(page, "invitations")
    assert await axe(page) == []


async def test_a_second_device_is_flagged_let_in_again_removed_and_told(
    house: House, opens: Opens, watch: Watch, axe: Axe, look: Look
) -> None:
    # The slides of whoever was removed are not sent to them any more.
    watch.expect("status of 400")
    claire = (await house.relais.store.read(find_hcps))[0]
    detailing, invited, rep = await Playing(house.relais).session(claire.id)
    await rep.call("start_detailing")
    console = await _as_rep(house, opens, f"/console/{detailing}")
    first = await opens("fr")
    await first.goto(f"{house.url}/join")
    await enter_by_code(first, invited.code)
    await console.get_by_role("button", name="Faire entrer", exact=True).click()
    await expect(first.locator("#slide")).to_be_visible()

    second = await opens("fr", 390)
    await second.goto(f"{house.url}/join")
    await second.locator("#code").fill(invited.code)
    await second.locator("form[action^='/join'] button[type=submit]").click()
    await expect(second.get_by_text("Je suis la personne invitée")).to_be_visible()
    assert claire.family_name not in await second.content()
    await look(second, "confirm-used")
    assert await axe(second) == []
    await second.locator("input[name=identity][value=me]").check()
    await second.locator("input[name=tracking][value=yes]").check()
    await second.locator("form[action^='/room'] button[type=submit]").first.click()

    await expect(console.get_by_text("Ce lien a été ouvert sur un autre appareil")).to_be_visible()
    await console.get_by_role("button", name="Verrouiller l’entrée").click()
    await expect(console.locator("#locked")).to_be_visible()
    await look(console, "console-second-device")
    assert await axe(console) == []
    await console.get_by_role("button", name="Faire entrer", exact=True).click()
    await expect(second.locator("#slide")).to_be_visible()

    await console.get_by_role("button", name=f"Retirer {claire.name}").click()
    await look(console, "console-removing")
    assert await axe(console) == []
    await console.locator("#removing button[value=remove]").click()
    for page in (first, second):
        await expect(page.get_by_role("heading", name="Votre participation a pris fin")).to_be_visible()
    await look(second, "room-removed")
    assert await axe(second) == []
