"""Real Chromium on the real app with the demo's content: one browser for the run, a fresh context for each person.

`relais` is a server for one test alone, on a copy of the prepared demo; `house` is one for all tests that only look, with
sessions played in it. Every context is watched: a page that logs, strays or breaks its policy fails the test, whatever else it
checks.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
import pytest_asyncio
from played import House, Played, play
from playwright.async_api import Browser as Chromium
from playwright.async_api import FloatRect, Page, async_playwright
from running import Relais, free_port
from watching import Watch

from server import demo
from server.settings import Settings, from_environment

ARGUMENTS = (
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    # A picture and a tone in place of camera and microphone, granted without asking; and calls on one machine.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
)
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
WIDTHS = {1280: 800, 1024: 768, 390: 844}
PATIENCE = 8_000
# What repeats itself further down costs seconds and shows nothing new.
TALLEST = 3200
# A frame of another site is drawn by a process of its own, at its own pace.
DRAWN = """async () => {
    await Promise.allSettled([...document.images].filter(image => image.loading !== 'lazy').map(image => image.decode()));
    for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
}"""
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js"))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# What the fixtures of these names are: called with `await`.
Opens = Callable[..., Awaitable[Page]]
Axe = Callable[..., Awaitable[list[str]]]
Look = Callable[[Page, str], Awaitable[None]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Chromium]:
    """The system's Chromium."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("the browser tests need Chromium: apt-get install chromium", pytrace=False)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        await browser.close()


def _settings(folder: Path) -> Settings:
    """A demo in this folder; a lab's page on the port `lab` may show its widget."""
    port, lab = free_port(), free_port()
    settings = from_environment({"RELAIS_FOLDER": str(folder), "RELAIS_PORT": str(port)}, demo=True)
    return replace(settings, embed_origins=(f"http://localhost:{lab}",))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's people and documents, imported once; nobody serves it."""
    folder = tmp_path_factory.mktemp("demo")
    relais = Relais(_settings(folder))
    await relais.start()
    await demo.prepare(relais.app)
    await relais.close()
    return folder


@pytest_asyncio.fixture(loop_scope="session")
async def relais(prepared: Path, tmp_path: Path) -> AsyncIterator[Relais]:
    """A server for this test alone, with the demo's people and documents."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    relais = Relais(_settings(tmp_path))
    await relais.start()
    yield relais
    await relais.close()


@pytest_asyncio.fixture(loop_scope="session")
async def links(relais: Relais) -> demo.Links:
    """Where the demo's people go, with a fresh invitation for Dr Claire Fictif-Martin."""
    return await demo.prepare(relais.app)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A server for all tests that only look: sessions planned, live and over, inquiries in every state."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    relais = Relais(_settings(folder))
    await relais.start()
    lab = await _lab(relais)
    yield House(relais, lab.url, await play(relais))
    await lab.close()
    await relais.close()


@pytest.fixture
def played(house: House) -> Played:
    """What was played in the house."""
    return house.played


class Lab:
    """Somebody else's page with the widget on it, under two names: the one that may embed, and one that may not."""

    def __init__(self, url: str, close: Callable[[], Awaitable[None]]) -> None:
        self.url, self.close = url, close
        self.unlisted_url = url.replace("localhost", "127.0.0.1")


async def _lab(relais: Relais) -> Lab:
    (url,) = relais.settings.embed_origins
    listener = demo.listener_next_to(replace(relais.settings, port=int(url.rpartition(":")[2]) - 1))
    runner = await demo.lab_page(relais.app, listener)
    return Lab(url, runner.cleanup)


@pytest_asyncio.fixture(loop_scope="session")
async def lab(relais: Relais) -> AsyncIterator[Lab]:
    """The lab's site, on another origin than the server."""
    lab = await _lab(relais)
    yield lab
    await lab.close()


@pytest.fixture
def watch(request: pytest.FixtureRequest) -> Iterator[Watch]:
    """What went wrong in the pages of this test; it fails for anything that the test did not expect."""
    origins: list[str] = []
    if "house" in request.fixturenames:
        house: House = request.getfixturevalue("house")
        origins += [house.url, house.lab_url]
    if "relais" in request.fixturenames:
        origins.append(request.getfixturevalue("relais").url)
    if "lab" in request.fixturenames:
        lab: Lab = request.getfixturevalue("lab")
        origins += [lab.url, lab.unlisted_url]
    watch = Watch(*origins)
    yield watch
    assert watch.faults == []


@pytest_asyncio.fixture(loop_scope="session")
async def opens(chromium: Chromium, watch: Watch) -> AsyncIterator[Opens]:
    """`await opens(lang="fr", width=1280)`: an empty page in the browser of somebody new."""
    contexts = []

    async def opened(lang: str = "fr", width: int = 1280, height: int | None = None, **how: Any) -> Page:
        context = await chromium.new_context(
            locale=LOCALES[lang],
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
            viewport={"width": width, "height": height or WIDTHS.get(width, 800)},
            **how,
        )
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        contexts.append(context)
        return await context.new_page()

    yield opened
    for context in contexts:
        await context.close()


@pytest.fixture
def axe() -> Axe:
    """`await axe(page)`: what axe finds wrong with the page and the frames of ours in it."""
    source = AXE.read_text()

    async def violations(page: Page) -> list[str]:
        found = []
        # The widget's frame has no address before the first click.
        for frame in (frame for frame in page.frames if frame.url.startswith("http")):
            await frame.evaluate(source)
            report = await frame.evaluate(
                "values => axe.run(document, {runOnly: {type: 'tag', values}, iframes: false, resultTypes: ['violations']})",
                RULES,
            )
            found += [
                f"{rule['id']}: {node['target']} {node['failureSummary']}"
                for rule in report["violations"]
                for node in rule["nodes"]
            ]
        return found

    return violations


@pytest.fixture
def look() -> Look:
    """`await look(page, name)`: pictures of the whole page at three widths, for people to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)

    async def looked(page: Page, name: str) -> None:
        lang = await page.evaluate("document.documentElement.lang")
        before = page.viewport_size
        for width, height in WIDTHS.items():
            await page.set_viewport_size({"width": width, "height": height})
            frames = [frame for frame in page.frames if frame.url.startswith("http")]
            # A picture that is still on its way would be missing from ours.
            for frame in frames:
                await frame.evaluate(DRAWN)
            path = SHOTS / f"{name}-{lang}-{width}.png"
            # The whole height is taken by a moment of resizing, which a frame of another site does not follow in time.
            if len(frames) > 1:
                await page.screenshot(path=path)
                continue
            tall = min(await page.evaluate("document.documentElement.scrollHeight"), TALLEST)
            clip: FloatRect = {"x": 0, "y": 0, "width": width, "height": max(height, tall)}
            await page.screenshot(path=path, full_page=True, clip=clip)
        if before is not None:
            await page.set_viewport_size(before)

    return looked
