"""HCPs take part: by one click each, in their language, at every width; and the room keeps their place."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import pytest
import pytest_asyncio
from acting import THINKING, ask, enter_by_code
from conftest import Axe, Look, Opens
from played import ANSWERED, House, Playing
from playwright.async_api import Page, expect
from running import Line

from server.people.reads import find_hcps

pytestmark = pytest.mark.asyncio(loop_scope="session")
Enter = Callable[..., Awaitable[Page]]


class Session:
    """A running session of its own: the rep's line, and HCPs who come in."""

    def __init__(self, house: House, opens: Opens, rep: Line, code: str, detailing: str) -> None:
        self.house, self.rep, self.code, self.detailing = house, rep, code, detailing
        self._opens = opens

    async def hcp(self, lang: str = "fr", width: int = 1280, height: int | None = None, before: str = "", **how: object) -> Page:
        """An HCP, let in, with the slide before them; `before` runs in the page before anything else."""
        page = await self._opens(lang, width, height, **how)
        if before:
            await page.add_init_script(before)
        await page.goto(f"{self.house.url}/join?lang={lang}")
        await enter_by_code(page, self.code)
        await self.rep.until(lambda: self.rep.bodies("hcp_arrived") != [])
        await self.rep.call("admit_hcp", {"participant_id": self.rep.bodies("hcp_arrived")[-1]["participant_id"]})
        await expect(page.locator("#slide")).to_be_visible()
        return page


@pytest_asyncio.fixture(loop_scope="session")
async def session(house: House, opens: Opens) -> Session:
    """A live session on slide 5, the one with a table."""
    claire = (await house.relais.store.read(find_hcps))[0].id
    detailing, invited, rep = await Playing(house.relais).session(claire)
    await rep.call("start_detailing")
    for number in (4, 5):
        await rep.call("show_slide", {"number": number})
    return Session(house, opens, rep, invited.code, detailing)


async def test_hand_and_reactions_are_one_click_named_and_reversible(session: Session) -> None:
    page = await session.hcp()
    for name in ("Lever la main", "Utile", "Pas clair", "À approfondir", "Merci"):
        button = page.locator("#taking-part").get_by_role("button", name=name, exact=True)
        await button.click()
        await expect(button).to_have_attribute("aria-pressed", "true")
        await button.click()
        await expect(button).to_have_attribute("aria-pressed", "false")
        box = await button.bounding_box()
        assert box is not None
        assert min(box["height"], box["width"]) >= 44


async def test_a_reaction_belongs_to_the_slide_on_screen(session: Session) -> None:
    page = await session.hcp()
    useful = page.locator("[data-reaction=useful]")
    await useful.click()
    await expect(useful).to_have_attribute("aria-pressed", "true")

    await page.get_by_role("button", name="Diapositive précédente").click()

    await expect(useful).to_have_attribute("aria-pressed", "false")
    await page.reload()
    await expect(useful).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("lang", ["fr", "en"])
async def test_a_poll_and_documents_in_every_state(lang: str, session: Session, axe: Axe, look: Look) -> None:
    page = await session.hcp(lang)
    poll = page.locator("#poll")
    await session.rep.call("start_poll", {"number": 1})
    first, second = poll.get_by_role("button").nth(0), poll.get_by_role("button").nth(1)
    await first.click()
    await expect(first).to_have_attribute("aria-pressed", "true")
    await second.click()
    await expect(second).to_have_attribute("aria-pressed", "true")
    await expect(first).to_have_attribute("aria-pressed", "false")
    label = session.house.played.label
    await session.rep.call("offer_document", {"edition_id": label})
    await expect(page.locator("#documents a").first).to_be_visible()
    await look(page, "taking-part-poll")
    assert await axe(page) == []

    await session.rep.call("show_poll_result", {"number": 1})

    await expect(poll.locator(".poll-result").nth(1)).to_contain_text(re.compile("1 ?\\(100.?%"))
    await look(page, "taking-part-result")
    assert await axe(page) == []
    async with page.context.expect_page() as opening:
        await page.locator("#documents a.handout").click()
    document = await opening.value
    await expect(document.locator("h1")).to_be_visible()
    await session.rep.hears("document_received")
    assert await axe(document) == []
    await look(document, "document")
    await document.close()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (420, 680), (844, 390)])
