"""What somebody does while the line is down is kept and counted, outlives page and browser, and arrives once and in order."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from acting import confirm, sign_in
from conftest import ARGUMENTS, LOCALES, PATIENCE, Axe, Look, Opens
from played import REP
from playwright.async_api import Error, Page, async_playwright, expect
from running import Relais
from sqlalchemy import select
from watching import Watch

from server.demo import Links
from server.store.tables import Receipt, StoredFact

pytestmark = pytest.mark.asyncio(loop_scope="session")

OFFLINE = "WebSocket connection|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|Failed to load resource"
# The line retries after at most five seconds; five questions are taken in ten.
BACK = 15_000
DRAINED = 60_000
KEPT = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("relais");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
        const all = opening.result.transaction("kept").objectStore("kept").getAll();
        all.onsuccess = () => {
            opening.result.close();
            resolve(all.result.map(({ sealed }) => new TextDecoder("latin1").decode(sealed)));
        };
    };
})"""


async def live(rep: Page, hcp: Page, links: Links) -> None:
    await sign_in(rep, links.console, REP)
    await hcp.goto(links.hcp_room)
    await confirm(hcp)
    await rep.get_by_role("button", name="Faire entrer").click()
    await rep.get_by_role("button", name="Commencer").click()
    await expect(hcp.locator("#slide")).to_have_attribute("data-number", "1")


async def asked(relais: Relais) -> list[str]:
    """The questions on record, in the order of their conversation."""
    rows = await relais.store.read(
        lambda session: session.execute(
            select(StoredFact.body).where(StoredFact.name == "question_asked").order_by(StoredFact.stream, StoredFact.seq)
        ).all()
    )
    return [body["text"] for (body,) in rows]


async def test_what_waits_is_counted_and_a_draft_outlives_a_reload(
    relais: Relais, links: Links, opens: Opens, watch: Watch, axe: Axe, look: Look
) -> None:
    watch.expect(OFFLINE)
    rep, hcp = await opens(), await opens()
    await live(rep, hcp, links)
    await hcp.locator("#question").fill("Un brouillon sur l’allopurinol")
    await hcp.wait_for_timeout(300)

    await hcp.reload()

    await expect(hcp.locator("#question")).to_have_value("Un brouillon sur l’allopurinol")
    await hcp.context.set_offline(True)
    for text in ("Première question ?", "Seconde question ?"):
        await hcp.locator("#question").fill(text)
        await hcp.locator("#question").press("Enter")
    await expect(hcp.locator("#line-unsent")).to_have_text("2 éléments à envoyer, gardés sur cet appareil.")
    await expect(hcp.locator("#line-lost")).to_be_visible()
    assert await axe(hcp) == []
    await look(hcp, "offline")

    kept = await hcp.evaluate(KEPT)
    assert len(kept) >= 2
    assert not any("question" in text for text in kept)

    await hcp.context.set_offline(False)
    await expect(hcp.locator("#line-unsent")).to_be_hidden(timeout=BACK)
    await expect(hcp.locator("#line-lost")).to_be_hidden(timeout=BACK)
    assert await asked(relais) == ["Première question ?", "Seconde question ?"]
    await until(lambda: hcp.evaluate(KEPT), [])


async def test_questions_asked_offline_are_sent_once_and_in_order_after_a_reload(
    relais: Relais, links: Links, opens: Opens, watch: Watch
) -> None:
    """The tab is reloaded while the server is away: with the acts in the page's memory alone, none arrived."""
    watch.expect(OFFLINE + "|status of 50")
    rep, hcp = await opens(), await opens()
    await live(rep, hcp, links)
    wanted = [f"Question numéro {number} ?" for number in range(1, 4)]

    await hcp.context.set_offline(True)
    for text in wanted:
        await hcp.locator("#question").fill(text)
        await hcp.locator("#question").press("Enter")
    await expect(hcp.locator("#log .entry.pending")).to_have_count(3)
    with suppress(Error):
        await hcp.reload()
    await hcp.context.set_offline(False)
    await hcp.goto(f"{relais.url}/join")

    await expect(hcp.locator("#log .entry.mine")).to_have_count(3, timeout=BACK)
    await expect(hcp.locator("#log .entry.pending")).to_have_count(0, timeout=BACK)
    assert await asked(relais) == wanted
    await until(lambda: hcp.evaluate(KEPT), [])


