"""The widget on somebody else's page: what it fetches, what it answers, and what its host can learn from it, which is nothing."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest
from acting import ask, declare
from conftest import Lab, Opens
from played import ANSWERED
from playwright.async_api import FrameLocator, Page, expect
from running import Relais
from watching import Watch

pytestmark = pytest.mark.asyncio(loop_scope="session")

# What a script of the host page can hear of its frames.
LISTEN = "window.heard = []; addEventListener('message', ({origin, data}) => heard.push({origin, data}))"


async def open_the_widget(page: Page) -> FrameLocator:
    """A click on the launcher."""
    await page.get_by_role("button", name=re.compile("Une question sur nos médicaments")).click()
    return page.frame_locator("iframe[title='Questions sur nos médicaments']")


async def test_before_the_click_there_is_one_request_and_nothing_is_kept(relais: Relais, lab: Lab, opens: Opens) -> None:
    page = await opens()
    ours: list[str] = []
    page.on("request", lambda request: ours.append(request.url) if request.url.startswith(relais.url) else None)

    await page.goto(lab.url)
    await expect(page.locator("relais-launcher")).to_be_attached()
    await page.wait_for_load_state("networkidle")

    assert [urlsplit(url).path for url in ours] == ["/embed.js"]
    assert await page.context.cookies() == []
    assert await page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert await page.evaluate("indexedDB.databases().then(found => found.length)") == 0


async def test_the_assistant_answers_on_the_labs_site_after_a_declaration(lab: Lab, opens: Opens) -> None:
    page = await opens(width=390)
    await page.goto(lab.url)
    widget = await open_the_widget(page)
    await expect(widget.locator("#question")).to_be_hidden()
    await declare(widget)

    await ask(widget, ANSWERED)

    answer = widget.locator("#log .entry.reply")
    await expect(answer.locator("blockquote").first).not_to_be_empty()
    await answer.locator(".source").first.click()
    await expect(widget.get_by_role("dialog").locator("mark").first).to_be_visible()


async def test_the_host_page_can_read_nothing_of_the_conversation(lab: Lab, opens: Opens) -> None:
    page = await opens()
    await page.add_init_script(LISTEN)
    await page.goto(lab.url)
    widget = await open_the_widget(page)
    await declare(widget)
    await ask(widget, ANSWERED)

    assert (
        await page.evaluate("document.querySelector('relais-launcher').shadowRoot.querySelector('iframe').contentDocument")
        is None
    )
    tree = await page.evaluate("document.querySelector('relais-launcher').shadowRoot.innerHTML")
    assert "posologie" not in tree
    assert "créatinine" not in tree
    heard = await page.evaluate("heard")
    assert {message["data"]["type"] for message in heard} <= {"rd:expand", "rd:close"}
    assert all(set(message["data"]) <= {"type", "expanded"} for message in heard), json.dumps(heard)
    assert await page.context.cookies() == []


async def test_a_site_that_is_not_listed_shows_a_blocked_frame(lab: Lab, opens: Opens, watch: Watch) -> None:
    watch.expect("frame-ancestors")
    # The widget greets its frame, in which there is now only the browser's own error.
    watch.expect("does not match the recipient window's origin")
    page = await opens()
    await page.goto(lab.unlisted_url)

    async with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        widget = await open_the_widget(page)

    await expect(widget.locator("#profession")).to_have_count(0)


async def test_escape_closes_the_widget_and_gives_the_focus_back(lab: Lab, opens: Opens) -> None:
    page = await opens()
    await page.goto(lab.url)
    launcher = page.get_by_role("button", name=re.compile("Une question sur nos médicaments"))
    await launcher.focus()
    await page.keyboard.press("Enter")
    widget = page.frame_locator("iframe[title='Questions sur nos médicaments']")
    await widget.locator("#profession").focus()

    await page.keyboard.press("Escape")

    await expect(page.locator("relais-launcher iframe")).to_be_hidden()
    await expect(launcher).to_be_focused()
