"""The time that a slide counts as viewed stops where nobody looks: without a sign of the HCP, and with the slide out of view."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from acting import confirm, sign_in
from conftest import Opens, _settings
from played import REP
from playwright.async_api import expect
from running import Relais
from sqlalchemy import func, select

from server.demo import Links
from server.detailing.tables import ViewedSlide

pytestmark = pytest.mark.asyncio(loop_scope="session")

IDLE = 2.5
# Scripts and pictures take their time between what a test does and what a page sees.
SLACK = 0.7


@pytest_asyncio.fixture(loop_scope="session")
async def relais(prepared: Path, tmp_path: Path) -> AsyncIterator[Relais]:
    """A server that takes nobody to look who gave no sign for some seconds."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    relais = Relais(replace(_settings(tmp_path), idle=timedelta(seconds=IDLE)))
    await relais.start()
    yield relais
    await relais.close()


async def _viewed(relais: Relais, number: int) -> float:
    """Seconds on record for a slide, once they are there."""
    total = select(func.sum(ViewedSlide.milliseconds)).where(ViewedSlide.number == number)
    async with asyncio.timeout(8):
        while (milliseconds := await relais.store.read(lambda session: session.scalar(total))) is None:
            await asyncio.sleep(0.05)
    return milliseconds / 1000


async def test_viewing_stops_without_a_sign_and_out_of_view(relais: Relais, links: Links, opens: Opens) -> None:
    """Seen to fail without the limit of `stirred + idle`, and with a slide that counts as in view wherever it is."""
    rep, hcp = await opens(), await opens(width=390, height=400)
    await sign_in(rep, links.console, REP)
    await hcp.goto(links.hcp_room)
    await confirm(hcp)
    await rep.get_by_role("button", name="Faire entrer").click()
    await rep.get_by_role("button", name="Commencer").click()
    await expect(hcp.locator("#slide")).to_have_attribute("data-number", "1")

    # Nobody stirs.
    await hcp.wait_for_timeout(1000 * (IDLE + 1.5))
    await rep.get_by_role("button", name="Suivante").click()
    await expect(hcp.locator("#slide")).to_have_attribute("data-number", "2")
    assert IDLE - SLACK < await _viewed(relais, 1) < IDLE + SLACK

    # Somebody stirs, below the slide.
    looked = 2.2
    await hcp.wait_for_timeout(1000 * looked)
    await hcp.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    for _ in range(3):
        await hcp.mouse.move(100, 300)
        await hcp.wait_for_timeout(600)
    await rep.get_by_role("button", name="Suivante").click()
    await expect(hcp.locator("#slide")).to_have_attribute("data-number", "3")
    assert looked - SLACK < await _viewed(relais, 2) < looked + SLACK
