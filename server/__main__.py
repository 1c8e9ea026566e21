"""The command line: `python -m server serve | demo | import | account`."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import secrets
import signal
import sys
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.encoder import UnusableEncoder
from content.model import Audience
from content.readers import find
from server import demo
from server.app import create_app, listen, start
from server.edge.keys import STORE
from server.edge.sign_in import DEMO_PASSWORD
from server.edge.words import refusal_words
from server.library.actions import approve_edition
from server.library.intake import Intake, Taken
from server.library.reads import edition
from server.people import actions as people
from server.people.reads import all_staff, staff_to_sign_in
from server.settings import Settings, UnsafeSettings, from_environment
from server.store import Refusal, Store, Transaction, UnsafeDatabase, clock

COMMAND_LINE = "command line"
FIRST_ACCOUNT = "admin@relais.invalid"
VALIDITY = timedelta(days=365)


async def _run(settings: Settings) -> None:
    """Serve until told to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        listener = None
        if settings.demo:
            listener = demo.listener_next_to(settings)
            lab_host, lab_port = listener.getsockname()
            lab_url = f"http://{lab_host}:{lab_port}"
            settings = replace(settings, embed_origins=(*settings.embed_origins, lab_url))
        app = await create_app(settings)
        runner = await start(app)
        stack.push_async_callback(runner.cleanup)
        if listener is None:
            await _first_account(app[STORE])
        else:
            links = await demo.prepare(app)
            lab = await demo.lab_page(app, listener)
            stack.push_async_callback(lab.cleanup)
            _print_links(links, lab_url)
        await listen(runner, settings.host, settings.port)
        print(f"Relais is ready on {settings.public_url}", flush=True)
        app[STORE].broken.add_done_callback(_end_at_once)
        await stop.wait()


def _end_at_once(broken: asyncio.Future[Exception]) -> None:
    """Leave everything as it is: whatever tidies up would write to what cannot be trusted."""
    if not broken.cancelled():
        print(f"Relais ends, to be started again: {broken.result()}", file=sys.stderr, flush=True)
        os._exit(os.EX_IOERR)


def _print_links(links: demo.Links, lab_url: str) -> None:
    print(f"""
  HCP room          {links.hcp_room}
                    or the code {links.code} on the page /join
  Rep console       {links.console}
  MSL desk          {links.desk}
  Content           {links.content}
  HCP's record      {links.record}
  Lab's site        {lab_url}/

  Staff pages ask who you are: choose a demonstration account there (password: {DEMO_PASSWORD}).
""")


async def _import(settings: Settings, paths: list[Path], approve_as: str | None) -> int:
    """Read files into the library; returns how many could not be read."""
    store = Store(settings.database)
    intake = Intake(store, settings.media)
    try:
        approver = None if approve_as is None else await store.read(staff_to_sign_in, approve_as)
        if approve_as is not None and (approver is None or "content" not in approver.roles):
            print(f"{approve_as} is no content manager", file=sys.stderr)
            return 1
        files = find(paths)
        outcomes: Counter[str] = Counter()
        for number, path in enumerate(files, start=1):
            taken = await intake.take(path, by=COMMAND_LINE)
            told = await _tell(store, taken, None if approver is None else approver.id)
            outcomes["refused" if taken.code else "new" if taken.is_new else "known"] += 1
            print(f"[{number}/{len(files)}] {path}: {told}", flush=True)
        print(f"{outcomes['new']} imported, {outcomes['known']} already there, {outcomes['refused']} could not be read")
        return outcomes["refused"] + (not files)
    finally:
        await intake.close()
        await store.close()


async def _tell(store: Store, taken: Taken, approver_id: str | None) -> str:
    if taken.edition_id is None:
        reason = refusal_words("en", taken.code or "unreadable", {"file": taken.file})
        return f"{reason} ({taken.code}{': ' + taken.detail if taken.detail else ''})"
    if approver_id is None:
        return f"{taken.title}: {'imported' if taken.is_new else 'already there'}"
    row = await store.read(edition, taken.edition_id)
    assert row is not None
    if row.state != "imported":
        return f"{taken.title}: {row.state}"
    now = clock.now()
    if row.country is None:
        return f"{taken.title}: imported; it names no country, so it is to be approved by hand"
    try:
        await store.change(
            approve_edition,
            row.id,
            by=approver_id,
            valid_from=now,
            valid_until=now + VALIDITY,
            country=row.country,
            audience=Audience(row.audience),
            note="approved at import",
        )
    except Refusal as refusal:
        return f"{taken.title}: imported, not approved ({refusal.code})"
    return f"{taken.title}: imported and approved"


async def _account(settings: Settings, email: str, name: str, roles: list[str], language: str) -> None:
    """Make an account; the password is asked for, never given on the command line."""
    store = Store(settings.database)
    try:
        password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        password_hash = people.hash_password(password)
        await store.change(
            people.create_staff,
            email=email,
            name=name,
            roles=roles,
            language=language,
            password_hash=password_hash,
            by=COMMAND_LINE,
        )
        print(f"{name} can sign in as {email}")
    finally:
        await store.close()


async def _first_account(store: Store) -> None:
    """The first start makes the first account, with a password that nobody else has; it is said once and kept nowhere."""
    if await store.read(all_staff):
        return
    password = secrets.token_urlsafe(12)
    if await store.change(_account_of_the_first, people.hash_password(password)):
        said = f"First account: {FIRST_ACCOUNT}, password {password} (said this once; make your own accounts on /accounts)"
        print(said, flush=True)


def _account_of_the_first(tx: Transaction, password_hash: str) -> bool:
    """Whether it was made: of several processes that start at once, one makes it."""
    if all_staff(tx.session):
        return False
    people.create_staff(
        tx,
        email=FIRST_ACCOUNT,
        name="Administrator",
        roles=["admin"],
        language="fr",
        password_hash=password_hash,
        by=COMMAND_LINE,
    )
    return True


def main() -> int:
    """Run one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m server", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="the server, from settings (RELAIS_*)")
    commands.add_parser("demo", help="a complete demo on real public documents")
    importing = commands.add_parser("import", help="read files into the library")
    importing.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    importing.add_argument("--approve-as", metavar="EMAIL", help="approve each in the name of this content manager")
    account = commands.add_parser("account", help="make an account; the password is asked for")
    account.add_argument("email")
    account.add_argument("name")
    account.add_argument("--role", action="append", required=True, dest="roles", choices=["rep", "msl", "content", "admin"])
    account.add_argument("--language", default="fr", choices=["fr", "en"])
    asked = parser.parse_args()
    try:
        settings = from_environment(demo=asked.command == "demo")
        match asked.command:
            case "import":
                return min(1, asyncio.run(_import(settings, asked.paths, asked.approve_as)))
            case "account":
                asyncio.run(_account(settings, asked.email, asked.name, asked.roles, asked.language))
            case _:
                asyncio.run(_run(settings))
    except (UnsafeSettings, UnsafeDatabase, UnusableEncoder) as reason:
        print(f"Relais does not start: {reason}", file=sys.stderr)
        return 1
    except Refusal as refusal:
        print(refusal_words("en", refusal.code, refusal.details), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
