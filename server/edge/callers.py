"""Who is in the call of which session: on lines of this process, and as the other processes tell it. None of it is stored."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from server.detailing.messages.calls import CallPerson
from server.edge import whereabouts


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody in a call, and their line: in it `since` when, by the server's clock; gone since `lost_at`, if it is."""

    detailing_id: str
    person: CallPerson
    sid: str
    since: float
    lost_at: float | None = None


class Callers:
    """Whoever is in a call is in it once: where two processes each have a line of theirs, the newer one counts."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._here: dict[tuple[str, str], Caller] = {}
        self._elsewhere: dict[str, tuple[float, list[Caller]]] = {}

    @property
    def here(self) -> list[Caller]:
        """Those whose line is with this process."""
        return list(self._here.values())

    def call(self, detailing_id: str) -> dict[str, Caller]:
        """Those in the call of a session, by person, in the order in which they came."""
        elsewhere = [caller for _, callers in self._elsewhere.values() for caller in callers]
        known = [caller for caller in [*elsewhere, *self.here] if caller.detailing_id == detailing_id]
        known.sort(key=lambda caller: (caller.since, caller.person.id))
        return {caller.person.id: caller for caller in known}

    def put(self, caller: Caller) -> None:
        """Somebody is in the call on a line of this process."""
        self._here[caller.detailing_id, caller.person.id] = caller

    def remove(self, callers: Iterable[Caller]) -> None:
        """They are in it no longer."""
        for caller in callers:
            self._here.pop((caller.detailing_id, caller.person.id), None)

    def lose(self, sid: str) -> None:
        """A line is gone; whoever was in a call on it keeps their place for now."""
        for caller in self.here:
            if caller.sid == sid:
                self.put(replace(caller, lost_at=self._clock()))

    def lost_for(self, seconds: float) -> list[Caller]:
        """Those whose line has been gone for so long."""
        past = self._clock() - seconds
        return [caller for caller in self.here if caller.lost_at is not None and caller.lost_at <= past]

    def heard(self, process: str, callers: list[Caller]) -> tuple[set[str], list[Caller]]:
        """Another process tells who is in a call there: the sessions that it concerns, and those of ours who have moved there."""
        _, before = self._elsewhere.pop(process, (0.0, []))
        if callers:
            self._elsewhere[process] = (self._clock(), callers)
        newer = {(caller.detailing_id, caller.person.id): caller.since for caller in callers}
        moved = [caller for key, caller in self._here.items() if newer.get(key, 0.0) > caller.since]
        concerned = {caller.detailing_id for caller in [*before, *callers]} if before != callers else set()
        return concerned, moved

    def forget_silent(self, listening_since: float) -> set[str]:
        """Processes that say nothing any more are gone, and their callers with them; the sessions that it concerns."""
        silent_before = self._clock() - whereabouts.SILENCE
        if listening_since > silent_before:
            return set()
        gone = [process for process, (heard_at, _) in self._elsewhere.items() if heard_at < silent_before]
        return {caller.detailing_id for process in gone for caller in self._elsewhere.pop(process)[1]}
