"""The rep's list of sessions: the next one first, by day and product, a page at a time, all of it in the address."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import furnished
import pytest
from furnished import Account, SignedIn
from running import Browser, Relais
from sqlalchemy import update

from server.detailing.agenda import PAGE
from server.detailing.tables import Detailing
from server.edge.words import ZONE, refusal_words
from server.store import new_id

NOON = datetime.now(ZONE).replace(hour=12, minute=0, second=0, microsecond=0)


async def _planned(relais: Relais, rep: Account, deck: str, at: datetime, state: str = "planned") -> str:
    detailing = await furnished.plan(relais, rep, deck)
    change = update(Detailing).where(Detailing.id == detailing).values(scheduled_at=at.astimezone(UTC), state=state)
    await relais.store.change(lambda tx: tx.session.execute(change) and None)
    return detailing


async def _listed(browser: Browser, asked: str = "") -> list[str]:
    page = await browser.get(f"/console{asked}")
    assert page.status == 200
    return re.findall(r'class="button(?: primary)?" href="/console/([-0-9a-f]{36})"', page.text)


async def test_what_comes_next_stands_first_and_what_is_over_is_elsewhere(
    relais: Relais, rep: Account, deck: str, sign_in: SignedIn
) -> None:
    day = timedelta(days=1)
    later, tomorrow, today = [await _planned(relais, rep, deck, NOON + ahead) for ahead in (2 * day, day, timedelta())]
    # A visit that was never held, and one that still runs.
    missed, older = [await _planned(relais, rep, deck, NOON - ago) for ago in (day, 2 * day)]
    running = await _planned(relais, rep, deck, NOON - 3 * day, "live")
    over = await _planned(relais, rep, deck, NOON - 4 * day, "ended")
    browser = await sign_in(rep)

    assert await _listed(browser) == [running, today, tomorrow, later]
    assert await _listed(browser, "?when=today") == [today]
    assert await _listed(browser, "?when=past") == [missed, older, over]
    assert await _listed(browser, "?when=nonsense&page=-1") == await _listed(browser)


async def test_a_product_is_listed_alone(
    relais: Relais, rep: Account, deck: str, importer: Account, content_manager: Account, sign_in: SignedIn
) -> None:
    other = await furnished.take_in(relais, furnished.deck(product="AUTRE & FICTIF"), by=importer)
    await furnished.approve(relais, other, by=content_manager)
    await _planned(relais, rep, deck, NOON + timedelta(days=1))
    alone = await _planned(relais, rep, other, NOON + timedelta(days=2))
    browser = await sign_in(rep)

    assert await _listed(browser, "?product=AUTRE+%26+FICTIF") == [alone]
    assert "product=AUTRE%20%26%20FICTIF" in (await browser.get("/console?product=AUTRE+%26+FICTIF")).text


@pytest.mark.parametrize("page", [1, 2, 9])
async def test_a_long_list_is_paged(page: int, relais: Relais, rep: Account, deck: str, sign_in: SignedIn) -> None:
    planned = [await _planned(relais, rep, deck, NOON + timedelta(days=1, minutes=n)) for n in range(PAGE + 3)]
    browser = await sign_in(rep)

    assert await _listed(browser, f"?page={page}") == (planned[:PAGE] if page == 1 else planned[PAGE:])


async def test_a_deck_on_a_product_that_the_rep_does_not_present_is_listed_with_the_reason_and_refused(
    relais: Relais, deck: str, hcp: str, admin: Account, sign_in: SignedIn
) -> None:
    """Seen to fail without `presents` in `plan_detailing`: the session was planned all the same."""
    account = {
        "name": "Dominique Essai",
        "email": "d@tests.invalid",
        "language": "fr",
        "roles": "rep",
        "products": "AUTRE FICTIF",
    }
    made = await (await sign_in(admin)).post("/accounts", data={**account, "password": furnished.PASSWORD})
    assert made.status == 303
    browser = relais.browser()
    await browser.sign_in("d@tests.invalid", furnished.PASSWORD)
    asked = {"id": new_id(), "hcp_id": hcp, "deck_id": deck, "language": "fr", "minutes": "20"}

    listed = await browser.get("/console")
    planned = await browser.post("/console", data={**asked, "scheduled_at": f"{NOON + timedelta(days=1):%Y-%m-%dT%H:%M}"})
    rehearsed = await browser.post("/console/rehearsals", data={"deck_id": deck})

    assert "Ne fait pas partie de vos produits" in listed.text
    for refused in (planned, rehearsed):
        assert refused.status == 400
        assert refusal_words("fr", "other_product", {}) in refused.text
