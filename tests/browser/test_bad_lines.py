"""R11 in a real browser: lines that are reset again and again, then silent. What is done arrives once and in order."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from acting import confirm, sign_in
from conftest import Opens
from network import BlackHole, Fault, Network, Resets
from played import REP
from playwright.async_api import expect
from running import Relais, free_port
from sqlalchemy import select
from watching import Watch

from server.demo import Links
from server.settings import from_environment
from server.store.tables import StoredFact

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOST = "WebSocket connection|net::ERR_|Failed to load resource"
# A line that nobody hung up is given up after 4.5 s of silence, and the next try waits for at most 5 s.
BACK = 20_000


@pytest_asyncio.fixture(loop_scope="session")
async def network() -> AsyncIterator[Network]:
    """Between the browser and the server, which knows itself by the network's address only."""
    async with Network(free_port()) as network:
        yield network


@pytest_asyncio.fixture(loop_scope="session")
async def relais(prepared: Path, tmp_path: Path, network: Network) -> AsyncIterator[Relais]:
    """A server behind the network."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    asked = {"RELAIS_FOLDER": str(tmp_path), "RELAIS_PORT": str(network.port), "RELAIS_PUBLIC_URL": network.url}
    relais = Relais(from_environment(asked, demo=True))
    await relais.start()
    yield relais
    await relais.close()


async def test_what_is_done_on_lines_that_break_and_fall_silent_arrives_once_and_in_order(
    relais: Relais, network: Network, links: Links, opens: Opens, watch: Watch
) -> None:
    watch.expect(LOST)
    rep, hcp = await opens(), await opens()
    await sign_in(rep, links.console, REP)
    await hcp.goto(links.hcp_room)
    await confirm(hcp)
    await rep.get_by_role("button", name="Faire entrer").click()
    await rep.get_by_role("button", name="Commencer").click()
    await expect(hcp.locator("#slide")).to_have_attribute("data-number", "1")
    await expect(rep.locator("#next")).to_have_attribute("aria-disabled", "false")
    questions = [f"Question numéro {number} ?" for number in range(1, 5)]

    network.suffer(Resets())
    for question in questions[:2]:
        for _ in range(2):
            await rep.keyboard.press("ArrowRight")
            await asyncio.sleep(0.5)
        await hcp.locator("#question").fill(question)
        await hcp.locator("#question").press("Enter")
        await asyncio.sleep(1)
    network.suffer(BlackHole())
    for question in questions[2:]:
        await rep.keyboard.press("ArrowRight")
        await hcp.locator("#question").fill(question)
        await hcp.locator("#question").press("Enter")
        await asyncio.sleep(1)
    network.suffer(Fault())

    await expect(hcp.locator("#log .entry.mine")).to_have_count(4, timeout=BACK)
    await expect(hcp.locator("#log .entry.pending")).to_have_count(0, timeout=BACK)
    # While the line is known to be down the console turns no slides; those that it turned arrive.
    await expect(rep.locator("#counter")).to_have_text(re.compile(r"^\d+ / 15$"), timeout=BACK)
    last = int((await rep.locator("#counter").inner_text()).split()[0])
    await expect(hcp.locator("#slide")).to_have_attribute("data-number", str(last), timeout=BACK)
    facts = await relais.store.read(
        lambda session: session.execute(
            select(StoredFact.name, StoredFact.body)
            .where(StoredFact.name.in_(["question_asked", "slide_shown"]))
            .order_by(StoredFact.stream, StoredFact.seq)
        ).all()
    )
    assert [body["text"] for name, body in facts if name == "question_asked"] == questions
    assert [body["number"] for name, body in facts if name == "slide_shown"] == list(range(1, last + 1))
    assert last >= 3
