"""A rehearsal as its rep sees it: one click from the list, another for the HCP's page, and its mark all over the screen."""

from __future__ import annotations

import pytest
from acting import THINKING
from conftest import Axe, Look, Opens
from played import REP, REPORT, House
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")

WORDS = {
    "fr": ("Répétition", "rien n’est enregistré comme contact", "Ouvrir la vue du PS", "Répéter encore"),
    "en": ("Rehearsal", "nothing is recorded as a contact", "Open the HCP’s view", "Rehearse again"),
}


@pytest.mark.parametrize("lang", ["fr", "en"])
async def test_a_rehearsal_is_marked_all_over_both_screens_and_asks_whether_a_case_is_real(
    lang: str, house: House, opens: Opens, axe: Axe, look: Look
) -> None:
    mark, nothing, open_view, again = WORDS[lang]
    rep = await opens(lang)
    await rep.context.add_cookies([await house.cookie(REP)])
    await rep.goto(f"{house.url}/console?lang={lang}")
    await rep.locator("[aria-labelledby=rehearse-title] form button").first.click()
    await expect(rep.locator(".rehearsal-band")).to_contain_text(nothing)

    async with rep.context.expect_page() as opening:
        await rep.get_by_role("button", name=open_view).click()
    hcp = await opening.value
    await expect(hcp.locator(".notice.warning")).to_contain_text(nothing.split()[-1])
    await look(hcp, "rehearsal-confirm")
    await hcp.locator("form[action^='/room'] button[type=submit]").click()
    await expect(rep.locator("#lobby")).to_contain_text(mark)
    await look(rep, "rehearsal-console-lobby")
    await rep.locator("#lobby-list [data-act=admit]").click()
    await rep.locator("#start").click()
    await expect(hcp.locator("#slide")).to_be_visible()
    await hcp.locator("#question").fill(REPORT)
    await hcp.locator("#question").press("Enter")
    asked = hcp.locator("#log .entry.reply .notice.warning")
    await expect(asked).to_be_visible(timeout=THINKING)

    for page, panes in (
        (rep, "#participants-title, #offers-title, #questions-title, .controls, #script-title"),
        (hcp, ".stage-bar, .conversation-head"),
    ):
        assert mark in await page.title()
        await expect(page.locator(".rehearsal-band")).to_contain_text(nothing)
        for pane in await page.locator(panes).all():
            await expect(pane.locator(".rehearsal-mark")).to_contain_text(mark)
    await look(rep, "rehearsal-console")
    await look(hcp, "rehearsal-room")
    assert await axe(rep) == []
    assert await axe(hcp) == []
    await asked.get_by_role("button").click()
    await expect(hcp.locator("#report-text")).to_have_value(REPORT)
    await expect(hcp.locator("#report .notice.warning")).to_be_visible()
    await hcp.keyboard.press("Escape")

    await rep.locator("#end").click()
    await rep.locator("#ending button[value=end]").click()
    await expect(rep.get_by_role("button", name=again)).to_be_visible()
    await expect(rep.locator("a[href$='/report']")).to_have_count(0)
    await expect(hcp.locator("#summary-title")).to_be_visible()
    await look(rep, "rehearsal-console-ended")
    await look(hcp, "rehearsal-summary")
    assert await axe(rep) == []
    assert await axe(hcp) == []
