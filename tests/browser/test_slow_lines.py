"""How soon the slide is there on a slow line, and that nothing jumps: measured in the browser, beside what is promised."""

from __future__ import annotations

import statistics

import pytest
from acting import confirm, sign_in
from conftest import Opens
from played import REP
from playwright.async_api import Page, expect

from server.demo import Links

pytestmark = pytest.mark.asyncio(loop_scope="session")

# kbit/s, round trip in ms, and within how many ms the slide is promised (W-05).
LINES = {"400 kbit/s, 400 ms": (400, 400, 2500), "1.6 Mbit/s, 150 ms": (1600, 150, 1000)}
# Other work on the machine takes time that is not the line's.
NOISE = 1000
LOOK = """() => {
    window.seen = {shifts: 0};
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.seen.shifts += entry.value;
    }).observe({type: 'layout-shift', buffered: true});
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) window.seen.largest = entry.startTime;
    }).observe({type: 'largest-contentful-paint', buffered: true});
}"""
SEEN = """() => {
    const sizes = kind => performance.getEntriesByType('resource')
        .filter(({name}) => new URL(name).pathname.endsWith(kind)).reduce((sum, {encodedBodySize}) => sum + encodedBodySize, 0);
    const slide = performance.getEntriesByName(document.querySelector('#slide').currentSrc)[0];
    return {...window.seen, slide: slide.responseEnd, scripts: sizes('.js'), style: sizes('.css'), image: sizes('.webp')};
}"""


@pytest.mark.parametrize("line", LINES)
async def test_the_first_slide_is_there_soon_and_nothing_jumps(
    line: str, links: Links, opens: Opens, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cold: a browser that was never here. From the click that enters, or returns, to the pixels of the slide on screen."""
    speed, round_trip, promised = LINES[line]
    rep, hcp = await opens(), await opens(width=390)
    await hcp.add_init_script(f"({LOOK})()")
    await live(rep, hcp, links)

    await slow_down(hcp, speed, round_trip)
    await hcp.reload()
    await expect(hcp.locator("#slide")).to_have_js_property("complete", True, timeout=20_000)
    await expect(hcp.locator("#question")).to_be_enabled(timeout=20_000)
    seen = await hcp.evaluate(SEEN)

    times = f"slide after {seen['slide']:.0f} ms (promised {promised}), largest paint {seen['largest']:.0f} ms"
    weights = f"{seen['scripts']} B scripts, {seen['style']} B style, {seen['image']} B images"
    with capsys.disabled():
        print(f"\n{line}: {times}, shifts {seen['shifts']:.3f}; {weights}")
    assert seen["slide"] <= promised + NOISE
    assert seen["shifts"] <= 0.02


async def test_a_slide_change_reaches_the_hcp_at_once(links: Links, opens: Opens, capsys: pytest.CaptureFixture[str]) -> None:
    """W-07: fifty changes, from the key that the rep presses to the slide's number on the HCP's page, on one machine."""
    rep, hcp = await opens(), await opens()
    await live(rep, hcp, links)
    await rep.evaluate("window.pressed = []; addEventListener('keydown', () => window.pressed.push(Date.now()), {capture: true})")
    await hcp.evaluate(
        """() => {
            window.shown = [];
            new MutationObserver(() => window.shown.push(Date.now()))
                .observe(document.querySelector('#slide'), {attributeFilter: ['data-number']});
        }"""
    )

    for change in range(50):
        key, number = ("ArrowLeft", "1") if change % 2 else ("ArrowRight", "2")
        await rep.keyboard.press(key)
        await expect(hcp.locator("#slide")).to_have_attribute("data-number", number)
        await expect(rep.locator("#counter")).to_have_text(f"{number} / 15")

    pressed, shown = await rep.evaluate("window.pressed"), await hcp.evaluate("window.shown")
    took = sorted(after - before for before, after in zip(pressed, shown, strict=True))
    with capsys.disabled():
        print(f"\nslide change: median {statistics.median(took):.0f} ms, p95 {took[47]} ms (promised 100), slowest {took[-1]} ms")
    assert statistics.median(took) <= 100 + NOISE


async def live(rep: Page, hcp: Page, links: Links) -> None:
    await sign_in(rep, links.console, REP)
    await hcp.goto(links.hcp_room)
    await confirm(hcp)
    await rep.get_by_role("button", name="Faire entrer").click()
    await rep.get_by_role("button", name="Commencer").click()
    await expect(hcp.locator("#slide")).to_have_attribute("data-number", "1")


async def slow_down(page: Page, kilobits: int, round_trip: int) -> None:
    """A line of this speed, with nothing cached."""
    line = await page.context.new_cdp_session(page)
    throughput = kilobits * 1000 / 8
    await line.send("Network.enable")
    await line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": round_trip, "downloadThroughput": throughput, "uploadThroughput": throughput},
    )
