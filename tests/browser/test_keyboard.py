"""The room and the console without a mouse."""

from __future__ import annotations

import pytest
from acting import THINKING, confirm, sign_in
from conftest import Opens
from played import ANSWERED, REP
from playwright.async_api import Page, expect

from server.demo import Links

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def focused(page: Page) -> str:
    """What has the focus: its id, or its name."""
    return await page.evaluate(
        "document.activeElement.id || document.activeElement.textContent.trim() || document.activeElement.tagName"
    )


async def live(rep: Page, hcp: Page, links: Links) -> None:
    """Both in a live session on its second slide."""
    await sign_in(rep, links.console, REP)
    await hcp.goto(links.hcp_room)
    await confirm(hcp)
    await rep.get_by_role("button", name="Faire entrer").click()
    await rep.get_by_role("button", name="Commencer").click()
    await rep.get_by_role("button", name="Suivante").click()
    await expect(hcp.locator("#slide")).to_have_attribute("data-number", "2")


async def test_the_room_is_walked_in_the_order_in_which_it_is_read(links: Links, opens: Opens) -> None:
    rep, hcp = await opens(), await opens()
    await live(rep, hcp, links)

    order = []
    for _ in range(18):
        await hcp.keyboard.press("Tab")
        order.append(await focused(hcp))

    stops = ["slide-previous", "full-screen", "Demander un MSL", "Signaler un effet indésirable", "log", "question"]
    places = [next((at for at, stop in enumerate(order) if wanted in stop), -1) for wanted in stops]
    assert -1 not in places, order
    assert places == sorted(places), order


async def test_a_question_is_asked_and_its_source_opened_by_keyboard_alone(links: Links, opens: Opens) -> None:
    rep, hcp = await opens(), await opens()
    await live(rep, hcp, links)
    await hcp.locator("#question").focus()
    await hcp.keyboard.type("Une première ligne")
    await hcp.keyboard.press("Shift+Enter")
    await expect(hcp.locator("#question")).to_have_value("Une première ligne\n")
    await hcp.locator("#question").fill("")
    await hcp.keyboard.type(ANSWERED)
    await hcp.keyboard.press("Enter")
    await expect(hcp.locator("#log .entry.reply")).to_have_count(1, timeout=THINKING)
    await expect(hcp.locator("#question")).to_be_focused()

    # Between the two: to whom one writes, and whether the answer was useful.
    for _ in range(6):
        await hcp.keyboard.press("Shift+Tab")
        if await hcp.locator(".source:focus").count():
            break
    source = await focused(hcp)
    await hcp.keyboard.press("Enter")

    await expect(hcp.locator("#passage mark").first).to_be_visible()
    await hcp.keyboard.press("Escape")
    await expect(hcp.locator("#passage")).to_be_hidden()
    assert await focused(hcp) == source


@pytest.mark.parametrize("dialog", ["person", "report"])
async def test_escape_closes_a_dialog_and_gives_the_focus_back(dialog: str, links: Links, opens: Opens) -> None:
    rep, hcp = await opens(), await opens()
    await live(rep, hcp, links)
    opener = hcp.locator(f"[data-opens={dialog}]:visible")
    await opener.focus()
    await hcp.keyboard.press("Enter")
    await expect(hcp.locator(f"#{dialog}-text")).to_be_focused()

    await hcp.keyboard.press("Escape")

    await expect(hcp.locator(f"#{dialog}")).to_be_hidden()
    await expect(opener).to_be_focused()


async def test_a_slide_shown_by_the_rep_does_not_move_the_focus(links: Links, opens: Opens) -> None:
    rep, hcp = await opens(), await opens()
    await live(rep, hcp, links)
    await hcp.locator("#question").focus()

    await rep.get_by_role("button", name="Suivante").click()

    await expect(hcp.locator("#slide-announcer")).to_contain_text("Diapositive 3 sur 15")
    await expect(hcp.locator("#question")).to_be_focused()


async def test_the_presenters_keys_rest_while_the_presenter_types(links: Links, opens: Opens) -> None:
    rep, hcp = await opens(), await opens()
    await live(rep, hcp, links)
    await rep.get_by_role("button", name="Signaler un effet indésirable").click()
    await rep.locator("#report-text").fill("Ce que l’on m’a dit")
    await rep.keyboard.press("ArrowLeft")
    await rep.keyboard.press("Home")
    await rep.keyboard.press("Escape")
    await rep.locator("h1").click()

    await rep.keyboard.press("PageDown")

    await expect(rep.locator("#counter")).to_have_text("3 / 15")
    await expect(hcp.locator("#slide")).to_have_attribute("data-number", "3")
