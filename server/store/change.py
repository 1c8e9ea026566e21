"""One queued change and what became of it: the part that both writers share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from server.store.messages import Announcement
from server.store.transaction import CommandKey, Transaction


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """An action with its arguments, and who waits for it."""

    action: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    key: CommandKey | None
    waiting: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change returned and announces, or the error that undid it."""

    result: Any = None
    announcements: list[Announcement] = field(default_factory=list)
    forgets: bool = False
    error: Exception | None = None


def carry_out(change: Change, session: Session) -> Outcome:
    """Run the action inside the session's transaction; a command that was carried out before only gets its answer again."""
    tx = Transaction(session)
    if change.key is not None:
        before = tx.answered_before(change.key)
        if before is not None:
            return Outcome(before)
    result = change.action(tx, *change.args, **change.kwargs)
    if change.key is not None:
        tx.keep_receipt(change.key, result)
    session.flush()
    return Outcome(result, tx.announcements, tx.forgets)
