"""A room stands on its own: its first slide needs no script, a reload no memory of the page, a restart no hand."""

from __future__ import annotations

import json
import re

import pytest
from acting import ask, confirm, sign_in
from conftest import Opens
from played import ANSWERED, MSL, REP
from playwright.async_api import Page, expect
from running import Relais
from watching import Watch

from server.demo import Links

pytestmark = pytest.mark.asyncio(loop_scope="session")

# The line retries after at most five seconds.
BACK = 15_000


async def live(rep: Page, hcp: Page, links: Links, slides: int) -> None:
    """Both in a live session, so many slides on."""
    await sign_in(rep, links.console, REP)
    await hcp.goto(links.hcp_room)
    await confirm(hcp)
    await rep.get_by_role("button", name="Faire entrer").click()
    await rep.get_by_role("button", name="Commencer").click()
    for number in range(2, slides + 1):
        await rep.get_by_role("button", name="Suivante").click()
        await expect(hcp.locator("#slide")).to_have_attribute("data-number", str(number))


async def test_the_slide_on_screen_is_in_the_html(relais: Relais, links: Links, opens: Opens) -> None:
    rep, hcp = await opens(), await opens()
    await live(rep, hcp, links, 2)
    bearer = json.loads(await hcp.locator("#bootstrap").text_content() or "")["bearer"]

    answer = await hcp.request.post(f"{relais.url}/room", form={"bearer": bearer}, headers={"Origin": relais.url})

    image = re.search(r'<img id="slide"[^>]*>', await answer.text())
    assert image is not None
    assert 'data-number="2"' in image[0]
    source = re.search(r'src="([^"]+)"', image[0])
    assert source is not None
    assert (await hcp.request.get(relais.url + source[1])).headers["content-type"] == "image/webp"


async def test_a_reload_returns_to_the_same_place_with_the_whole_history(links: Links, opens: Opens) -> None:
    rep, hcp = await opens(), await opens()
    await live(rep, hcp, links, 3)
    await ask(hcp, ANSWERED)
    answer = await hcp.locator("#log .entry.reply blockquote p").first.inner_text()

    await hcp.reload()
    await rep.reload()

    await expect(hcp.locator("#slide")).to_have_attribute("data-number", "3")
    await expect(hcp.locator("#log .entry.reply blockquote p").first).to_have_text(answer)
    await expect(hcp.locator("#log .entry.mine")).to_contain_text("insuffisant rénal")
    await expect(rep.locator("#counter")).to_have_text("3 / 15")
    await expect(rep.locator("#questions")).to_contain_text("insuffisant rénal")


async def test_pages_come_back_by_themselves_after_a_restart_of_the_server(
    relais: Relais, links: Links, opens: Opens, watch: Watch
) -> None:
    """And a call goes on meanwhile, on the same connection.

    Seen to fail, as it must: whoever came back first took the others for gone, and hung up on them.
    """
    watch.expect("WebSocket connection|ERR_CONNECTION|status of 50|Failed to load resource")
    rep, hcp, msl = await opens(), await opens(), await opens()
    await live(rep, hcp, links, 2)
    for page in (rep, hcp):
        await page.locator("#call-open").click()
        await page.locator("#call-join-seen").click()
    for page in (rep, hcp):
        await expect(page.locator("#call-people > :not(.mine) .call-waiting")).to_be_hidden()
        await page.evaluate("document.querySelector('#call-people > :not(.mine)').dataset.before = ''")
    await sign_in(msl, f"{relais.url}/desk", MSL)
    await hcp.locator("#question").fill("Un brouillon")

    await relais.stop()
    await expect(hcp.locator("#line-lost")).to_be_visible()
    await expect(rep.locator("#connection .offline")).to_be_visible()
    await relais.start()

    await expect(hcp.locator("#line-lost")).to_be_hidden(timeout=BACK)
    await expect(rep.locator("#connection .offline")).to_be_hidden(timeout=BACK)
    await expect(msl.locator("#connection .offline")).to_be_hidden(timeout=BACK)
    await rep.get_by_role("button", name="Suivante").click()
    await expect(hcp.locator("#slide")).to_have_attribute("data-number", "3")
    await expect(hcp.locator("#question")).to_have_value("Un brouillon")
    for page, other in ((rep, hcp), (hcp, rep)):
        await page.get_by_role("button", name="Couper le micro").click()
        await expect(other.locator("#call-people > [data-before]").get_by_text("Micro coupé")).to_be_visible()


async def test_a_question_asked_while_the_line_is_down_is_sent_once_when_it_is_back(
    links: Links, opens: Opens, watch: Watch
) -> None:
    watch.expect("WebSocket connection|ERR_INTERNET_DISCONNECTED|Failed to load resource")
    rep, hcp = await opens(), await opens()
    await live(rep, hcp, links, 2)

    await hcp.context.set_offline(True)
    await expect(hcp.locator("#line-lost")).to_be_visible()
    await hcp.locator("#question").fill(ANSWERED)
    await hcp.locator("#question").press("Enter")
    await expect(hcp.locator("#log .entry.pending")).to_contain_text("En attente d’envoi")
    await hcp.context.set_offline(False)

    await expect(hcp.locator("#log .entry.reply")).to_have_count(1, timeout=BACK)
    await expect(hcp.locator("#log .entry.mine")).to_have_count(1)
    await expect(rep.locator("#questions > li")).to_have_count(1)
