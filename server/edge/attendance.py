"""When pages of known HCPs are connected, for the report and the record: nobody waits for it to be written down.

Who comes and goes is written a heartbeat later, and who stays every half minute, so that a process that is killed loses no more
than that of anybody's time. Of guests without a name nothing is kept: their times would lead to who they are.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.detailing.actions.attendance import keep_connected
from server.edge.tickets import Connected
from server.store import Refusal, Store, clock, new_id

EVERY = timedelta(seconds=30)


@dataclass(slots=True)
class _Span:
    id: str
    participant_id: str
    since: datetime
    until: datetime
    is_kept: bool = False


class Attendance:
    """The lines of known HCPs that are open here, and those that closed since they were last written down."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: dict[str, _Span] = {}
        self._closed: list[_Span] = []
        self._turn = asyncio.Lock()

    def came(self, sid: str, who: Connected) -> None:
        """A line is open."""
        guest = who.guest
        if guest is not None and guest.detailing_id is not None and guest.hcp_id is not None:
            now = clock.now()
            self._open[sid] = _Span(new_id(), guest.id, now, now)

    def went(self, sid: str) -> None:
        """A line is gone."""
        if (span := self._open.pop(sid, None)) is not None:
            span.until = clock.now()
            self._closed.append(span)

    async def write(self, *, everybody: bool = False) -> None:
        """Write down what is new, what closed, and who was there for long; with `everybody` all who are there.

        What cannot be written now is written at the next call.
        """
        async with self._turn:
            now, closed = clock.now(), list(self._closed)
            going_on = [span for span in self._open.values() if everybody or not span.is_kept or now - span.until >= EVERY]
            for span in going_on:
                span.until = now
            with suppress(Refusal):
                await self._keep([*closed, *going_on])
                self._closed = self._closed[len(closed) :]

    async def _keep(self, spans: list[_Span]) -> None:
        begun = [
            {"id": span.id, "participant_id": span.participant_id, "since": span.since, "until": span.until}
            for span in spans
            if not span.is_kept
        ]
        prolonged = [{"span_id": span.id, "seen": span.until} for span in spans if span.is_kept]
        if spans:
            await self._store.change(keep_connected, begun, prolonged)
        for span in spans:
            span.is_kept = True
