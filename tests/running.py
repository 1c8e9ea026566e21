"""A real server on a real port, and the people who use it: browsers with cookies or bearers, sockets that say and hear."""

from __future__ import annotations

import asyncio
import html
import json
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import socketio
from multidict import CIMultiDictProxy

from server.app import create_app, listen, start
from server.edge.keys import STORE
from server.settings import Settings
from server.store import Store, new_id
from server.store.messages import COMMANDS

# Long, for machines that are busy with something else; a test that passes does not wait.
PATIENCE = 20.0


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Relais:
    """The server as `python -m server serve` composes it; it can be stopped and started again on the same database and port."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.url = settings.public_url
        self._browsers: list[Browser] = []

    @property
    def store(self) -> Store:
        """The one door, for what a test prepares or looks up."""
        return self.app[STORE]

    async def start(self) -> None:
        """Serve, reachable when this returns."""
        self.app = await create_app(self.settings)
        self._runner = await start(self.app)
        await listen(self._runner, self.settings.host, self.settings.port)

    async def stop(self) -> None:
        """Stop in order."""
        await self._runner.cleanup()

    async def restart(self) -> None:
        """Stop and start again: everything that was only in memory is gone."""
        await self.stop()
        await self.start()

    def browser(self, language: str = "fr", *, url: str | None = None) -> Browser:
        """A fresh browser that knows nobody; `url`: where it finds the server, if not where the server is."""
        browser = Browser(url or self.url, language)
        self._browsers.append(browser)
        return browser

    async def close(self) -> None:
        """Close every browser with its sockets, then the server."""
        for browser in self._browsers:
            await browser.close()
        await self.stop()


@dataclass(frozen=True, slots=True)
class Page:
    """What came back over HTTP."""

    status: int
    headers: CIMultiDictProxy[str]
    content: bytes
    url: str

    @property
    def text(self) -> str:
        """As text."""
        return self.content.decode()

    def json(self) -> Any:
        """As JSON."""
        return json.loads(self.content)

    @property
    def bootstrap(self) -> dict[str, Any]:
        """The data with which the page's modules start."""
        found = re.search(r'<script type="application/json" id="bootstrap">(.*?)</script>', self.text, re.DOTALL)
        assert found is not None, f"no bootstrap in {self.url} ({self.status})"
        data: dict[str, Any] = json.loads(html.unescape(found[1]))
        return data


class Browser:
    """Somebody's browser. `bearer` is there once an HCP has come in; staff carry a cookie. Its sockets use these `transports`."""

    def __init__(self, url: str, language: str) -> None:
        self.url = url
        self.bearer = ""
        self.transports = ["websocket"]
        self._lines: list[Line] = []
        self._session = aiohttp.ClientSession(
            url, cookie_jar=aiohttp.CookieJar(unsafe=True), headers={"Accept-Language": language}
        )

    async def get(self, path: str, **how: Any) -> Page:
        """GET; redirects are not followed."""
        return await self.request("GET", path, **how)

    async def post(self, path: str, **how: Any) -> Page:
        """POST `data=` as a form or `json=`; redirects are not followed."""
        return await self.request("POST", path, **how)

    async def request(self, method: str, path: str, **how: Any) -> Page:
        """Any request; an HCP's bearer goes with it."""
        headers = {**({"Authorization": f"Bearer {self.bearer}"} if self.bearer else {}), **how.pop("headers", {})}
        async with self._session.request(method, path, headers=headers, allow_redirects=False, **how) as answer:
            return Page(answer.status, answer.headers, await answer.read(), str(answer.url))

    async def sign_in(self, email: str, password: str) -> Page:
        """Through the form that everybody uses."""
        return await self.post("/sign-in", data={"email": email, "password": password})

    async def enter(self, token: str, *, tracking: bool = True, identity: str = "me") -> Page:
        """Come in by a link's token; the page of the room, whose bearer this browser then carries."""
        confirm = await self.post("/join", data={"token": token})
        assert confirm.status == 200, confirm.text
        answers = {"entry": f"t:{token}", "identity": identity, "tracking": "yes" if tracking else "no"}
        room = await self.post("/room", data=answers)
        self.bearer = room.bootstrap["bearer"]
        return room

    async def declare(self, profession: str = "physician") -> Page:
        """Come to the assistant on the lab's site, without any session."""
        room = await self.post("/assistant", data={"profession": profession, "declared": "yes"})
        self.bearer = room.bootstrap["bearer"]
        return room

    async def ticket(self, **asked: str) -> str:
        """A ticket for one socket; `detailing_id=` for the presenter's."""
        given = await self.post("/api/ticket", json=asked)
        return str(given.json()["ticket"])

    async def line(self, role: str, *, seen: dict[str, int] | None = None, **asked: str) -> Line:
        """An open socket of this person that has joined."""
        line = await self.connect(role, await self.ticket(**asked))
        await line.join(seen or {})
        return line

    async def connect(self, role: str, ticket: object, **how: Any) -> Line:
        """A socket that has not joined yet. Raises `socketio.exceptions.ConnectionError` when it is not let in."""
        line = Line(self, self.url, role)
        self._lines.append(line)
        await line.connect(ticket, **how)
        return line

    async def close(self) -> None:
        """Close the sockets and the connections."""
        for line in self._lines:
            await line.close()
        await self._session.close()


