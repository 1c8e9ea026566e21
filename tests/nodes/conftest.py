"""Two servers over one PostgreSQL and one Redis: whoever comes speaks HTTP to one and has their line on the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hinting import NoRedis, Redis
from postgresql import Cluster
from running import Browser, Line, Relais, free_port

from server.settings import Settings


class Elsewhere(Browser):
    """A browser whose lines go to another node than its pages: every ticket is used where it was not given."""

    def __init__(self, pages: str, lines: str, language: str) -> None:
        super().__init__(pages, language)
        self._pages, self._lines_at = pages, lines

    async def connect(self, role: str, ticket: object, **how: Any) -> Line:
        """A socket on the other node."""
        self.url = self._lines_at
        try:
            return await super().connect(role, ticket, **how)
        finally:
            self.url = self._pages


class Nodes(Relais):
    """The first node, with a second one beside it. Browsers connect to one and the other in turn, the first to the second."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.other = Relais(replace(settings, port=free_port()))
        self._came = 0

    @property
    def addresses(self) -> list[str]:
        """Where the nodes listen."""
        return [f"http://{node.settings.host}:{node.settings.port}" for node in (self, self.other)]

    async def start(self) -> None:
        await super().start()
        await self.other.start()

    async def stop(self) -> None:
        await self.other.stop()
        await super().stop()

    def browser(self, language: str = "fr") -> Browser:
        self._came += 1
        return self.with_lines_at(self._came % 2, language)

    def with_lines_at(self, which: int, language: str = "fr") -> Browser:
        """A fresh browser that connects to this node, and has its pages from the other."""
        browser = Elsewhere(self.addresses[1 - which], self.addresses[which], language)
        self._browsers.append(browser)
        return browser


@pytest.fixture(scope="session")
def redis() -> Iterator[Redis]:
    """One Redis for the whole run, started when the first test asks for it."""
    try:
        redis = Redis()
    except NoRedis as missing:
        pytest.fail(str(missing), pytrace=False)
    yield redis
    redis.kill()


@pytest.fixture
def database(postgresql: Cluster) -> Iterator[str]:
    """An empty database that several processes may write to."""
    with postgresql.lend() as url:
        yield url


@pytest.fixture
def settings(settings: Settings, redis: Redis) -> Settings:
    """The settings of the first node."""
    return replace(settings, redis=redis.url)


@pytest.fixture
async def relais(settings: Settings) -> AsyncIterator[Nodes]:
    """Both nodes, running."""
    nodes = Nodes(settings)
    await nodes.start()
    yield nodes
    await nodes.close()
