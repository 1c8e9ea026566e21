"""Single-use, short-lived tickets with which a page opens its socket: a socket carries no cookie that could be ridden."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from server.people import actions, reads
from server.people.identity import StaffMember, Visitor, new_token, token_digest
from server.store import Store, Transaction, clock

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


class Tickets(Protocol):
    """The tickets that were given and not used yet."""

    async def give(self, who: Connected) -> str:
        """A ticket for one connection within a minute."""

    async def redeem(self, ticket: str) -> Connected | None:
        """Who holds the ticket, once; None for one that was used, ran out, or never was."""


class OwnTickets(Tickets):
    """Kept by their digest in the memory of this process, where it is the only one."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._given: dict[str, tuple[float, Connected]] = {}

    async def give(self, who: Connected) -> str:
        now = self._clock()
        self._given = {digest: given for digest, given in self._given.items() if given[0] > now}
        ticket = new_token()
        self._given[token_digest(ticket)] = (now + LIFETIME, who)
        return ticket

    async def redeem(self, ticket: str) -> Connected | None:
        expires, who = self._given.pop(token_digest(ticket), (0.0, None))
        return who if expires > self._clock() else None


class SharedTickets(Tickets):
    """Kept in the database, where any process may be the one at which they are used; and Redis may be away."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def give(self, who: Connected) -> str:
        ticket = new_token()
        until = clock.now() + timedelta(seconds=LIFETIME)
        await self._store.change(
            actions.give_ticket,
            token_digest(ticket),
            until,
            who.session_digest,
            role=who.role,
            language=who.language,
            detailing_id=who.detailing_id,
        )
        return ticket

    async def redeem(self, ticket: str) -> Connected | None:
        return await self._store.change(_redeem, token_digest(ticket))


def _redeem(tx: Transaction, digest: str) -> Connected | None:
    given = actions.take_ticket(tx, digest)
    if given is None:
        return None
    known = Connected(given.role, given.language, given.session_digest, detailing_id=given.detailing_id)
    if given.role == "hcp":
        guest = reads.guest_with(tx.session, given.session_digest, tx.now)
        return None if guest is None else replace(known, guest=guest)
    found = reads.signed_in(tx.session, given.session_digest, tx.now)
    return None if found is None else replace(known, staff=found[0])