async def test_fifty_acts_outlive_a_reload_and_a_killed_browser(
    relais: Relais, links: Links, opens: Opens, watch: Watch, tmp_path: Path
) -> None:
    """R10. Ten questions (five are taken in ten seconds) and forty marks on slides; the browser ends by SIGKILL.

    Seen to fail, as it must: with acts in the page's memory alone, what it had not sent never came; with all of them sent at once
    after the return, those that the budget had put off came out of order.
    """
    watch.expect(OFFLINE)
    profile, program = tmp_path / "profile", shutil.which("chromium")
    how: dict[str, Any] = {"executable_path": program, "args": list(ARGUMENTS), "locale": LOCALES["fr"]}
    wanted = [f"Question numéro {number} ?" for number in range(1, 11)]
    async with async_playwright() as playwright:
        before = await playwright.chromium.launch_persistent_context(profile, **how)
        hcp = before.pages[0]
        rep = await opens()
        await live(rep, hcp, links)
        known = set(await receipts(relais))
        await before.set_offline(True)
        for text in wanted:
            await hcp.locator("#question").fill(text)
            await hcp.locator("#question").press("Enter")
            for mark in ("useful", "unclear") * 2:
                await hcp.locator(f"[data-reaction={mark}]").click()
        await expect(hcp.locator("#line-unsent")).to_have_text("50 éléments à envoyer, gardés sur cet appareil.")
        with suppress(Error):
            await hcp.reload()
        kill_the_browser_of(profile)
    killed = time.time()

    async with async_playwright() as playwright:
        after = await playwright.chromium.launch_persistent_context(profile, **how)
        after.set_default_timeout(PATIENCE)
        hcp = await after.new_page()
        await hcp.goto(links.hcp_room)
        await confirm(hcp)
        # The link was used: its owner waits until the rep gives them their place back, and what they did before with it.
        await rep.get_by_role("button", name="Faire entrer").click()
        await expect(hcp.locator("#log .entry.mine")).to_have_count(10, timeout=BACK)
        await expect(hcp.locator("#log .entry.pending")).to_have_count(0, timeout=DRAINED)
        await expect(hcp.locator("#line-unsent")).to_be_hidden(timeout=BACK)
        await until(lambda: hcp.evaluate(KEPT), [])
        await after.close()

    assert await asked(relais) == wanted
    arrived = [act for act in await receipts(relais) if act not in known and made_at(act) < killed]
    assert len(arrived) == len(set(arrived)) == 50
    # An act's id holds when it was done: here a claim of the browser, which agrees with the order of their receipts.
    assert arrived == sorted(arrived)


def kill_the_browser_of(profile: Path) -> None:
    """End every process of the browser with this profile at once, as a crash of the machine would."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"--user-data-dir={profile}".encode() in (process / "cmdline").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)


def made_at(act: str) -> float:
    """When an act was done, by the clock of whoever did it, in seconds since 1970."""
    return int(act.replace("-", "")[:12], 16) / 1000


async def receipts(relais: Relais) -> list[str]:
    """The ids of all acts on record, in the order of their receipt."""
    return list(await relais.store.read(lambda session: session.scalars(select(Receipt.id).order_by(Receipt.at)).all()))


async def until(read: Any, value: Any, seconds: float = 5.0) -> None:
    """What is read becomes this within so many seconds."""
    async with asyncio.timeout(seconds):
        while await read() != value:
            await asyncio.sleep(0.1)


async def test_what_a_rep_writes_while_offline_is_counted_and_arrives_once(
    relais: Relais, links: Links, opens: Opens, watch: Watch, axe: Axe, look: Look
) -> None:
    """Seen to fail with a page that gives up what it could not send: nothing was counted, nothing arrived."""
    watch.expect(OFFLINE)
    rep, hcp = await opens(), await opens()
    await live(rep, hcp, links)

    await rep.context.set_offline(True)
    await expect(rep.locator("#connection .offline")).to_be_visible()
    await rep.get_by_label("Votre message").fill("Je reprends dans un instant.")
    await rep.get_by_label("Votre message").press("Enter")
    await expect(rep.locator("#connection .unsent")).to_have_text("1 élément à envoyer, gardé sur cet appareil.")
    await rep.locator("#report-open").click()
    await rep.locator("#report-text").fill("Femme de 62 ans, éruption cutanée sous allopurinol.")
    await rep.locator("#report-send").click()
    await expect(rep.locator("#connection .unsent")).to_contain_text("2 éléments à envoyer")
    await rep.locator("#report-close").click()
    await look(rep, "console-unsent")
    assert await axe(rep) == []
    await rep.context.set_offline(False)

    await expect(rep.locator("#connection .unsent")).to_be_hidden(timeout=BACK)
    await expect(hcp.locator("#log .entry.rep")).to_have_count(1, timeout=BACK)
    await expect(rep.locator("#questions .question")).to_have_count(1)
