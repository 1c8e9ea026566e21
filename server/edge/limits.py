"""How much one person, one address and one server take on; what is over a limit is refused at once, to be tried again later."""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from typing import ClassVar

from server.store import Refusal


class Attempts:
    """Counts wrong tries at a secret, per account and per address, over a quarter of an hour."""

    WINDOW = 15 * 60.0
    PER_ACCOUNT = 10
    PER_ADDRESS = 100

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: defaultdict[str, deque[float]] = defaultdict(deque)

    def take(self, account: str, address: str) -> None:
        """Count a try before it is made, so that many at once are many. Raises `Refusal('too_many_tries')`."""
        self._forget_what_is_past()
        limits = {f"account {account}": self.PER_ACCOUNT, f"address {address}": self.PER_ADDRESS}
        if any(len(self._tries[who]) >= limit for who, limit in limits.items()):
            raise Refusal("too_many_tries")
        for who in limits:
            self._tries[who].append(self._clock())

    def give_back(self, account: str, address: str) -> None:
        """The try was right: it does not count."""
        for who in (f"account {account}", f"address {address}"):
            if self._tries[who]:
                self._tries[who].pop()

    def _forget_what_is_past(self) -> None:
        past = self._clock() - self.WINDOW
        for who, tries in list(self._tries.items()):
            while tries and tries[0] < past:
                tries.popleft()
            if not tries:
                del self._tries[who]


class Budget:
    """How often one person may do something: so many times within so many seconds. A report of an adverse event has no budget."""

    LIMITS: ClassVar[dict[str, tuple[tuple[int, float], ...]]] = {
        "ask_question": ((5, 10.0), (60, 600.0)),
        "request_person": ((5, 60.0), (20, 3600.0)),
        "write_to_rep": ((5, 10.0), (60, 600.0)),
        "write_to_hcps": ((10, 10.0), (200, 3600.0)),
        "in_call": ((20, 10.0),),
        "tell_peer": ((300, 10.0),),
        "show_slide": ((20, 1.0),),
        "view_slide": ((20, 1.0),),
    }
    # Past so many people, those who did nothing for as long as any limit looks back are forgotten.
    REMEMBERED = 10_000

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._done: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def allows(self, person: str, act: str) -> bool:
        """Note one act; False, and nothing is noted, when there were too many."""
        limits = self.LIMITS.get(act, ())
        if not limits:
            return True
        now, done = self._clock(), self._done[person, act]
        while done and done[0] <= now - limits[-1][1]:
            done.popleft()
        if any(len(done) >= times and done[-times] > now - seconds for times, seconds in limits):
            return False
        done.append(now)
        if len(self._done) > self.REMEMBERED:
            self._forget_what_is_past(now)
        return True

    def _forget_what_is_past(self, now: float) -> None:
        for (person, act), done in list(self._done.items()):
            if not done or done[-1] <= now - self.LIMITS[act][-1][1]:
                del self._done[person, act]


class Crowd:
    """The lines that are open: how many may be, from one address and in all, and how long one may be without joining."""

    IN_ALL = 2000
    SECONDS_TO_JOIN = 10.0

    def __init__(self, per_address: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_address, self._clock = per_address, clock
        self._address_of: dict[str, str] = {}
        self._lines_from: Counter[str] = Counter()
        self._not_joined: dict[str, float] = {}

    def has_room_for(self, address: str) -> bool:
        """Whether one more line from there may be opened."""
        return len(self._address_of) < self.IN_ALL and self._lines_from[address] < self._per_address

    def came(self, line: str, address: str) -> None:
        """A line is open."""
        self._address_of[line] = address
        self._lines_from[address] += 1
        self._not_joined[line] = self._clock()

    def joined(self, line: str) -> None:
        """Whoever is at the other end has shown who they are, and asked to join."""
        self._not_joined.pop(line, None)

    def left(self, line: str) -> None:
        """A line is gone."""
        self._not_joined.pop(line, None)
        self._lines_from -= Counter([self._address_of.pop(line)])

    def loitering(self) -> list[str]:
        """The lines that are open for too long already and joined nothing."""
        since = self._clock() - self.SECONDS_TO_JOIN
        return [line for line, came in self._not_joined.items() if came <= since]
