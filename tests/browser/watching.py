"""What no page of ours may do, watched over in every test: log an error, reach another origin, break its own security policy."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, WebError, WebSocket


class Watch:
    """Remembers what went wrong in the contexts of one test. A test names what it brings about itself with `expect`."""

    def __init__(self, *origins: str) -> None:
        self._hosts = {urlsplit(origin).netloc for origin in origins}
        self._expected: list[re.Pattern[str]] = []
        self._faults: list[str] = []

    def expect(self, pattern: str) -> None:
        """What this test provokes on purpose: console messages that match are no faults."""
        self._expected.append(re.compile(pattern))

    def over(self, context: BrowserContext) -> None:
        """Look after every page of this context."""
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("dialog", self._dialog)
        context.on("page", self._page)

    @property
    def faults(self) -> list[str]:
        """What was seen that should not be."""
        return [fault for fault in self._faults if not any(pattern.search(fault) for pattern in self._expected)]

    def _page(self, page: Page) -> None:
        page.on("websocket", self._socket)

    def _console(self, message: ConsoleMessage) -> None:
        # A breach of the security policy arrives here too, as an error.
        if message.type in ("error", "warning"):
            self._faults.append(f"console {message.type}: {message.text} ({message.location['url']})")

    def _error(self, error: WebError) -> None:
        self._faults.append(f"uncaught: {error.error}")

    def _request(self, request: Request) -> None:
        self._reach("request", request.url)

    def _socket(self, socket: WebSocket) -> None:
        self._reach("socket", socket.url)

    def _reach(self, how: str, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "about") and parts.netloc not in self._hosts:
            self._faults.append(f"{how} to another origin: {url}")

    async def _dialog(self, dialog: Dialog) -> None:
        self._faults.append(f"dialog: {dialog.message}")
        await dialog.accept()
