"""Networks that let less through: no websockets, or nothing that lasts. What is said arrives all the same, once."""

from __future__ import annotations

import pytest
from acting import confirm, sign_in
from conftest import Opens
from played import ANSWERED, REP
from playwright.async_api import Page, expect
from running import Relais
from sqlalchemy import select
from watching import Watch

from server.conversation.tables import Question
from server.demo import Links
from server.edge.keys import SOCKETS

pytestmark = pytest.mark.asyncio(loop_scope="session")

BLOCKED = "WebSocket connection|Failed to load resource|ERR_FAILED|ERR_BLOCKED"
# Each transport is tried before the next one.
AT_LAST = 20_000


def let_through(relais: Relais, *transports: str) -> None:
    """Refuse new lines by other transports, as a proxy does that knows no upgrade or cuts what takes long."""
    relais.app[SOCKETS].server.eio.transports = list(transports)


async def live(rep: Page, hcp: Page, links: Links) -> None:
    await sign_in(rep, links.console, REP)
    await hcp.goto(links.hcp_room)
    await confirm(hcp)
    await rep.get_by_role("button", name="Faire entrer").click(timeout=AT_LAST)
    await rep.get_by_role("button", name="Commencer").click(timeout=AT_LAST)
    await expect(hcp.locator("#slide")).to_have_attribute("data-number", "1", timeout=AT_LAST)


async def test_a_session_runs_by_long_polling_where_websockets_are_blocked(
    relais: Relais, links: Links, opens: Opens, watch: Watch
) -> None:
    watch.expect(BLOCKED)
    rep, hcp = await opens(), await opens()
    let_through(relais, "polling")

    await live(rep, hcp, links)
    await rep.get_by_role("button", name="Suivante").click()
    await expect(hcp.locator("#slide")).to_have_attribute("data-number", "2")
    await hcp.locator("#question").fill(ANSWERED)
    await hcp.locator("#question").press("Enter")

    await expect(hcp.locator("#log .entry.reply")).to_have_count(1, timeout=AT_LAST)
    await expect(rep.locator("#questions > li")).to_have_count(1, timeout=AT_LAST)
    transports = await hcp.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => new URL(name).searchParams.get('transport')).filter(Boolean)"
    )
    assert "polling" in transports


async def test_what_is_said_where_no_line_holds_goes_by_plain_requests(
    relais: Relais, links: Links, opens: Opens, watch: Watch
) -> None:
    """Without the detour the question stayed pending for as long as the line was blocked: seen once."""
    watch.expect(BLOCKED)
    rep, hcp = await opens(), await opens()
    await live(rep, hcp, links)
    let_through(relais)
    await hcp.reload()
    await expect(hcp.locator("#line-lost")).to_be_visible(timeout=AT_LAST)

    await hcp.locator("#question").fill(ANSWERED)
    await hcp.locator("#question").press("Enter")

    await expect(hcp.locator("#log .entry.mine")).to_contain_text("Envoyé", timeout=AT_LAST)
    await expect(rep.locator("#questions > li")).to_have_count(1, timeout=AT_LAST)
    assert await relais.store.read(lambda session: session.scalars(select(Question.text)).all()) == [ANSWERED]

    let_through(relais, "polling", "websocket")
    await expect(hcp.locator("#log .entry.reply")).to_have_count(1, timeout=AT_LAST)
    await expect(hcp.locator("#log .entry.mine")).to_have_count(1)
