"""`python -m server serve` as a process that can be killed, stopped and started again; with a planted bug or without."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

import aiohttp

from server.settings import Settings

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


class Server:
    """One server process on the database and port of `settings`. `bug` names one of `planted.PLANTED`.

    `async with` starts it, and leaves none behind, however the body ends.
    """

    def __init__(self, settings: Settings, bug: str | None = None) -> None:
        self.settings = settings
        self._command = ["-m", "server", "serve"] if bug is None else [str(HERE / "planted.py"), bug]
        self.log = settings.folder / "log"
        secret = settings.folder / "secret"
        if not secret.exists():
            secret.touch(0o600)
            secret.write_bytes(settings.secret)

    async def __aenter__(self) -> Self:
        await self.start()
        try:
            await self.ready()
        except BaseException:
            await self.end(signal.SIGKILL)
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is None:
            await self.end(signal.SIGKILL)

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    async def start(self) -> None:
        """Start; returns when the process exists, long before it serves."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "RELAIS_DATABASE": self.settings.database,
            "RELAIS_FOLDER": str(self.settings.folder),
            "RELAIS_HOST": self.settings.host,
            "RELAIS_PORT": str(self.settings.port),
        }
        if self.settings.redis is not None:
            environment |= {"RELAIS_REDIS": self.settings.redis, "RELAIS_SECRET": self.settings.secret.decode()}
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *self._command, env=environment, cwd=ROOT, stdout=log, stderr=log
            )

    async def ready(self) -> None:
        """Wait until it serves."""
        async with aiohttp.ClientSession() as session, asyncio.timeout(60):
            while True:
                with suppress(aiohttp.ClientError):
                    async with session.get(f"http://{self.settings.host}:{self.settings.port}/healthz") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.05)

    async def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait for the end; the exit status."""
        with suppress(ProcessLookupError):
            self._process.send_signal(how)
        return await self.ended()

    async def ended(self) -> int:
        """Wait until it has ended by itself; the exit status."""
        return await self._process.wait()
