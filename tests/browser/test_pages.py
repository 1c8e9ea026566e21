"""Every page and its main states, in French and in English: sound to axe, whole at 400 %, and pictured for people to look at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from acting import ask, declare, enter_by_code
from conftest import Axe, Look, Opens
from played import ADMIN, ANSWERED, CONTENT, MSL, OFF_LABEL, REP, UNCLEAR, House
from playwright.async_api import Page, expect
from watching import Watch

pytestmark = pytest.mark.asyncio(loop_scope="session")

LANGUAGES = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody's empty page in the house, and the language they read."""

    page: Page
    house: House
    lang: str

    async def go(self, path: str, **values: str) -> Page:
        """Open a page; `{names}` in the path are ids of what was played."""
        known = {name: getattr(self.house.played, name) for name in ("planned", "live", "ended", "hcp", "label", "deck")}
        path = path.format(**known, **self.house.played.inquiries)
        await self.page.goto(f"{self.house.url}{path}{'&' if '?' in path else '?'}lang={self.lang}")
        return self.page


async def _finish(page: Page, name: str, axe: Axe, look: Look) -> None:
    await look(page, name)
    assert await axe(page) == []
    # A window of 1280 pixels at 400 %.
    await page.set_viewport_size({"width": 320, "height": 256})
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320, "the page scrolls sideways"


STAFF_PAGES = {
    "console": (REP, "/console"),
    "console-planned": (REP, "/console/{planned}"),
    "console-live": (REP, "/console/{live}"),
    "console-ended": (REP, "/console/{ended}"),
    "desk": (MSL, "/desk"),
    "desk-all": (MSL, "/desk?show=all"),
    "desk-empty": ("msl2@demo.invalid", "/desk?show=mine"),
    "inquiry-unassigned": (MSL, "/desk/{queued}"),
    "inquiry-mine": (MSL, "/desk/{assigned}"),
    "inquiry-answered": (MSL, "/desk/{answered}"),
    "content": (CONTENT, "/content"),
    "edition-label": (CONTENT, "/content/{label}"),
    "edition-deck": (CONTENT, "/content/{deck}"),
    "hcps": (REP, "/hcps"),
    "hcps-nobody": (REP, "/hcps?q=personne"),
    "record-msl": (MSL, "/hcps/{hcp}"),
    "record-rep": (REP, "/hcps/{hcp}"),
    "accounts": (ADMIN, "/accounts"),
}


@pytest.fixture
def visits(house: House, opens: Opens) -> Callable[..., Awaitable[Visit]]:
    """`await visits("en", REP)`: somebody's page in the house, signed in when an account is named."""

    async def visiting(lang: str, email: str | None = None) -> Visit:
        page = await opens(lang)
        if email is not None:
            await page.context.add_cookies([await house.cookie(email)])
        return Visit(page, house, lang)

    return visiting


Visits = Callable[..., Awaitable[Visit]]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", STAFF_PAGES)
async def test_a_page_of_the_staff_is_sound(name: str, lang: str, visits: Visits, axe: Axe, look: Look) -> None:
    email, path = STAFF_PAGES[name]
    visit = await visits(lang, email)

    page = await visit.go(path)
    # What can be done only with a line is offered once there is one.
    for act in await page.locator(":is(#start, #end, #assign, #release, [data-act=assign]):visible").all():
        await expect(act).to_be_enabled()

    await _finish(page, name, axe, look)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", ["/sign-in", "/join", "/assistant"])
async def test_a_page_before_the_door_is_sound(path: str, lang: str, visits: Visits, axe: Axe, look: Look) -> None:
    page = await (await visits(lang)).go(path)

    await _finish(page, path.strip("/"), axe, look)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_wrong_password_is_told(lang: str, visits: Visits, watch: Watch, axe: Axe, look: Look) -> None:
    watch.expect("status of 400")
    page = await (await visits(lang)).go("/sign-in")
    await page.locator("#email").fill("personne@demo.invalid")
    await page.locator("#password").fill("rien de vrai")
    await page.locator("form:has(#password) button[type=submit]").click()

    await expect(page.get_by_role("alert")).to_be_visible()
    await _finish(page, "sign-in-refused", axe, look)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("name", "email", "path"), [("refused-404", None, "/nowhere"), ("refused-403", REP, "/desk")])
