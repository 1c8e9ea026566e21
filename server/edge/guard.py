"""Who is asking over HTTP, and whether the request may be heard at all."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from aiohttp import web
from multidict import MultiDictProxy

from server.edge.keys import ATTEMPTS, SETTINGS, STORE
from server.edge.words import LANGUAGES
from server.people import actions, reads
from server.people.identity import StaffMember, Visitor, token_digest
from server.settings import Settings
from server.store import Refusal, clock

COOKIE = "relais_staff"
STAFF = web.RequestKey("STAFF", StaffMember)
# The session's last use is written down once a minute: it decides about half an hour, and every write costs a sync.
TOUCH = timedelta(minutes=1)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


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
    """How often one person may ask: `times` within `seconds`. A report of an adverse event has no budget."""

    LIMITS: ClassVar[dict[str, tuple[tuple[int, float], ...]]] = {
        "ask_question": ((5, 10.0), (60, 600.0)),
        "request_person": ((5, 60.0), (20, 3600.0)),
        "write_to_rep": ((5, 10.0), (60, 600.0)),
        "write_to_hcps": ((10, 10.0), (200, 3600.0)),
        "in_call": ((20, 10.0),),
        "tell_peer": ((300, 10.0),),
    }

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._done: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)

    def spend(self, person: str, act: str) -> None:
        """Note one act. Raises `Refusal('busy')` when there were too many; the act may be sent again later."""
        limits = self.LIMITS.get(act, ())
        if not limits:
            return
        now, done = self._clock(), self._done[person, act]
        while done and done[0] <= now - limits[-1][1]:
            done.popleft()
        for times, seconds in limits:
            if sum(at > now - seconds for at in done) >= times:
                raise Refusal("busy")
        done.append(now)


def own_origins(settings: Settings) -> list[str]:
    """The origins under which people reach this server; on one's own machine, by both of its names."""
    parts = urlsplit(settings.public_url)
    names = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}
    twin = names.get(parts.hostname or "")
    return [settings.public_url, *([f"{parts.scheme}://{twin}:{parts.port}"] if twin else [])]


def refuse_foreign_origin(request: web.Request) -> None:
    """A form or call that another site's page sends is not heard. Raises `Refusal('not_allowed')`.

    Browsers put `Origin` on every unsafe request; one that has none comes from no page and carries no cookie by accident.
    """
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin not in own_origins(request.app[SETTINGS]):
        raise Refusal("not_allowed")
    if origin is None and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        raise Refusal("not_allowed")


async def recognise(request: web.Request) -> None:
    """Put the signed-in member of staff, if any, on the request."""
    token = request.cookies.get(COOKIE)
    if not token:
        return
    store, digest, now = request.app[STORE], token_digest(token), clock.now()
    found = await store.read(reads.signed_in, digest, now)
    if found is None:
        return
    request[STAFF], seen_at = found
    chosen = request.query.get("lang", "")
    if chosen in LANGUAGES and chosen != found[0].language:
        await store.change(actions.set_language, found[0].id, chosen)
        request[STAFF] = replace(found[0], language=chosen)
    if now - seen_at > TOUCH:
        # Reading goes on where nothing can be written.
        with suppress(Refusal):
            await store.change(actions.keep_staff_session, digest)


def signed_in_as(request: web.Request, *roles: str) -> StaffMember:
    """The member of staff behind the request, with one of these roles. Raises `Refusal`: `not_signed_in`, `not_allowed`."""
    person: StaffMember | None = request.get(STAFF)
    if person is None:
        raise Refusal("not_signed_in")
    if not any(person.may_act_as(role) for role in roles):
        raise Refusal("not_allowed")
    return person


async def form_of(request: web.Request) -> MultiDictProxy[str | bytes | bytearray | web.FileField]:
    """The fields of a form. Raises `Refusal('malformed')` for a body that is none."""
    try:
        return await request.post()
    except (ValueError, LookupError, AssertionError):
        raise Refusal("malformed") from None


async def json_of(request: web.Request) -> dict[str, Any]:
    """The object in a request's body. Raises `Refusal('malformed')` for a body that is none."""
    try:
        asked = await request.json()
    except (ValueError, RecursionError):
        raise Refusal("malformed") from None
    if not isinstance(asked, dict):
        raise Refusal("malformed")
    return asked


def bearer_of(request: web.Request) -> str:
    """The bearer token in the `Authorization` header, or an empty string."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def guest_of(request: web.Request, bearer: str) -> Visitor:
    """The guest behind a bearer token. Raises `Refusal('link_unknown')`."""
    guest = await request.app[STORE].read(reads.guest_with, token_digest(bearer), clock.now()) if bearer else None
    if guest is None:
        raise Refusal("link_unknown")
    return guest


def check_attempts(request: web.Request, account: str) -> Callable[[], None]:
    """Refuse after too many tries, counting this one; returns the function that takes it back because it was right."""
    # What is tried may be as long as a form: only its digest is kept.
    attempts, who, address = request.app[ATTEMPTS], token_digest(account), request.remote or ""
    attempts.take(who, address)
    return lambda: attempts.give_back(who, address)
