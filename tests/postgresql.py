"""A PostgreSQL of one's own for one run of the tests: made from the installed programs, reached by a socket file, gone after."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import create_engine

from server.store.migrate import migrate
from server.store.tables import Base

PROGRAMS = "/usr/lib/postgresql"
ADMIN = "postgres"
TEMPLATE = "relais_migrated"


class NoPostgreSQL(Exception):
    """The programs are not installed; the message says what to do."""


def _programs() -> Path:
    versions = sorted(Path(PROGRAMS).glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    if found is None:
        raise NoPostgreSQL(
            "These tests need the programs of PostgreSQL 15 or newer (initdb, pg_ctl): install the package `postgresql`. "
            "No server has to run; the tests start one of their own."
        )
    return Path(found).resolve().parent


class Cluster:
    """A running PostgreSQL with its safe defaults; `lend` gives an empty database with every migration applied."""

    def __init__(self) -> None:
        self._programs = _programs()
        # A socket's path may have about a hundred characters, so this is not inside a test's own long folder.
        self._folder = Path(tempfile.mkdtemp(prefix="relais-pg-"))
        if os.geteuid() == 0:
            shutil.chown(self._folder, ADMIN)
        self._numbers = count(1)
        self._idle: list[str] = []
        data = str(self._folder / "data")
        self._run("initdb", "-D", data, "-U", ADMIN, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        settings = f"-c listen_addresses='' -k {self._folder} -c max_connections=200"
        self._run("pg_ctl", "-D", data, "-w", "-l", str(self._folder / "log"), "-o", settings, "start")
        self._admin = psycopg.connect(f"host={self._folder} user={ADMIN} dbname=postgres", autocommit=True)
        self._admin.execute(f"CREATE DATABASE {TEMPLATE}")
        engine = create_engine(self.url(TEMPLATE))
        migrate(engine)
        engine.dispose()

    def url(self, database: str) -> str:
        """Where a database of this cluster is reached."""
        return f"postgresql+psycopg://{ADMIN}@/{database}?host={self._folder}"

    @contextmanager
    def lend(self) -> Iterator[str]:
        """The URL of an empty database; emptied afterwards for the next one, which is much quicker than making another."""
        name = self._idle.pop() if self._idle else self._make()
        yield self.url(name)
        self._admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        with psycopg.connect(f"host={self._folder} user={ADMIN} dbname={name}") as connection:
            connection.execute("SET session_replication_role = replica")
            for table in Base.metadata.tables:
                connection.execute(f"DELETE FROM {table}")
        self._idle.append(name)

    def _make(self) -> str:
        name = f"relais_{next(self._numbers)}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return name

    def set(self, setting: str, value: str) -> None:
        """Change a setting of the whole server, for the connections that come after."""
        self._admin.execute(f"ALTER SYSTEM SET {setting} = {value}")
        self._admin.execute("SELECT pg_reload_conf()")

    def processes(self) -> list[int]:
        """The server's process and those it has started, for tests in which it stands still."""
        server = int((self._folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        children = subprocess.run(["pgrep", "-P", str(server)], capture_output=True, text=True, check=False).stdout
        return [server, *map(int, children.split())]

    def stop(self) -> None:
        """End the server and remove everything of it."""
        self._admin.close()
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        # PostgreSQL refuses to run as root.
        as_whom = ["runuser", "-u", ADMIN, "--"] if os.geteuid() == 0 else []
        command = [*as_whom, str(self._programs / program), *arguments]
        done = subprocess.run(command, cwd=self._folder, check=False, capture_output=program != "pg_ctl", text=True)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr}")
