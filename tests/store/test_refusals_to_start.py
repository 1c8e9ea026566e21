"""A database that could lose or corrupt records is not opened, and the schema is the one the models speak of."""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
import time
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgresql import Cluster
from sqlalchemy import create_engine

from server.store import Store, UnsafeDatabase
from server.store.embedded import OLDEST_SQLITE, EmbeddedWriter, reading_engine, sqlite
from server.store.tables import Base

for room in ("people", "library", "detailing", "conversation", "medical"):
    importlib.import_module(f"server.{room}.tables")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a SQLite database would lie."""
    return tmp_path / "relais.db"


async def test_a_second_writer_on_the_same_file_is_refused(file: Path) -> None:
    first = Store(str(file))

    with pytest.raises(UnsafeDatabase, match="another process is writing"):
        Store(str(file))

    await first.close()
    await Store(str(file)).close()


async def test_a_second_server_on_the_same_file_does_not_start_and_says_why(file: Path) -> None:
    first = Store(str(file))
    environment = {**os.environ, "RELAIS_FOLDER": str(file.parent), "RELAIS_PORT": "0"}

    second = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", "serve", env=environment, cwd=Path(__file__).parents[2], stderr=asyncio.subprocess.PIPE
    )
    _, said = await second.communicate()

    assert second.returncode == 1
    assert said.decode().startswith("Relais does not start: another process is writing to relais.db")
    await first.close()


async def test_a_sqlite_with_the_corruption_bug_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "sqlite_version_info", (3, 51, 2))

    with pytest.raises(UnsafeDatabase, match="known corruption bug"):
        Store(str(file))


def test_the_sqlite_in_use_is_a_safe_one() -> None:
    assert sqlite.sqlite_version_info >= OLDEST_SQLITE == (3, 51, 3)


@pytest.mark.parametrize("pragma", ["synchronous=NORMAL", "synchronous=OFF", "journal_mode=DELETE"])
def test_settings_that_lose_acknowledged_events_are_refused(pragma: str, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if somebody had changed the settings of connections: the check looks at what is, not at what was asked for."""

    class Careless(EmbeddedWriter):
        def _check_durability(self) -> None:
            connection = self.engine.raw_connection()
            connection.cursor().execute(f"PRAGMA {pragma}")
            connection.close()
            super()._check_durability()

    with pytest.raises(UnsafeDatabase, match="acknowledged events could be lost"):
        Careless(file, lambda _: None, lambda _: None)


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit"])
async def test_a_postgresql_that_loses_acknowledged_events_is_refused(setting: str, postgresql: Cluster) -> None:
    with postgresql.lend() as url:
        try:
            _set_and_wait(postgresql, url, setting, "off")

            with pytest.raises(UnsafeDatabase, match=f"{setting}=off"):
                Store(url)
        finally:
            _set_and_wait(postgresql, url, setting, "on")
        await Store(url).close()


def _set_and_wait(cluster: Cluster, url: str, setting: str, value: str) -> None:
    """New connections learn of a changed setting a moment later."""
    cluster.set(setting, value)
    deadline = time.monotonic() + 10
    while True:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            if connection.execute(f"SHOW {setting}").fetchone() == (value,):
                return
        assert time.monotonic() < deadline
        time.sleep(0.02)


async def test_the_migrations_make_exactly_the_tables_of_the_models(database: str) -> None:
    await Store(database).close()
    engine = create_engine(database) if database.startswith("postgresql") else reading_engine(Path(database))

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)

    engine.dispose()
    assert differences == []


async def test_migrating_again_changes_nothing(database: str) -> None:
    for _ in range(2):
        await Store(database).close()