class Line:
    """One socket of one person: `facts`, `notices` and `heads` as they came, `snapshot` of the last join."""

    def __init__(self, browser: Browser, url: str, role: str) -> None:
        self.browser, self._url, self.role = browser, url, role
        self.facts: list[dict[str, Any]] = []
        self.notices: list[tuple[str, dict[str, Any]]] = []
        self.heads: dict[str, int] = {}
        self.snapshot: Any = None
        self._news, self._closed = asyncio.Event(), asyncio.Event()
        # As a browser, it takes messages of any size.
        options = {"websocket_extra_options": {"max_msg_size": 0}}
        self._client = socketio.AsyncClient(reconnection=False, handle_sigint=False, **options)
        self._client.on("*", self._hear, namespace=f"/{role}")
        self._client.on("disconnect", self._end, namespace=f"/{role}")

    async def connect(self, ticket: object, **how: Any) -> None:
        """Open the socket with a ticket."""
        await self._client.connect(
            self._url,
            namespaces=[f"/{self.role}"],
            auth={"ticket": ticket},
            wait_timeout=PATIENCE,
            **{"transports": self.browser.transports, **how},
        )

    async def join(self, seen: dict[str, int]) -> dict[str, Any]:
        """Ask for what was missed since `seen`; what comes instead of facts is kept as `snapshot`."""
        answer = await self.say("join", {"seen": seen})
        assert answer["ok"], answer
        self.snapshot = answer["snapshot"] or self.snapshot
        self.heads = answer["heads"]
        return answer

    async def call(self, name: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send a command and wait for its acknowledgement; an `id` is made when the body has none."""
        fresh = {"id": new_id()} if (self.role, name) in COMMANDS else {}
        return await self.say(name, {**fresh, **(body or {})})

    async def say(self, name: str, message: object) -> dict[str, Any]:
        """Send anything, exactly as given, and wait for the acknowledgement."""
        answer: dict[str, Any] = await self._client.call(name, message, namespace=f"/{self.role}", timeout=PATIENCE)
        return answer

    async def send(self, name: str, message: object, acknowledged: Callable[..., None] | None = None) -> None:
        """Send without waiting."""
        await self._client.emit(name, message, namespace=f"/{self.role}", callback=acknowledged)

    async def hears(self, name: str, times: int = 1) -> dict[str, Any]:
        """The body of a fact or notice, once it was heard so many times."""
        await self.until(lambda: len(self.bodies(name)) >= times)
        return self.bodies(name)[times - 1]

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something heard makes this true."""
        async with asyncio.timeout(PATIENCE):
            while not true():
                self._news.clear()
                await self._news.wait()

    def bodies(self, name: str) -> list[dict[str, Any]]:
        """What was heard under this name so far."""
        return [fact["body"] for fact in self.facts if fact["name"] == name] + [b for n, b in self.notices if n == name]

    def stop_reading(self) -> None:
        """Leave what comes in the network's buffers, as a sleeping laptop does."""
        self._client.eio.ws._conn.transport.pause_reading()

    def read_on(self) -> None:
        """Wake up again."""
        self._client.eio.ws._conn.transport.resume_reading()

    async def gone(self) -> None:
        """Wait until the server has closed this line."""
        async with asyncio.timeout(PATIENCE):
            await self._closed.wait()

    @property
    def is_gone(self) -> bool:
        """Whether this line was closed."""
        return self._closed.is_set()

    async def close(self) -> None:
        """Hang up."""
        await self._client.disconnect()
        await self._client.shutdown()

    async def _hear(self, name: str, body: Any) -> None:
        if name == "fact":
            self.facts.append(body)
        elif name == "heads":
            self.heads = body
        else:
            self.notices.append((name, body))
        self._news.set()

    async def _end(self, _reason: str) -> None:
        self._closed.set()
