"""Audio and video between people in a session: with Chromium's own picture and tone in place of cameras and microphones."""

from __future__ import annotations

import asyncio
import re

import furnished
import pytest
import pytest_asyncio
from acting import enter_by_code
from conftest import Axe, Look, Opens
from played import MSL, REP, House, Playing
from playwright.async_api import FrameLocator, Locator, Page, expect
from running import Line
from watching import Watch

from server.people.reads import find_hcps

pytestmark = pytest.mark.asyncio(loop_scope="session")

# What the page was granted, and the connections it made: for tests to look at, and to upset.
KEPT = """
    window.granted = []; window.connections = [];
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async wanted => {
        const stream = await ask(wanted);
        granted.push(...stream.getTracks());
        return stream;
    };
    const Connection = RTCPeerConnection;
    window.RTCPeerConnection = class extends Connection { constructor(...how) { super(...how); connections.push(this); } };
"""
DENIED = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); };"
# What a page sees when its network changes under a call, which on one machine it does not.
FAILS = """() => {
    window.ufrag = connections[0].localDescription.sdp.match(/ice-ufrag:(.*)/)[1];
    Object.defineProperty(connections[0], 'connectionState', {value: 'failed', configurable: true});
    connections[0].dispatchEvent(new Event('connectionstatechange'));
}"""
RECOVERS = """() => {
    delete connections[0].connectionState;
    connections[0].dispatchEvent(new Event('connectionstatechange'));
}"""
MOVES = "video => video.videoWidth > 0 && video.currentTime > 1"


class Session:
    """A running session: the rep's line and console, and HCPs who come in."""

    def __init__(self, house: House, opens: Opens, rep: Line, code: str, detailing: str) -> None:
        self.house, self.line, self.code, self.detailing, self._opens = house, rep, code, detailing, opens

    async def staff(self, path: str, email: str, lang: str = "fr", **size: int) -> Page:
        """Somebody's page of the staff."""
        page = await self._opens(lang, **size)
        await page.add_init_script(KEPT)
        await page.context.add_cookies([await self.house.cookie(email)])
        await page.goto(f"{self.house.url}{path}?lang={lang}")
        return page

    async def rep(self, lang: str = "fr", **size: int) -> Page:
        """The rep's console."""
        return await self.staff(f"/console/{self.detailing}", REP, lang, **size)

    async def hcp(self, lang: str = "fr", before: str = KEPT, **size: int) -> Page:
        """An HCP in the room."""
        page = await self._opens(lang, **size)
        await page.add_init_script(before)
        await page.goto(f"{self.house.url}/join?lang={lang}")
        await self.let_in(page)
        return page

    async def let_in(self, place: Page | FrameLocator) -> None:
        """The code, and the rep's yes."""
        await enter_by_code(place, self.code)
        await self.line.until(lambda: self.line.bodies("hcp_arrived") != [])
        await self.line.call("admit_hcp", {"participant_id": self.line.bodies("hcp_arrived")[-1]["participant_id"]})
        await expect(place.locator("#slide")).to_be_visible()


@pytest_asyncio.fixture(loop_scope="session")
async def session(house: House, opens: Opens) -> Session:
    """A live session on its second slide."""
    hugo = (await house.relais.store.read(find_hcps))[0].id
    detailing, invited, rep = await Playing(house.relais).session(hugo)
    await rep.call("start_detailing")
    await rep.call("show_slide", {"number": 2})
    return Session(house, opens, rep, invited.code, detailing)


async def join(place: Page | FrameLocator, how: str = "seen") -> None:
    """Open the mirror and go in."""
    await place.locator("#call-open").click()
    await expect(place.locator("#call-join-seen")).to_be_enabled()
    await place.locator(f"#call-join-{how}").click()
    await expect(place.locator("#call")).to_be_visible()


def sign(page: Page, what: str) -> Locator:
    """What the pictures of the others say of them, in words."""
    return others(page).get_by_text(what, exact=True)


def others(place: Page | FrameLocator) -> Locator:
    """The pictures of the others."""
    return place.locator("#call-people > :not(.mine)")


async def moves(picture: Locator) -> None:
    """Wait until the picture has been moving for a second."""
    video = await picture.locator("video").element_handle()
    assert video is not None
    frame = await video.owner_frame()
    assert frame is not None
    await frame.wait_for_function(MOVES, arg=video)


