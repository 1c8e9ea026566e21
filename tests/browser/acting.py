"""What people do in the pages, in the words that stand on the buttons. A `place` is a page or the frame inside another one."""

from __future__ import annotations

from typing import Any

from playwright.async_api import FrameLocator, Page, expect

from server.edge.sign_in import DEMO_PASSWORD

Place = Page | FrameLocator

# An answer passes through the assistant, which may still be reading its library.
THINKING = 20_000


async def sign_in(page: Page, url: str, email: str) -> None:
    """Through the form, to the page asked for."""
    await page.goto(url)
    await page.get_by_label("Adresse électronique").fill(email)
    await page.get_by_label("Mot de passe").fill(DEMO_PASSWORD)
    await page.get_by_role("button", name="Se connecter", exact=True).click()


async def confirm(place: Place, *, tracking: bool = True, me: bool = True) -> None:
    """Say who one is and choose, then come in."""
    await place.locator(f"input[name=identity][value={'me' if me else 'other'}]").check()
    await place.locator(f"input[name=tracking][value={'yes' if tracking else 'no'}]").check()
    await place.locator("form[action^='/room'] button[type=submit]").first.click()


async def enter_by_code(place: Place, code: str, **choices: Any) -> None:
    """The code, then who one is."""
    await place.locator("#code").fill(code)
    await place.locator("form[action^='/join'] button[type=submit]").click()
    await confirm(place, **choices)


async def declare(place: Place) -> None:
    """Declare to be a physician, on the lab's site."""
    await place.locator("#profession").select_option("physician")
    await place.locator("input[name=declared]").check()
    await place.locator("form[action^='/assistant'] button[type=submit]").click()


async def ask(place: Place, text: str) -> None:
    """Ask and wait until something is replied."""
    replies = place.locator("#log .entry.reply")
    before = await replies.count()
    await place.locator("#question").fill(text)
    await place.locator("#question").press("Enter")
    await expect(replies).to_have_count(before + 1, timeout=THINKING)
