"""Which function carries out which command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from server.edge.tickets import Connected
from server.store import Refusal, Transaction
from server.store.messages import Command

C = TypeVar("C", bound=Command)
Answer = dict[str, Any]
Handler = Callable[[Transaction, Connected, Any], Answer | None]
HANDLERS: dict[type[Command], Handler] = {}


def handles(command: type[C]) -> Callable[[Callable[[Transaction, Connected, C], Answer | None]], Handler]:
    """Register the one function that carries out a command; what it returns is added to the acknowledgement."""

    def register(function: Callable[[Transaction, Connected, C], Answer | None]) -> Handler:
        assert command not in HANDLERS, f"{command.__name__} has two handlers"
        HANDLERS[command] = function
        return function

    return register


def session_of(who: Connected) -> str:
    """The session for which a member of staff opened this socket. Raises `Refusal('not_found')` where it was for none."""
    if who.detailing_id is None:
        raise Refusal("not_found")
    return who.detailing_id


def obey(tx: Transaction, who: Connected, command: Command) -> Answer:
    """Carry out a command; the answer is what the client gets as acknowledgement."""
    return {"ok": True, **(HANDLERS[type(command)](tx, who, command) or {})}