async def test_rep_and_hcp_see_each_other_mute_and_hang_up(session: Session) -> None:
    rep, hcp = await session.rep(), await session.hcp()
    assert await hcp.evaluate("granted.length") == 0

    await join(rep)
    await expect(hcp.locator("#call-open").get_by_text("en cours")).to_be_visible()
    await hcp.locator("#call-open").focus()
    await hcp.keyboard.press("Enter")
    await expect(hcp.locator("#call-join-seen")).to_be_enabled()
    await hcp.keyboard.press("Escape")
    await expect(hcp.locator("#call-open")).to_be_focused()
    await hcp.wait_for_function("() => granted.length === 2 && granted.every(t => t.readyState === 'ended')")
    await join(hcp)

    await moves(others(rep))
    await moves(others(hcp))
    await expect(others(hcp)).to_contain_text("Camille Fictive")
    await expect(rep.locator("#participants").get_by_text("dans l’appel")).to_be_visible()
    await hcp.get_by_role("button", name="Couper le micro").click()
    await expect(sign(rep, "Micro coupé")).to_be_visible()
    await expect(hcp.get_by_role("button", name="Rétablir le micro")).to_be_visible()
    await hcp.get_by_role("button", name="Couper la caméra").click()
    await expect(sign(rep, "Sans vidéo")).to_be_visible()
    assert set(await hcp.evaluate("granted.filter(t => t.kind === 'video').map(t => t.readyState)")) == {"ended"}
    await hcp.get_by_role("button", name="Rétablir la caméra").click()
    await expect(others(rep).locator(".call-face")).to_be_hidden()

    await hcp.get_by_role("button", name="Micro et caméra").click()
    await hcp.get_by_label("Micro", exact=True).select_option(label="Fake Audio Input 2")
    await hcp.wait_for_function("() => granted.at(-1).label === 'Fake Audio Input 2'")
    assert await hcp.evaluate("granted.filter(t => t.kind === 'audio' && t.readyState === 'live').length") == 1
    await hcp.get_by_role("button", name="Terminé").click()
    await expect(hcp.get_by_role("button", name="Micro et caméra")).to_be_focused()

    await hcp.get_by_role("button", name="Quitter l’appel").click()

    await expect(others(rep)).to_have_count(0)
    await expect(hcp.locator("#call-open")).to_be_focused()
    assert set(await hcp.evaluate("granted.map(t => t.readyState)")) == {"ended"}


async def test_three_who_call_at_once_are_all_connected_and_stay_so_when_all_offer_again(session: Session, axe: Axe) -> None:
    """Glare: everyone offers everyone anew in the same moment.

    Seen to fail, as it must: without a polite side the connections did not settle.
    """
    await furnished.come_in(session.house.relais, await Playing(session.house.relais).account(MSL), session.detailing)
    msl = await session.staff(f"/desk/sessions/{session.detailing}", MSL)
    people = [await session.rep(), await session.hcp(), msl]

    await asyncio.gather(*(join(page, "unseen" if page is msl else "seen") for page in people))

    for page in people:
        await expect(others(page)).to_have_count(2)
        await expect(page.locator(".call-waiting:visible")).to_have_count(0)
    await moves(others(people[0]).filter(has_text="Fictif-Bernard"))
    await expect(others(people[0]).filter(has_text="MSL").get_by_text("Sans vidéo")).to_be_visible()
    assert await msl.evaluate("granted.filter(t => t.kind === 'video').map(t => t.readyState)") == ["ended"]

    assert await axe(msl) == []

    await asyncio.gather(*(page.evaluate("connections.forEach(one => one.restartIce())") for page in people))

    for page in people:
        await page.wait_for_function(
            "() => connections.every(one => one.signalingState === 'stable' && one.connectionState === 'connected')"
        )
        assert await page.evaluate("connections.length") == 2


async def test_who_refuses_camera_and_microphone_reads_how_to_allow_them_listens_and_goes_on(session: Session) -> None:
    rep, hcp = await session.rep(), await session.hcp(before=DENIED)
    await join(rep)
    await hcp.locator("#call-open").click()
    await expect(hcp.get_by_role("alert")).to_contain_text("réglages du site")
    await expect(hcp.locator("#call-join-seen")).to_be_disabled()

    await hcp.get_by_role("button", name="Rejoindre en écoute seule").click()

    await moves(others(hcp))
    await expect(sign(rep, "Micro coupé")).to_be_visible()
    await rep.get_by_role("button", name="Suivante").click()
    await expect(hcp.locator("#slide")).to_have_attribute("data-number", "3")
    await hcp.get_by_label("Au délégué").check()
    await hcp.locator("#question").fill("Je vous entends.")
    await hcp.locator("#question").press("Enter")
    await session.line.hears("message_heard")


