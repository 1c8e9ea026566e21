"""What people do reaches the server by socket, or act by act over HTTP where no socket comes up; either way it is done once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from server.edge.commands import obey
from server.edge.guard import Budget, json_of
from server.edge.hcp_pages import asker
from server.edge.keys import ACTS
from server.edge.tickets import Connected
from server.medical.messages import ReportAdverseEvent
from server.store import CommandKey, Refusal, Store
from server.store.messages import COMMANDS, Command

LOG = logging.getLogger("relais.acts")
MESSAGE_LIMIT = 64 * 1024
routes = web.RouteTableDef()


class Acts:
    """Carries out commands, with the same ids, budgets, answers and refusals whichever way they came."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._budget = Budget()
        self._answers: Callable[[str], None] = lambda _: None

    def on_question(self, answer: Callable[[str], None]) -> None:
        """Have `answer` called with the id of each question once it is on record."""
        self._answers = answer

    async def carry_out(self, who: Connected, name: str, message: object) -> dict[str, Any]:
        """Do what `message` says, or find that it was done; the answer is the acknowledgement. Raises `Refusal`."""
        kind = COMMANDS.get((who.role, name))
        if kind is None:
            raise Refusal("unknown_command")
        self._budget.spend(who.sender, name)
        command = _read(kind, message)
        key = CommandKey.of(str(command.id), sender=who.sender, name=name, body=command.model_dump(mode="json"))
        try:
            answer = await self._store.obey(key, obey, who, command)
        except Refusal as refusal:
            if kind is ReportAdverseEvent and refusal.retry_after:
                LOG.critical("a report of an adverse event waits at its sender's: %s", refusal.code)
            raise
        if "question_id" in answer:
            self._answers(answer["question_id"])
        return answer


def _read(kind: type[Command], message: object) -> Command:
    try:
        return kind.model_validate(message)
    except ValidationError as error:
        LOG.info("a %s did not fit: %s", kind.wire_name(), error.errors(include_input=False, include_url=False))
        raise Refusal("malformed") from None


@routes.post("/api/acts")
async def act(request: web.Request) -> web.Response:
    """One command, by its name: what a socket would have said. The answer is the same acknowledgement."""
    if len(await request.read()) > MESSAGE_LIMIT:
        raise Refusal("malformed")
    who = await asker(request)
    asked = await json_of(request)
    return web.json_response(await request.app[ACTS].carry_out(who, str(asked.get("name")), asked.get("message")))
