"""Content is approved by somebody else than who brought it in, and what is withdrawn leaves running sessions."""

from __future__ import annotations

import re

import pytest
from acting import confirm, sign_in
from conftest import Opens
from played import CONTENT, IMPORTER, REP
from playwright.async_api import expect
from running import Relais

from server.demo import Links

pytestmark = pytest.mark.asyncio(loop_scope="session")

TITLE = "Notice – ESSAIDEMO 10 mg, comprimé"
LABEL = f"""---
title: "{TITLE}"
product: ESSAIDEMO 10 mg, comprimé
substances: [essaidémol]
language: fr
country: FR
kind: leaflet
source: https://labo.invalid/essaidemo
dated: 2026-01-15
licence: Document fictif de test
---
# 1. Qu'est-ce que ESSAIDEMO 10 mg, comprimé et dans quels cas est-il utilisé ?

ESSAIDEMO est un comprimé fictif, utilisé dans les tests.

# 2. Quelles sont les informations à connaître avant de prendre ESSAIDEMO 10 mg, comprimé ?

Ne prenez jamais un comprimé fictif.
"""
# What is withdrawn is gone from every screen within this time.
PROMPTLY = 5_000


async def test_nobody_approves_what_they_brought_in(relais: Relais, opens: Opens) -> None:
    importer, manager = await opens(), await opens()
    await sign_in(importer, f"{relais.url}/content", IMPORTER)
    file = {"name": "essaidemo.md", "mimeType": "text/markdown", "buffer": LABEL.encode()}
    await importer.get_by_label("Choisir des fichiers ou les déposer ici").set_input_files([file])
    await importer.get_by_role("button", name="Importer").click()
    await expect(importer.locator("#import-report")).to_contain_text("Il reste à l’approuver", timeout=20_000)
    await importer.get_by_role("link", name=re.compile("ESSAIDEMO")).click()
    await expect(importer.locator("main")).to_contain_text("À approuver")
    await expect(importer.get_by_role("button", name="Approuver")).to_have_count(0)

    await sign_in(manager, importer.url, CONTENT)
    await manager.get_by_label("Valable à partir du").fill("2026-01-01")
    await manager.get_by_label("Valable jusqu’au").fill("2036-01-01")
    await manager.get_by_role("button", name="Approuver").click()

    await expect(manager.locator("main")).to_contain_text("Approuvée")
    await expect(manager.locator("main")).to_contain_text("Alix Maquette")


async def test_a_withdrawn_deck_ends_the_running_session(relais: Relais, links: Links, opens: Opens) -> None:
    rep, hcp, manager = await opens(), await opens(), await opens()
    await sign_in(rep, links.console, REP)
    await hcp.goto(links.hcp_room)
    await confirm(hcp)
    await rep.get_by_role("button", name="Faire entrer").click()
    await rep.get_by_role("button", name="Commencer").click()
    await expect(hcp.locator("#slide")).to_have_attribute("data-number", "1")
    await sign_in(manager, f"{relais.url}/content", CONTENT)
    await manager.get_by_role("link", name=re.compile("lecture du RCP")).click()
    await manager.get_by_text("Retirer…").click()
    await manager.get_by_label("Motif du retrait").fill("Une nouvelle édition la remplace.")

    await manager.get_by_role("button", name="Retirer définitivement").click()

    await expect(hcp.locator("#stage")).to_be_hidden(timeout=PROMPTLY)
    await expect(rep.locator(".live-facts")).to_contain_text("Terminée", timeout=PROMPTLY)
    await expect(hcp.get_by_role("heading", name="La présentation est terminée")).to_be_visible()