async def test_in_the_frame_on_a_labs_site_the_call_works_and_ends_with_the_session(session: Session, opens: Opens) -> None:
    rep, site = await session.rep(), await opens(width=1024)
    await site.add_init_script(KEPT)
    await site.goto(session.house.lab_url)
    await site.get_by_role("button", name=re.compile("Une question sur nos médicaments")).click()
    widget = site.frame_locator("iframe")
    await widget.get_by_role("link", name=re.compile("code")).first.click()
    await session.let_in(widget)
    await join(widget)
    await join(rep)
    await moves(others(widget))
    await moves(others(rep))

    await rep.locator("#end").click()
    await rep.locator("#ending-reason").fill("Le médecin a été appelé.")
    await rep.locator("#ending [value=end]").click()

    await expect(widget.locator(".summary")).to_be_visible()
    (frame,) = [frame for frame in site.frames if frame.url.startswith(session.house.url)]
    assert set(await frame.evaluate("granted.map(t => t.readyState)")) == {"ended"}
    await expect(rep.locator("#call")).to_be_hidden()


@pytest.mark.parametrize("lang", ["fr", "en"])
async def test_a_call_is_sound_and_leaves_slide_and_composer_their_place(
    lang: str, session: Session, axe: Axe, look: Look
) -> None:
    rep, hcp = await session.rep(lang), await session.hcp(lang)
    await hcp.locator("#call-open").click()
    await expect(hcp.locator("#call-join-seen")).to_be_enabled()
    assert await axe(hcp) == []
    await look(hcp, "call-mirror")
    await hcp.locator("#call-join-seen").click()
    await join(rep)
    await moves(others(hcp))
    await hcp.locator("#call-microphone").click()
    await expect(others(rep).locator("[data-sign=muted]")).to_be_visible()

    assert await axe(rep) == []
    assert await axe(hcp) == []
    await look(hcp, "call")
    for width, height in ((1280, 800), (1024, 768), (420, 680), (390, 844), (844, 390)):
        await hcp.set_viewport_size({"width": width, "height": height})
        parts = {}
        for part in ("#slide", "#call", "#composer", "#call-leave"):
            box = await hcp.locator(part).bounding_box()
            assert box is not None
            parts[part] = box
            assert box["y"] >= 0, (width, part)
            assert box["y"] + box["height"] <= height, (width, part)
        assert min(parts["#call-leave"]["width"], parts["#call-leave"]["height"]) >= 44
        overlaps = "([a, b]) => !(a.y + a.height <= b.y || b.y + b.height <= a.y || a.x + a.width <= b.x || b.x + b.width <= a.x)"
        for part in ("#slide", "#composer"):
            assert not await hcp.evaluate(overlaps, [parts["#call"], parts[part]]), (width, part)


async def test_a_call_outlives_a_line_that_is_cut_and_says_when_it_is_interrupted_itself(session: Session, watch: Watch) -> None:
    """Seen to fail, as it must: not said again at the next connection, the call went on without this page."""
    watch.expect("ERR_INTERNET_DISCONNECTED")
    rep, hcp = await session.rep(), await session.hcp()
    await join(rep)
    await join(hcp, "unseen")
    await expect(hcp.locator("#call-microphone")).to_be_focused()
    await expect(rep.locator(".call-waiting:visible")).to_have_count(0)
    await expect(others(rep)).to_have_count(1)

    await hcp.context.set_offline(True)
    await expect(hcp.locator("#line-notice")).to_be_visible()
    await hcp.context.set_offline(False)
    await expect(hcp.locator("#line-notice")).to_be_hidden()
    await rep.get_by_role("button", name="Couper le micro").click()
    await expect(sign(hcp, "Micro coupé")).to_be_visible()
    assert await rep.evaluate("connections.length") == 1

    await rep.evaluate(FAILS)
    await expect(rep.locator("#call-news")).to_have_text("Appel interrompu avec Dr Hugo Fictif-Bernard, nouvelle tentative…")
    await expect(others(rep).get_by_text("Appel interrompu, nouvelle tentative…")).to_be_visible()
    await rep.evaluate(RECOVERS)
    await expect(rep.locator("#call-news")).to_have_text("Appel rétabli avec Dr Hugo Fictif-Bernard.")
    await rep.wait_for_function("() => connections[0].localDescription.sdp.match(/ice-ufrag:(.*)/)[1] !== ufrag")
    assert await hcp.evaluate("connections.length") == 1
