"""Who is asking over HTTP, and whether the request may be heard at all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
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
    attempts, who, address = request.app[ATTEMPTS], token_digest(account), address_of(request)
    attempts.take(who, address)
    return lambda: attempts.give_back(who, address)


def address_of(request: web.Request) -> str:
    """Where a request comes from; of IPv6 the network of 64 bits, the least that one household gets.

    `X-Forwarded-For` is believed as far back as proxies stand that the settings trust, and no further.
    """
    trusted = request.app[SETTINGS].trusted_proxies
    address = _address(request.remote or "")
    for claim in reversed(",".join(request.headers.getall("X-Forwarded-For", [])).split(",")):
        before = _address(claim)
        if address is None or before is None or not any(address in network for network in trusted):
            break
        address = before
    return str(ip_network((address, 64), strict=False) if isinstance(address, IPv6Address) else address)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
