"""What the record does not hold about a lease: on which line its holder is, and how often they may point."""

from __future__ import annotations

import time
from collections.abc import Callable

# A pointer moves at most twenty times a second; a page that sends more is not slowed down, what it sends too early is dropped.
POINTING_EVERY = 1 / 20 * 0.9

Lease = tuple[str, int]


class Presenters:
    """The lines on which leases are held now. A line says so itself; that the lease is theirs was asked of the record then."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._leases: dict[str, Lease] = {}
        self._pointed: dict[str, float] = {}

    def hold(self, sid: str, detailing_id: str, epoch: int) -> None:
        """The holder of this lease is on this line."""
        self._leases[sid] = (detailing_id, epoch)

    def moved_on(self, detailing_id: str, epoch: int) -> None:
        """The lease of a session has this epoch now: lines with an earlier one hold nothing."""
        self._leases = {sid: held for sid, held in self._leases.items() if held[0] != detailing_id or held[1] == epoch}

    def hung_up(self, sid: str) -> Lease | None:
        """A line is gone; returns the lease that was held on it."""
        self._pointed.pop(sid, None)
        return self._leases.pop(sid, None)

    def connected(self, detailing_id: str, epoch: int) -> bool:
        """Whether the holder of this lease is there."""
        return (detailing_id, epoch) in self._leases.values()

    def may_point(self, sid: str) -> bool:
        """Whether this line holds a lease, and has not pointed just now."""
        now = self._clock()
        if sid not in self._leases or now - self._pointed.get(sid, 0.0) < POINTING_EVERY:
            return False
        self._pointed[sid] = now
        return True
