"""Single-use, short-lived tickets with which a page opens its socket: a socket carries no cookie that could be ridden."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from server.people.identity import StaffMember, Visitor, new_token, token_digest

LIFETIME = 60.0


@dataclass(frozen=True, slots=True)
class Connected:
    """Who is at the other end of a socket. `role` is also the namespace; `session_digest` is the credential behind it."""

    role: str
    language: str
    session_digest: str
    guest: Visitor | None = None
    staff: StaffMember | None = None
    detailing_id: str | None = None

    @property
    def sender(self) -> str:
        """The id of the person, for receipts."""
        if self.staff is not None:
            return self.staff.id
        assert self.guest is not None
        return self.guest.id

    def as_guest(self) -> Visitor:
        """The guest of the `/hcp` namespace."""
        assert self.guest is not None
        return self.guest

    def as_staff(self) -> StaffMember:
        """The member of staff of the `/rep` and `/msl` namespaces."""
        assert self.staff is not None
        return self.staff


class Tickets:
    """The tickets that were given and not used yet, kept by their digest in the memory of this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._given: dict[str, tuple[float, Connected]] = {}

    def give(self, who: Connected) -> str:
        """A ticket for one connection within a minute."""
        now = self._clock()
        self._given = {digest: given for digest, given in self._given.items() if given[0] > now}
        ticket = new_token()
        self._given[token_digest(ticket)] = (now + LIFETIME, who)
        return ticket

    def redeem(self, ticket: object) -> Connected | None:
        """Who holds the ticket, once; None for one that was used, ran out, or never was."""
        if not isinstance(ticket, str):
            return None
        expires, who = self._given.pop(token_digest(ticket), (0.0, None))
        return who if expires > self._clock() else None
