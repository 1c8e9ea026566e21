"""What people do reaches the server by socket, or act by act over HTTP where no socket comes up; either way it is done once."""

from __future__ import annotations

import asyncio
import base64
import hmac
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from aiohttp import web
from pydantic import ValidationError

from server.conversation.screening import screen
from server.detailing import access
from server.edge.commands import keep_report_in, obey, obey_unread
from server.edge.guard import COOKIE, bearer_of, guest_of, json_of, signed_in_as
from server.edge.keys import ACTS, SETTINGS, STORE, TICKETS
from server.edge.limits import Budget
from server.edge.pages import language_of
from server.edge.tickets import Connected
from server.medical.messages import ReportAdverseEvent
from server.people.identity import token_digest
from server.store import CommandKey, Refusal, Store
from server.store.messages import COMMANDS, Command

C = TypeVar("C", bound=Command)
LOG = logging.getLogger("relais.acts")
MESSAGE_LIMIT = 64 * 1024
routes = web.RouteTableDef()


class Acts:
    """Carries out commands, with the same ids, budgets, answers and refusals whichever way they came.

    Words that tell of an adverse event are kept and passed on whatever limit they are over.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._budget = Budget()
        self._reads: Callable[[str], None] = lambda _: None
        self._screening = ThreadPoolExecutor(1, "relais-screening")

    def on_words(self, read: Callable[[str], None]) -> None:
        """Have `read` called with the id of each question, and message to a rep, once it is on record."""
        self._reads = read

    async def carry_out(self, who: Connected, name: str, message: object) -> dict[str, Any]:
        """Do what `message` says, or find that it was done; the answer is the acknowledgement. Raises `Refusal`."""
        kind = COMMANDS.get((who.role, name))
        if kind is None:
            raise Refusal("unknown_command")
        try:
            command = _read(kind, message)
        except Refusal as refusal:
            if refusal.code == "too_long":
                await self._keep_if_report(who, message)
            raise
        if not self._budget.allows(who.sender, name):
            return await self._carry_out_if_report(who, command)
        try:
            answer = await self._store.obey(_key(who, command), obey, who, command)
        except Refusal as refusal:
            if kind is ReportAdverseEvent and refusal.retry_after:
                LOG.critical("a report of an adverse event waits at its sender's: %s", refusal.code)
            raise
        if words_id := answer.get("question_id") or answer.get("message_id"):
            self._reads(words_id)
        return answer

    def close(self) -> None:
        """Let go of the thread."""
        self._screening.shutdown(cancel_futures=True)

    async def _carry_out_if_report(self, who: Connected, command: Command) -> dict[str, Any]:
        """Over the budget: only what tells of an adverse event is done, and nobody but pharmacovigilance reads it."""
        text = getattr(command, "text", None)
        if not text or not (found := await self._screened(text, who.role)).is_report:
            raise Refusal("busy")
        return await self._store.obey(_key(who, command), obey_unread, who, command, found)

    async def _keep_if_report(self, who: Connected, message: object) -> None:
        """What is too long to be done may still tell of an adverse event: that part of it is done."""
        assert isinstance(message, dict)
        report = _read(ReportAdverseEvent, {name: message.get(name) for name in ("id", "text")})
        if (await self._screened(report.text, who.role)).is_report:
            await self._store.obey(_key(who, report), keep_report_in, who, report)

    async def _screened(self, text: str, speaker: str) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._screening, lambda: screen(text, speaker=speaker))


def _key(who: Connected, command: Command) -> CommandKey:
    return CommandKey.of(str(command.id), sender=who.sender, name=command.wire_name(), body=command.model_dump(mode="json"))


def _read(kind: type[C], message: object) -> C:
    try:
        return kind.model_validate(message)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        LOG.info("a %s did not fit: %s", kind.wire_name(), faults)
        too_long = all(fault["type"] == "string_too_long" and fault["loc"] == ("text",) for fault in faults)
        raise Refusal("too_long" if too_long else "malformed") from None


@routes.post("/api/ticket")
async def ticket(request: web.Request) -> web.Response:
    """A ticket for one socket, and where the browser may keep what is done here until it was sent."""
    who = await asker(request)
    given = await request.app[TICKETS].give(who)
    return web.json_response({"ticket": given, "outbox": outbox_of(who, request.app[SETTINGS].secret)})


@routes.post("/api/acts")
async def act(request: web.Request) -> web.Response:
    """One command, by its name: what a socket would have said. The answer is the same acknowledgement."""
    if len(await request.read()) > MESSAGE_LIMIT:
        raise Refusal("malformed")
    who = await asker(request)
    asked = await json_of(request)
    return web.json_response(await request.app[ACTS].carry_out(who, str(asked.get("name")), asked.get("message")))


def outbox_of(who: Connected, secret: bytes) -> dict[str, str]:
    """The name and the key under which a browser keeps what was not sent yet, the same for one person in one session.

    The key is not kept there: what lies in a browser is read again only by whoever can show to be that person.
    """
    whose = f"{who.role} {who.sender} {who.detailing_id}"
    owner, key = (hmac.digest(secret, f"outbox {part} {whose}".encode(), "sha256") for part in ("owner", "key"))
    return {"owner": owner.hex()[:32], "key": base64.b64encode(key).decode()}


async def asker(request: web.Request) -> Connected:
    """Who speaks through a page's modules: the guest of a bearer, or the signed-in rep or MSL, in the session that they name.

    Raises `Refusal`: `link_unknown`, `malformed`, `not_signed_in`, `not_allowed`, `not_found`.
    """
    language, bearer = language_of(request), bearer_of(request)
    if bearer:
        guest = await guest_of(request, bearer)
        return Connected("hcp", language, token_digest(bearer), guest=guest)
    asked = await json_of(request)
    digest = token_digest(request.cookies.get(COOKIE, ""))
    detailing_id = asked.get("detailing_id")
    if detailing_id is None:
        return Connected("msl", language, digest, staff=signed_in_as(request, "msl"))
    person = signed_in_as(request, "rep", "msl")
    role: str = await request.app[STORE].read(access.role_in_session, str(detailing_id), person)
    return Connected(role, language, digest, staff=person, detailing_id=str(detailing_id))