async def test_a_refused_page_is_sound(
    name: str, email: str | None, path: str, lang: str, visits: Visits, watch: Watch, axe: Axe, look: Look
) -> None:
    watch.expect("status of 40[34]")

    page = await (await visits(lang, email)).go(path)

    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await _finish(page, name, axe, look)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_invitation_is_shown_once(lang: str, visits: Visits, axe: Axe, look: Look) -> None:
    page = await (await visits(lang, REP)).go("/console")
    await page.locator("#hcp_id").select_option(index=1)
    await page.locator("#scheduled_at").fill(f"{datetime.now() + timedelta(days=30):%Y-%m-%dT18:30}")
    await page.locator("form[action='/console'] button[type=submit]").click()

    await expect(page.locator("#code")).to_be_visible()
    await _finish(page, "invited", axe, look)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_plan_that_cannot_be_made_says_why(lang: str, visits: Visits, watch: Watch, axe: Axe, look: Look) -> None:
    watch.expect("status of 400")
    page = await (await visits(lang, REP)).go("/console")
    await page.locator("#hcp_id").select_option(index=1)
    await page.locator("#scheduled_at").fill("2020-01-01T10:00")
    await page.locator("form[action='/console'] button[type=submit]").click()

    await expect(page.get_by_role("alert")).to_be_visible()
    await _finish(page, "console-refused", axe, look)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("dialog", ["jump", "report", "ending"])
async def test_a_dialog_of_the_console_is_sound(dialog: str, lang: str, visits: Visits, axe: Axe, look: Look) -> None:
    page = await (await visits(lang, REP)).go("/console/{live}")
    opener = {"jump": "#jump-open", "report": "#report-open", "ending": "#end"}[dialog]
    await expect(page.locator("#end")).to_be_enabled()
    await page.locator(opener).click()

    await expect(page.locator(f"dialog#{dialog}")).to_be_visible()
    await _finish(page, f"console-{dialog}", axe, look)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_report_of_an_import_is_sound(lang: str, visits: Visits, axe: Axe, look: Look) -> None:
    page = await (await visits(lang, CONTENT)).go("/content")
    await page.locator("#files").set_input_files(
        [
            {"name": "notes.docx", "mimeType": "application/octet-stream", "buffer": b"not a label"},
            {"name": "abime.json", "mimeType": "application/json", "buffer": b"{"},
            {"name": "essai.md", "mimeType": "text/markdown", "buffer": LEAFLET},
        ]
    )
    await page.locator("#import button[type=submit]").click()
    await expect(page.locator("#import-report")).to_be_visible(timeout=20_000)

    await _finish(page, "import-report", axe, look)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_page_before_the_room_is_sound(lang: str, visits: Visits, axe: Axe, look: Look) -> None:
    visit = await visits(lang)
    page = await visit.go("/join")
    await page.locator("#code").fill(visit.house.played.stage_code)
    await page.locator("form[action^='/join'] button[type=submit]").click()

    await expect(page.locator("input[name=tracking]").first).to_be_visible()
    await _finish(page, "confirm", axe, look)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_false_code_is_told(lang: str, visits: Visits, watch: Watch, axe: Axe, look: Look) -> None:
    watch.expect("status of 400")
    page = await (await visits(lang)).go("/join")
    await page.locator("#code").fill("ZZZZZZ")
    await page.locator("form[action^='/join'] button[type=submit]").click()

    await expect(page.get_by_role("alert")).to_be_visible()
    await _finish(page, "join-refused", axe, look)


async def _waiting(visit: Visit) -> Page:
    page = await visit.go("/join")
    await enter_by_code(page, visit.house.played.stage_code, me=False, tracking=False)
    await expect(page.locator(".door")).to_be_visible()
    return page


async def _live(visit: Visit) -> Page:
    page = await _waiting(visit)
    rep = visit.house.played.rep
    await rep.until(lambda: len(rep.bodies("hcp_arrived")) > len(rep.bodies("hcp_admitted")))
    for body in rep.bodies("hcp_arrived"):
        await rep.call("admit_hcp", {"participant_id": body["participant_id"]})
    await expect(page.locator("#slide")).to_have_attribute("data-number", "3")
    return page