async def test_slide_and_composer_stay_in_the_window_of_a_phone(width: int, height: int, session: Session) -> None:
    page = await session.hcp(width=width, height=height)
    await session.rep.call("start_poll", {"number": 2})
    await expect(page.locator("#poll button").first).to_be_visible()

    for part in ("#slide", "#question", "#composer button"):
        box = await page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] >= 0, part
        assert box["y"] + box["height"] <= height, part
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    viewport = await page.locator("meta[name=viewport]").get_attribute("content")
    assert "user-scalable" not in str(viewport)
    assert "maximum-scale" not in str(viewport)


async def test_the_slide_takes_most_of_a_wide_window(session: Session) -> None:
    page = await session.hcp(width=1280)
    box = await page.locator("#stage").bounding_box()
    assert box is not None
    assert box["width"] >= 0.6 * 1280


async def test_a_phone_gets_the_small_picture_whatever_its_density(session: Session) -> None:
    page = await session.hcp(width=390, device_scale_factor=3)
    await expect(page.locator("#slide")).to_have_js_property("complete", True)

    assert "-800.webp" in await page.locator("#slide").evaluate("image => image.currentSrc")


SAVING = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"


@pytest.mark.parametrize(("before", "preloaded"), [("", True), (SAVING, False)], ids=["always", "not with Save-Data"])
async def test_the_next_slide_is_fetched_once_the_current_one_is_there(before: str, preloaded: bool, session: Session) -> None:
    page = await session.hcp(before=before)
    await expect(page.locator("#slide")).to_have_js_property("complete", True)
    log: list[tuple[str, str]] = []
    for event in ("request", "requestfinished"):
        page.on(event, lambda request, event=event: log.append((event, request.url.rpartition("/")[2].partition("-")[0])))

    await session.rep.call("show_slide", {"number": 7})
    await expect(page.locator("#slide-caption")).to_contain_text("7 sur 15")
    await page.wait_for_timeout(1000)

    assert ("requestfinished", "7") in log
    assert (("request", "8") in log[log.index(("requestfinished", "7")) :]) == preloaded
    assert ("request", "8") not in log[: log.index(("requestfinished", "7"))]


async def test_the_words_of_a_slide_are_one_click_away_with_tables_as_tables(session: Session, axe: Axe, look: Look) -> None:
    page = await session.hcp()
    await page.locator("#slide-text summary").click()

    table = page.locator("#slide-text-body table")
    await expect(table.locator("th")).to_have_text(["Clairance de la créatinine", "Dose maximale préconisée"])
    await expect(table.locator("tbody tr")).to_have_count(4)
    assert re.fullmatch("Diapositive 5 sur 15.: .+", str(await page.locator("#slide").get_attribute("alt")))
    await look(page, "slide-text")
    assert await axe(page) == []


async def test_looking_back_moves_nobody_and_one_click_rejoins(session: Session) -> None:
    page = await session.hcp()
    await page.get_by_role("button", name="Diapositive précédente").click()
    await expect(page.locator("#slide-caption")).to_contain_text("4 sur 15")
    await session.rep.call("show_slide", {"number": 6})
    pill = page.get_by_role("button", name="Rejoindre le délégué (diapo 6)")
    await expect(pill).to_be_visible()

    await pill.click()

    await expect(page.locator("#slide-caption")).to_contain_text("6 sur 15")
    await expect(pill).to_be_hidden()
    await page.get_by_role("button", name="Diapositive précédente").click()
    await session.rep.call("call_everyone")
    await expect(page.locator("#slide-caption")).to_contain_text("6 sur 15")


