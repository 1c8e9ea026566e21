"""Words between people while the session runs, and what is left of it when it is over."""

from __future__ import annotations

import re

import pytest
from acting import THINKING, ask, confirm, sign_in
from conftest import Axe, Look, Opens
from played import ANSWERED, OFF_LABEL, REP
from playwright.async_api import Page, expect

from server.demo import Links

pytestmark = pytest.mark.asyncio(loop_scope="session")

HELLO = "Bonjour, pouvez-vous revenir un peu en arrière ?"
BACK = "Bien sûr, je reprends la diapositive 1."


async def begin(links: Links, opens: Opens, **window: int) -> tuple[Page, Page]:
    """The rep's console and one HCP's room, on the first slide."""
    rep, hcp = await opens(), await opens(**window)
    await sign_in(rep, links.console, REP)
    await hcp.goto(links.hcp_room)
    await confirm(hcp)
    await rep.get_by_role("button", name="Faire entrer").click()
    await rep.get_by_role("button", name="Commencer").click()
    await expect(hcp.locator("#slide")).to_have_attribute("data-number", "1")
    return rep, hcp


async def write_to_rep(hcp: Page, text: str) -> None:
    """The HCP chooses the rep, writes, and sends."""
    await hcp.get_by_role("radio", name="Au délégué").check()
    await hcp.locator("#question").fill(text)
    await hcp.locator("#question").press("Enter")


async def test_hcp_and_rep_write_to_each_other_marked_for_who_it_is(links: Links, opens: Opens, axe: Axe, look: Look) -> None:
    rep, hcp = await begin(links, opens)
    await expect(hcp.get_by_role("radio", name="À l’assistant")).to_be_checked()
    await expect(hcp.locator("#question")).to_have_attribute("placeholder", "Question à l’assistant…")
    await hcp.get_by_role("radio", name="Au délégué").check()
    await expect(hcp.locator("#question")).to_have_attribute("placeholder", "Message au délégué…")

    await write_to_rep(hcp, HELLO)
    heard = rep.locator("#questions .question").first
    await expect(heard).to_contain_text("pouvez-vous revenir un peu en arrière", timeout=THINKING)
    await expect(heard).to_contain_text("Dr Claire Fictif-Martin vous écrit")
    await rep.get_by_label("Votre message").fill(BACK)
    await rep.get_by_label("Votre message").press("Enter")

    entry = hcp.locator("#log .entry.rep")
    await expect(entry).to_contain_text("Message de votre délégué")
    await expect(entry).to_contain_text("je reprends la diapositive 1")
    await expect(rep.locator("#questions .question").first).to_contain_text("Vous, à tous")
    await look(hcp, "after-chat-hcp")
    await look(rep, "after-chat-rep")
    assert await axe(hcp) == []
    assert await axe(rep) == []


async def test_a_medical_question_to_the_rep_is_offered_to_an_msl(links: Links, opens: Opens, look: Look) -> None:
    """What comes over the rep's line is watched: the words are not in it."""
    rep, hcp = await begin(links, opens, width=390)
    said: list[str] = []
    rep.on("websocket", lambda socket: socket.on("framereceived", lambda frame: said.append(str(frame))))
    await rep.reload()

    await write_to_rep(hcp, OFF_LABEL)

    written = hcp.locator("#log .entry.mine").last
    await expect(written).to_contain_text("relève de l’information médicale", timeout=THINKING)
    await expect(rep.locator("#questions .question").first).to_contain_text("réservé au service médical")
    await look(hcp, "after-chat-withheld")
    await written.get_by_role("button", name="Demander un MSL").click()
    await expect(hcp.locator("#log .entry.inquiry")).to_contain_text(re.compile(r"MI-\d{4}-\d{5}"))
    assert said
    assert "migraine" not in "".join(said) + await rep.content()


async def end(rep: Page) -> None:
    """The rep ends the visit, having been asked once."""
    await rep.get_by_role("button", name="Terminer la visite").click()
    ending = rep.get_by_role("dialog")
    await ending.get_by_label("Pourquoi terminer sans elles").fill("Le médecin a été appelé.")
    await ending.get_by_role("button", name="Terminer quand même").click()


async def test_the_report_is_there_at_the_end_and_signed_in_three_clicks(
    links: Links, opens: Opens, axe: Axe, look: Look
) -> None:
    """Counted from the end: open the report, sign it."""
    rep, hcp = await begin(links, opens)
    await ask(hcp, ANSWERED)
    await ask(hcp, OFF_LABEL)
    await end(rep)

    await rep.get_by_role("link", name="Compte rendu de visite").click(timeout=5_000)
    report = rep.locator("main")
    await expect(report).to_contain_text("Dr Claire Fictif-Martin")
    await expect(report).to_contain_text("Transmis au MSL")
    assert "migraine" not in await rep.content()
    await look(rep, "after-report-draft")
    assert await axe(rep) == []
    await rep.get_by_role("button", name="Signer le compte rendu").click()

    await expect(report).to_contain_text("Signé par")
    await expect(rep.locator("#note")).to_have_count(0)
    await look(rep, "after-report-signed")
    assert await axe(rep) == []


async def test_the_summary_keeps_answers_sources_and_a_rating(links: Links, opens: Opens, axe: Axe, look: Look) -> None:
    rep, hcp = await begin(links, opens)
    await ask(hcp, ANSWERED)
    await end(rep)

    summary = hcp.locator("#summary-body")
    await expect(summary.locator("blockquote").first).to_be_visible()
    four = summary.get_by_role("button", name="4 étoile(s) sur 5")
    await four.click()
    await expect(four).to_have_attribute("aria-pressed", "true")
    await expect(four).to_be_focused()

    await hcp.reload()
    await expect(four).to_have_attribute("aria-pressed", "true")
    await look(hcp, "after-summary")
    assert await axe(hcp) == []