async def _clarified(visit: Visit) -> Page:
    page = await _live(visit)
    await ask(page, UNCLEAR)
    return page


async def _answered(visit: Visit) -> Page:
    page = await _live(visit)
    await ask(page, ANSWERED)
    return page


async def _passage(visit: Visit) -> Page:
    page = await _answered(visit)
    await page.locator("#log .source").first.click()
    await expect(page.locator("#passage mark").first).to_be_visible()
    return page


async def _handed_over(visit: Visit) -> Page:
    page = await _live(visit)
    await ask(page, OFF_LABEL)
    return page


async def _promised(visit: Visit) -> Page:
    page = await _handed_over(visit)
    await page.locator("#log .entry-actions button").click()
    await expect(page.locator("#log .entry.inquiry")).to_be_visible()
    return page


async def _reporting(visit: Visit) -> Page:
    page = await _live(visit)
    await page.locator("[data-opens=report]:visible").click()
    return page


async def _requesting(visit: Visit) -> Page:
    page = await _answered(visit)
    await page.locator("[data-opens=person]:visible").click()
    return page


async def _looking_back(visit: Visit) -> Page:
    page = await _live(visit)
    await page.locator("#slide-previous").click()
    await page.locator("#slide-text summary").click()
    await expect(page.locator("#slide-text-body")).not_to_be_empty()
    return page


async def _settings(visit: Visit) -> Page:
    page = await _live(visit)
    await page.locator("#settings summary").click()
    return page


async def _over(visit: Visit) -> Page:
    page = await visit.go("/join")
    await page.evaluate("bearer => sessionStorage.setItem('relais.bearer', bearer)", visit.house.played.ended_bearer)
    await visit.go("/join")
    await expect(page.locator("#summary-body")).not_to_be_empty()
    return page


async def _alone(visit: Visit) -> Page:
    page = await visit.go("/assistant")
    await declare(page)
    await expect(page.locator("#question")).to_be_visible()
    return page


async def _alone_answered(visit: Visit) -> Page:
    page = await _alone(visit)
    await ask(page, ANSWERED)
    return page


ROOM_STATES = {
    "room-waiting": _waiting,
    "room-live": _live,
    "room-settings": _settings,
    "room-looking-back": _looking_back,
    "room-clarification": _clarified,
    "room-answer": _answered,
    "room-passage": _passage,
    "room-handover": _handed_over,
    "room-promise": _promised,
    "room-person": _requesting,
    "room-report": _reporting,
    "room-ended": _over,
    "room-assistant": _alone,
    "room-assistant-answer": _alone_answered,
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("state", ROOM_STATES)
async def test_the_room_is_sound(state: str, lang: str, visits: Visits, axe: Axe, look: Look) -> None:
    page = await ROOM_STATES[state](await visits(lang))

    await _finish(page, state, axe, look)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["lab", "lab-open", "lab-live"])
async def test_the_widget_on_a_foreign_page_is_sound(name: str, lang: str, visits: Visits, axe: Axe, look: Look) -> None:
    visit = await visits(lang)
    page = visit.page
    await page.goto(f"{visit.house.lab_url}/?lang={lang}")
    await expect(page.locator("relais-launcher button").first).to_be_visible()
    if name != "lab":
        await page.locator("relais-launcher button").first.click()
        frame = page.frame_locator("relais-launcher iframe")
        await expect(frame.locator("#profession")).to_be_visible()
        if name == "lab-live":
            await frame.locator("a[href^='/join']").click()
            await enter_by_code(frame, visit.house.played.stage_code, me=False, tracking=False)
            await expect(frame.locator(".door")).to_be_visible()
            rep = visit.house.played.rep
            for body in rep.bodies("hcp_arrived"):
                await rep.call("admit_hcp", {"participant_id": body["participant_id"]})
            await expect(frame.locator("#slide")).to_have_attribute("data-number", "3")

    await _finish(page, name, axe, look)


LEAFLET = """---
title: "Notice – ESSAI FICTIF 10 mg, comprimé"
---
# 1. Qu'est-ce que ESSAI FICTIF ?

Un comprimé fictif.
""".encode()