async def test_slide_changes_are_announced_politely_and_can_be_silenced(session: Session) -> None:
    page = await session.hcp()
    announcer = page.locator("#slide-announcer")
    await expect(page.locator("#question")).to_be_enabled()
    await page.locator("#question").focus()
    await session.rep.call("show_slide", {"number": 6})
    await expect(announcer).to_contain_text("Diapositive 6 sur 15")
    assert await page.evaluate("document.activeElement.id") == "question"

    await page.locator("#settings summary").click()
    await page.get_by_label("Annoncer les changements de diapositive").uncheck()
    await session.rep.call("show_slide", {"number": 8})

    await expect(page.locator("#slide-caption")).to_contain_text("8 sur 15")
    await expect(announcer).to_contain_text("Diapositive 6 sur 15")


async def test_a_reload_comes_back_to_the_slide_on_screen(session: Session) -> None:
    page = await session.hcp()
    await session.rep.call("show_slide", {"number": 9})
    await expect(page.locator("#slide-caption")).to_contain_text("9 sur 15")

    await page.reload()

    await expect(page.locator("#slide-caption")).to_contain_text("9 sur 15")


async def test_only_time_before_a_visible_slide_counts(session: Session) -> None:
    page = await session.hcp()
    await page.wait_for_timeout(2300)
    await page.evaluate(
        "() => { Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    seen = await session.rep.hears("slide_viewed")
    assert 2000 <= seen["milliseconds"] <= 15_000

    await page.wait_for_timeout(1500)
    await page.evaluate(
        "() => { Object.defineProperty(document, 'visibilityState', {value: 'visible', configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    await session.rep.call("show_slide", {"number": 6})

    await expect(page.locator("#slide-caption")).to_contain_text("6 sur 15")
    await page.wait_for_timeout(300)
    views = [view["milliseconds"] for view in session.rep.bodies("slide_viewed") if view["number"] == 5]
    assert sum(views) < seen["milliseconds"] + 1500


@pytest.mark.parametrize("lang", ["fr", "en"])
async def test_an_answer_can_be_judged_with_a_reason_and_that_taken_back(lang: str, session: Session, look: Look) -> None:
    page = await session.hcp(lang)
    await ask(page, ANSWERED)
    names = {"fr": ("Pas utile", "Incomplète"), "en": ("Not useful", "Incomplete")}[lang]
    log = page.locator("#log")
    for name in names:
        await log.get_by_role("button", name=name, exact=True).click(timeout=THINKING)
        await expect(log.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
    await look(page, "judged")

    await log.get_by_role("button", name=names[0], exact=True).click()

    await expect(log.get_by_role("button", name=names[1], exact=True)).to_have_count(0)


async def test_the_rep_asks_closes_shows_and_hands_over_from_the_console(
    session: Session, opens: Opens, house: House, axe: Axe, look: Look
) -> None:
    hcp = await session.hcp()
    await hcp.locator("#hand").click()
    await hcp.locator("[data-reaction=more]").click()
    console = await opens("fr")
    await console.context.add_cookies([await house.cookie("delegue@demo.invalid")])
    await console.goto(f"{house.url}/console/{session.detailing}?lang=fr")
    await expect(console.locator("#participants tbody tr")).to_contain_text("Main levée")
    await expect(console.locator("#hands-count")).to_have_text(re.compile("1 main levée"))
    await expect(console.locator("#reactions")).to_contain_text("À approfondir : 1")
    await console.get_by_text("Questions approuvées du support").click()
    await console.get_by_role("button", name="Poser la question").first.click()
    await hcp.locator("#poll button").first.click()
    await expect(console.locator("#polls .poll-result").first).to_contain_text("1")
    await console.get_by_text("Documents à remettre").click()
    await console.get_by_role("button", name="Remettre").first.click()
    await look(console, "console-offers")
    assert await axe(console) == []

    await console.get_by_role("button", name="Montrer le résultat").click()

    await expect(hcp.locator("#poll .poll-result").first).to_contain_text("votre réponse")
    await console.get_by_role("button", name="Baisser la main").click()
    await expect(hcp.locator("#hand")).to_have_attribute("aria-pressed", "false")
    await expect(console.locator("#hands-count")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["dark", "forced"])
async def test_taking_part_is_usable_in_the_dark_and_with_forced_colours(scheme: str, session: Session, look: Look) -> None:
    how = {"color_scheme": "dark"} if scheme == "dark" else {"forced_colors": "active"}
    page = await session.hcp(**how)
    await session.rep.call("start_poll", {"number": 1})
    await page.locator("#poll button").first.click()
    await expect(page.locator("#poll button").first).to_have_attribute("aria-pressed", "true")
    await look(page, f"taking-part-{scheme}")


# What a proxy that lets no WebSocket through looks like from the page.
BLOCKED = """window.WebSocket = class {
    constructor() { setTimeout(() => { this.onerror?.(new Event('error')); this.onclose?.(new CloseEvent('close')); }, 50); }
    send() {}
    close() {}
}"""


async def test_the_waiting_room_says_who_lets_in_and_works_without_websockets(session: Session, opens: Opens) -> None:
    page = await opens("fr", 390)
    await page.add_init_script(BLOCKED)
    await page.goto(f"{session.house.url}/join?lang=fr")
    await enter_by_code(page, session.code)
    await expect(page.get_by_role("heading", name="Le délégué va vous faire entrer")).to_be_visible()
    report = page.get_by_role("button", name="Signaler un effet indésirable")
    await expect(report.filter(visible=True)).to_have_count(1)
    arrived = await session.rep.hears("hcp_arrived")

    await session.rep.call("admit_hcp", {"participant_id": arrived["participant_id"]})

    await expect(page.locator("#slide-caption")).to_contain_text("5 sur 15")
    await expect(report.filter(visible=True)).to_have_count(1)


async def test_enter_sends_shift_enter_breaks_and_a_word_being_composed_is_not_sent(session: Session) -> None:
    page = await session.hcp()
    field = page.locator("#question")
    await field.fill("Une ligne")
    await field.press("Shift+Enter")
    await field.press_sequentially("une autre")
    composing = "{key: 'Enter', isComposing: true, bubbles: true, cancelable: true}"
    await field.evaluate(f"field => field.dispatchEvent(new KeyboardEvent('keydown', {composing}))")
    await expect(field).to_have_value("Une ligne\nune autre")

    await field.press("Enter")

    await expect(field).to_have_value("")
    await expect(page.locator("#log .entry.mine")).to_contain_text("une autre")


async def test_the_log_is_walked_with_arrows_and_escape_goes_back_to_writing(session: Session) -> None:
    page = await session.hcp()
    await ask(page, ANSWERED)
    await page.locator("#log").focus()
    for key, kind in (("End", "reply"), ("ArrowUp", "mine"), ("ArrowDown", "reply"), ("Home", "mine")):
        await page.keyboard.press(key)
        assert kind in str(await page.evaluate("document.activeElement.className")), key
    await page.keyboard.press("Escape")
    assert await page.evaluate("document.activeElement.id") == "question"
    await expect(page.locator("#log")).to_have_attribute("aria-live", "polite")


@pytest.mark.parametrize(("lang", "date"), [("fr", "21 septembre 2017"), ("en", "21 September 2017")])
async def test_dates_are_spelt_as_the_reader_spells_them(lang: str, date: str, session: Session) -> None:
    page = await session.hcp(lang)
    await session.rep.call("offer_document", {"edition_id": session.house.played.label})

    await expect(page.locator("#documents")).to_contain_text(date)
