"""What a rep may look at before starting: each line with an icon, words, and what to do."""

from __future__ import annotations

import pytest
from conftest import Axe, Look, Opens
from played import REP, House
from playwright.async_api import Page, expect
from watching import Watch

pytestmark = pytest.mark.asyncio(loop_scope="session")

DEVICES = """devices => {
    Object.defineProperty(navigator, 'mediaDevices', {value: {getUserMedia: async () => {
        if (devices === 'refused') throw new DOMException('no', 'NotAllowedError');
        const canvas = document.createElement('canvas');
        canvas.getContext('2d').fillRect(0, 0, 9, 9);
        const sound = new AudioContext().createMediaStreamDestination().stream;
        window.given = new MediaStream([...canvas.captureStream().getTracks(), ...sound.getTracks()]);
        return window.given;
    }}});
}"""


async def _checking(house: House, opens: Opens, lang: str = "fr") -> Page:
    page = await opens(lang)
    await page.context.add_cookies([await house.cookie(REP)])
    await page.goto(f"{house.url}/console/{house.played.planned}?lang={lang}")
    await expect(page.locator("#start")).to_be_enabled()
    await page.locator("#check-open").click()
    return page


async def _stands(page: Page, subject: str, state: str) -> None:
    await expect(page.locator(f"[data-check={subject}] [data-state]:visible")).to_have_attribute("data-state", state)


@pytest.mark.parametrize("lang", ["fr", "en"])
async def test_line_slides_browser_and_screen_are_found_good_and_devices_on_a_click(
    lang: str, house: House, opens: Opens, axe: Axe, look: Look
) -> None:
    page = await _checking(house, opens, lang)

    for subject in ("line", "deck", "browser", "screen"):
        await _stands(page, subject, "good")
    await _stands(page, "devices", "open")
    await expect(page.locator("[data-check=line]")).to_contain_text("WebSocket")
    await expect(page.locator("[data-check=deck] [data-fill=finding]")).to_contain_text("15")
    await page.evaluate(f"({DEVICES})('given')")
    await page.locator("#check-devices").click()
    await _stands(page, "devices", "good")
    await expect(page.locator("#check-video")).to_be_visible()
    await look(page, "console-check")
    assert await axe(page) == []
    await page.keyboard.press("Escape")
    await page.wait_for_function("window.given.getTracks().every(track => track.readyState === 'ended')")


async def test_what_is_wrong_is_told_with_what_to_do(house: House, opens: Opens, watch: Watch, axe: Axe, look: Look) -> None:
    """Seen to fail with every slide counted as there, whether it could be decoded or not."""
    watch.expect("ERR_FAILED|ERR_INTERNET_DISCONNECTED|WebSocket connection|Failed to load resource")
    page = await _checking(house, opens)
    await _stands(page, "deck", "good")
    await page.evaluate(f"({DEVICES})('refused')")
    await page.locator("#check-devices").click()
    await page.route("**/7-*.webp", lambda route: route.abort())
    await page.context.set_offline(True)
    await expect(page.locator("#start")).to_be_disabled()

    await page.locator("#check-again").click()

    await _stands(page, "line", "bad")
    await _stands(page, "deck", "bad")
    await _stands(page, "devices", "fair")
    for subject in ("line", "deck", "devices"):
        await expect(page.locator(f"[data-check={subject}] .advice")).not_to_be_empty()
    await look(page, "console-check-problems")
    assert await axe(page) == []
