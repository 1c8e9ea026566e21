"""Every address of the server: who is let in, what every answer carries, what leads nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

import furnished
import pytest
from aiohttp import FormData
from furnished import Account, SignedIn
from running import Page, Relais

from server.edge.keys import PAGES
from server.edge.pages import FRAMED
from server.store import new_id

ANYONE = frozenset({"nobody", "rep", "msl", "content", "admin"})
STAFF = ANYONE - {"nobody"}
# Who is let in: to be refused afterwards because a thing is not there, or not theirs, is another matter.
LET_IN: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/"): STAFF,
    ("GET", "/sign-in"): ANYONE,
    ("POST", "/sign-in"): ANYONE,
    ("POST", "/sign-out"): ANYONE,
    ("GET", "/accounts"): frozenset({"admin"}),
    ("POST", "/accounts"): frozenset({"admin"}),
    ("GET", "/console"): frozenset({"rep"}),
    ("POST", "/console"): frozenset({"rep"}),
    ("GET", "/console/{detailing_id}"): frozenset({"rep"}),
    ("GET", "/console/{detailing_id}/invitations"): frozenset({"rep"}),
    ("POST", "/console/{detailing_id}/invitations"): frozenset({"rep"}),
    ("POST", "/console/invitations/calendar"): frozenset({"rep"}),
    ("POST", "/console/invitations/{invitation_id}/renew"): frozenset({"rep"}),
    ("POST", "/console/invitations/{invitation_id}/revoke"): frozenset({"rep"}),
    ("GET", "/console/invitations/{invitation_id}/cancellation.ics"): frozenset({"rep"}),
    ("GET", "/console/{detailing_id}/preview"): frozenset({"rep"}),
    ("POST", "/console/rehearsals"): frozenset({"rep"}),
    ("POST", "/console/{detailing_id}/stand-in"): frozenset({"rep"}),
    ("GET", "/console/{detailing_id}/report"): frozenset({"rep"}),
    ("POST", "/console/{detailing_id}/report"): frozenset({"rep"}),
    ("POST", "/console/{detailing_id}/report/amendments"): frozenset({"rep"}),
    ("GET", "/desk"): frozenset({"msl"}),
    ("GET", "/desk/sessions/{detailing_id}"): frozenset({"msl"}),
    ("POST", "/desk/sessions/{detailing_id}"): frozenset({"msl"}),
    ("GET", "/desk/{inquiry_id}"): frozenset({"msl"}),
    ("GET", "/content"): frozenset({"content", "admin"}),
    ("POST", "/content"): frozenset({"content"}),
    ("GET", "/content/{edition_id}"): frozenset({"content", "admin"}),
    ("POST", "/content/{edition_id}/approve"): frozenset({"content"}),
    ("POST", "/content/{edition_id}/withdraw"): frozenset({"content"}),
    ("GET", "/hcps"): frozenset({"rep", "msl", "admin"}),
    ("GET", "/hcps/{hcp_id}"): frozenset({"rep", "msl", "admin"}),
    ("GET", "/embed.js"): ANYONE,
    ("GET", "/join"): ANYONE,
    ("POST", "/join"): ANYONE,
    ("GET", "/room"): ANYONE,
    ("POST", "/room"): ANYONE,
    ("GET", "/assistant"): ANYONE,
    ("POST", "/assistant"): ANYONE,
    ("POST", "/api/acts"): frozenset({"msl"}),
    ("POST", "/api/consent"): ANYONE,
    ("POST", "/api/ticket"): frozenset({"msl"}),
    ("GET", "/media/{key}/{number}-{width}.webp"): ANYONE,
    ("GET", "/media/{key}/{number}.json"): ANYONE,
    ("GET", "/media/{key}/documents/{edition_id}"): ANYONE,
    ("GET", "/editions/{edition_id}/slides/{number}-{width}.webp"): STAFF,
    ("GET", "/editions/{edition_id}/slides/{number}.json"): STAFF,
    ("GET", "/api/passages/{passage_id}"): ANYONE,
    ("GET", "/static/{version}/{name}"): ANYONE,
    ("GET", "/healthz"): ANYONE,
    ("GET", "/socket.io/"): ANYONE,
    ("POST", "/socket.io/"): ANYONE,
    ("OPTIONS", "/socket.io/"): ANYONE,
}
HEADERS = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cache-Control",
    "Cross-Origin-Resource-Policy",
}
TRAVERSALS = [
    "/static/{version}/../../pyproject.toml",
    "/static/{version}/..%2f..%2fpyproject.toml",
    "/static/{version}/%2e%2e/%2e%2e/pyproject.toml",
    "/static/{version}/..%5c..%5cpyproject.toml",
    "/static/{version}//etc/passwd",
    "/static/{version}/%00",
    "/static/../server/settings.py",
    "/media/../secret",
    "/media/..%2f..%2fsecret/1.json",
    "/media/x/..%2f..%2f1-800.webp",
    "/media/x/1-800.webp%00.json",
    "/editions/..%2f..%2fsecret/slides/1-800.webp",
    "/editions/../secret",
]


def _routes(relais: Relais) -> Iterator[tuple[str, str]]:
    for route in relais.app.router.routes():
        if route.method != "HEAD" and route.resource is not None:
            yield route.method, route.resource.canonical


def _address(canonical: str) -> str:
    """A path of this route that names nothing that exists."""
    return canonical.format(
        **dict.fromkeys(
            ("detailing_id", "invitation_id", "inquiry_id", "edition_id", "hcp_id", "passage_id", "key", "version"), new_id()
        ),
        number="1",
        width="800",
        name="embed.js",
    )


async def _ask(relais: Relais, browser: furnished.Browser, method: str, canonical: str) -> Page:
    how = {"json": {}} if canonical.startswith("/api/") else {"data": {"nothing": ""}} if method == "POST" else {}
    return await browser.request(method, _address(canonical), **how)


async def test_every_route_says_who_is_let_in(relais: Relais) -> None:
    assert set(_routes(relais)) == set(LET_IN)


@pytest.mark.parametrize("who", sorted(ANYONE))
async def test_nobody_is_let_in_where_their_role_does_not_lead(who: str, relais: Relais, sign_in: SignedIn) -> None:
    wrong = []
    for (method, canonical), let_in_here in LET_IN.items():
        browser = relais.browser()
        if who != "nobody":
            account = await furnished.account(relais, "Passe Partout", who)
            browser = await sign_in(account)
        page = await _ask(relais, browser, method, canonical)
        sent_away = page.headers.get("Location", "").startswith("/sign-in") and (method, canonical) != ("POST", "/sign-out")
        let_in = not sent_away and page.status not in (401, 403)
        if let_in != (who in let_in_here) or page.status >= 500:
            wrong.append((method, canonical, page.status))
    assert wrong == []


async def test_every_answer_carries_the_headers_that_browsers_obey(relais: Relais) -> None:
    missing = {}
    for method, canonical in _routes(relais):
        page = await _ask(relais, relais.browser(), method, canonical)
        if canonical != "/socket.io/" and not set(page.headers) >= HEADERS:
            missing[method, canonical] = HEADERS - set(page.headers)
    for method, path in (("GET", "/nothing/here"), ("DELETE", "/console"), ("PUT", "/join")):
        page = await relais.browser().request(method, path)
        if not set(page.headers) >= HEADERS:
            missing[method, path] = HEADERS - set(page.headers)
    assert missing == {}


async def test_no_page_allows_inline_scripts_or_foreign_ones(relais: Relais) -> None:
    for path in ("/join", "/assistant", "/sign-in", "/nothing/here"):
        policy = (await relais.browser().get(path)).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src 'self';" in policy


@pytest.mark.parametrize("path", ["/join", "/assistant", "/sign-in", "/console", "/desk", "/content", "/accounts", "/hcps"])
async def test_only_the_hcps_pages_stand_in_a_frame_and_only_on_sites_of_ours(path: str, relais: Relais) -> None:
    policy = (await relais.browser().get(path)).headers["Content-Security-Policy"]

    allowed = policy.rpartition("frame-ancestors ")[2]
    assert allowed == ("'self' https://lab.invalid" if path in FRAMED else "'none'")


@pytest.mark.parametrize("origin", ["https://elsewhere.invalid", "null", "http://127.0.0.1", "https://lab.invalid"])
async def test_a_form_sent_by_a_page_of_another_site_is_not_heard(
    origin: str, relais: Relais, admin: Account, sign_in: SignedIn
) -> None:
    browser = await sign_in(admin)
    heard = []
    for method, canonical in LET_IN:
        if method != "POST" or canonical == "/socket.io/":
            continue
        page = await browser.post(_address(canonical), data={}, headers={"Origin": origin})
        if page.status != 403:
            heard.append((canonical, page.status))
    assert heard == []
    assert (await browser.get("/accounts")).status == 200


async def test_a_form_of_our_own_page_is_heard(relais: Relais) -> None:
    page = await relais.browser().post("/join", data={"code": "AAAAAA"}, headers={"Origin": relais.url})

    assert page.status == 400


async def test_a_form_that_says_it_comes_from_elsewhere_is_not_heard_even_without_an_origin(relais: Relais) -> None:
    page = await relais.browser().post("/join", data={"code": "AAAAAA"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert page.status == 403


@pytest.mark.parametrize("path", TRAVERSALS)
async def test_no_path_leads_out_of_the_folders(path: str, relais: Relais) -> None:
    """Sent byte for byte: a client that tidies paths up would hide what is tested."""
    asked = path.format(version=relais.app[PAGES].files.version)
    reader, writer = await asyncio.open_connection(relais.settings.host, relais.settings.port)
    writer.write(f"GET {asked} HTTP/1.1\r\nHost: {urlsplit(relais.url).netloc}\r\nConnection: close\r\n\r\n".encode())

    answer = await reader.read()
    writer.close()
    await writer.wait_closed()

    assert int(answer.split()[1]) in (400, 404, 303), answer[:200]
    assert relais.settings.secret not in answer
    assert b"[project]" not in answer


@pytest.mark.parametrize(
    "target",
    ["https://elsewhere.invalid/", "//elsewhere.invalid", "/\\elsewhere.invalid", "javascript:alert(1)", "//[", "/\r\nX: y"],
)
async def test_signing_in_sends_nobody_to_another_site(target: str, relais: Relais, rep: Account) -> None:
    page = await relais.browser().post("/sign-in", data={"email": rep.email, "password": furnished.PASSWORD, "next": target})

    assert (page.status, page.headers["Location"]) == (303, "/console")


async def test_the_staff_cookie_is_out_of_reach_of_scripts_and_other_sites(relais: Relais, rep: Account) -> None:
    page = await relais.browser().sign_in(rep.email, furnished.PASSWORD)

    cookie = page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


async def test_hcps_get_no_cookie(relais: Relais) -> None:
    page = await relais.browser().declare()

    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("path", ["/hcps?q=%00", "/content/%00", "/hcps/%00", "/api/passages/%00", "/media/%00/1.json"])
async def test_a_character_that_cannot_be_stored_breaks_nothing(path: str, relais: Relais, sign_in: SignedIn) -> None:
    everything = await furnished.account(relais, "Passe Partout", "rep", "msl", "content", "admin")

    page = await (await sign_in(everything)).get(path)

    assert page.status < 500


async def test_reloading_the_room_by_its_address_leads_back_to_its_door(relais: Relais) -> None:
    page = await relais.browser().get("/room")

    assert (page.status, page.headers["Location"]) == (303, "/join")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"garbage", "multipart/form-data; boundary=x"),
        (b"garbage", "multipart/form-data"),
        (b"code=a", "application/x-www-form-urlencoded; charset=nobody-knows"),
        (b"token=%ff%fe", "application/x-www-form-urlencoded"),
    ],
)
@pytest.mark.parametrize("path", ["/join", "/room", "/assistant", "/sign-in"])
async def test_a_body_that_is_no_form_is_refused(path: str, body: bytes, kind: str, relais: Relais) -> None:
    page = await relais.browser().post(path, data=body, headers={"Content-Type": kind})

    assert page.status == 400


@pytest.mark.parametrize("headers", [{"Cookie": "relais_staff=\udcff"}, {"Authorization": "Bearer \udcff"}])
async def test_a_secret_that_is_no_text_is_refused(headers: dict[str, str], relais: Relais) -> None:
    reader, writer = await asyncio.open_connection(relais.settings.host, relais.settings.port)
    head = "POST /api/ticket HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n" + "".join(
        f"{k}: {v}\r\n" for k, v in headers.items()
    )
    writer.write(f"{head}\r\n{{}}".encode("utf-8", "surrogateescape"))

    status = await reader.readline()
    writer.close()

    assert status.split()[1] in (b"400", b"401", b"404")


@pytest.mark.parametrize("when", ["0001-01-01T00:00", "9999-12-31T23:59", "20226-11-22T10:00", "no time"])
async def test_a_session_at_an_impossible_time_is_sent_back(
    when: str, rep: Account, deck: str, hcp: str, sign_in: SignedIn
) -> None:
    browser = await sign_in(rep)
    form = {"id": new_id(), "hcp_id": hcp, "deck_id": deck, "scheduled_at": when, "language": "fr"}

    assert (await browser.post("/console", data=form)).status == 400


@pytest.mark.parametrize("made_up", ["", "../../x", "x" * 5000, "a:b"])
async def test_a_session_whose_id_is_none_is_refused(made_up: str, rep: Account, deck: str, hcp: str, sign_in: SignedIn) -> None:
    browser = await sign_in(rep)
    form = {"id": made_up, "hcp_id": hcp, "deck_id": deck, "scheduled_at": "2026-01-01T10:00", "language": "fr"}

    assert (await browser.post("/console", data=form)).status == 400


@pytest.mark.parametrize("name", ["..", ".", "x" * 300 + ".md"])
async def test_a_file_whose_name_is_none_is_refused(name: str, content_manager: Account, sign_in: SignedIn) -> None:
    form = FormData()
    form.add_field("files", b"text", filename=name)

    assert (await (await sign_in(content_manager)).post("/content", data=form)).status == 400


async def test_files_of_one_name_are_all_read(content_manager: Account, sign_in: SignedIn) -> None:
    form = FormData()
    for text in (b"one", b"two"):
        form.add_field("files", text, filename="same.md")

    page = await (await sign_in(content_manager)).post("/content", data=form)

    assert page.status == 200
    assert page.text.count("same.md") >= 2


async def test_an_approval_from_an_impossible_day_is_refused(label: str, content_manager: Account, sign_in: SignedIn) -> None:
    days = {"valid_from": "0001-01-01", "valid_until": "2099-01-01", "audience": "hcp", "country": "FR"}

    assert (await (await sign_in(content_manager)).post(f"/content/{label}/approve", data=days)).status == 400
