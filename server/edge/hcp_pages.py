"""The HCP's way in: by link, by code, or from the lab's site. No cookie: a bearer token travels in bodies and headers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from server.detailing import access, reads
from server.detailing.actions import arrival
from server.detailing.plans import Welcome, welcome
from server.edge.guard import bearer_of, check_attempts, form_of, guest_of, json_of
from server.edge.keys import PAGES, SETTINGS, SOCKETS, STORE
from server.edge.media import media_key
from server.edge.pages import language_of, page, words_for
from server.edge.snapshots import HcpSnapshot, hcp_snapshot, heads, streams_of
from server.edge.tickets import Connected
from server.people import actions as people
from server.people import wording
from server.people.identity import Visitor, code_digest, new_token, token_digest
from server.people.reads import guest_with
from server.store import Refusal, Transaction, clock

PROFESSIONS = ("physician", "pharmacist", "midwife", "nurse", "dentist", "other")
routes = web.RouteTableDef()


@routes.get("/embed.js")
async def embed(request: web.Request) -> web.Response:
    """The one script of a lab's page: a stable address, looked at again every five minutes."""
    return request.app[PAGES].files.send(request, "embed.js", "public, max-age=300")


@routes.get("/join")
async def join_form(request: web.Request) -> web.Response:
    """Where links arrive (the token stays in the fragment) and codes are typed."""
    return page(request, "join.html", error=None, forgets=False)


@routes.post("/join")
async def join(request: web.Request) -> web.Response:
    """A link's token or a code: who invites, who is invited, and what is asked before coming in.

    A tab that is in this very session already, as its `bearer` shows, goes on in it.
    """
    form = await form_of(request)
    entry = "t:" + str(form["token"]) if form.get("token") else f"c:{form.get('code', '')}"
    bearer = str(form.get("bearer", ""))
    try:
        guest = await request.app[STORE].read(_there_already, _entry_digest(request, entry), bearer, clock.now())
        return await (_confirm(request, entry) if guest is None else _room(request, guest, bearer))
    except Refusal as refusal:
        code = "code_unknown" if entry.startswith("c:") and refusal.code == "link_unknown" else refusal.code
        return _not_in(request, code)


def _there_already(session: Session, digest: str, bearer: str, now: datetime) -> Visitor | None:
    guest = guest_with(session, token_digest(bearer), now) if bearer else None
    if guest is None:
        return None
    invitation = access.invitation_to_enter_by(session, digest=digest, now=now)
    return guest if reads.takes_part(session, guest, invitation.detailing_id) else None


def _not_in(request: web.Request, code: str, *, forgets: bool = False) -> web.Response:
    """Why somebody is not let in; nothing here is about them. `forgets`: the bearer that the tab keeps opens nothing."""
    if code == "already_ended":
        return page(request, "over.html", status=400, forgets=forgets)
    return page(request, "join.html", status=400, error=code, forgets=forgets)


async def _confirm(request: web.Request, entry: str, error: str | None = None) -> web.Response:
    digest = _entry_digest(request, entry)
    was_right = check_attempts(request, f"entry {digest}")
    shown = await request.app[STORE].read(_welcome, digest, clock.now())
    was_right()
    laboratory = request.app[SETTINGS].laboratory
    invitee = None
    if shown.invitee is not None:
        invitee = {"name": shown.invitee.name, "profession": shown.invitee.profession, "city": shown.invitee.city}
    return page(
        request,
        "confirm.html",
        status=200 if error is None else 400,
        entry=entry,
        invitee=invitee,
        used=shown.used,
        rehearsal=shown.rehearsal,
        presenter={"name": shown.rep_name},
        deck_title=shown.deck_title,
        scheduled_at=shown.scheduled_at,
        consent={"version": wording.TRACKING_VERSION, "text": wording.tracking(language_of(request), laboratory)},
        error=error,
    )


def _entry_digest(request: web.Request, entry: str) -> str:
    kind, _, secret = entry.partition(":")
    return token_digest(secret) if kind == "t" else code_digest(secret, request.app[SETTINGS].secret)


def _welcome(session: Session, digest: str, now: datetime) -> Welcome:
    invitation = access.invitation_to_enter_by(session, digest=digest, now=now)
    shown = welcome(session, invitation)
    if shown.ended:
        raise Refusal("already_ended")
    if invitation.guest_id is None and shown.locked:
        raise Refusal("lobby_locked")
    return shown


@routes.get("/room")
async def room_by_address(_: web.Request) -> web.Response:
    """The room stands behind a form; from there the bearer that a tab keeps brings its owner back."""
    raise web.HTTPSeeOther("/join")


@routes.post("/room")
async def room(request: web.Request) -> web.Response:
    """Into the room: after confirming, or back with the bearer that this tab keeps."""
    form = await form_of(request)
    bearer = str(form.get("bearer", ""))
    try:
        if bearer:
            return await _room(request, await guest_of(request, bearer), bearer)
        if form.get("identity") not in ("me", "other") or form.get("tracking") not in ("yes", "no"):
            return await _confirm(request, str(form.get("entry", "")), error="incomplete")
        return await _enter(request, str(form.get("entry", "")), form["identity"] == "me", form["tracking"] == "yes")
    except Refusal as refusal:
        return _not_in(request, refusal.code, forgets=bool(bearer))


async def _enter(request: web.Request, entry: str, is_invitee: bool, tracking: bool) -> web.Response:
    bearer, digest = new_token(), _entry_digest(request, entry)
    # A code is guessed here as well as on the page before.
    was_right = check_attempts(request, f"entry {digest}")
    guest = await request.app[STORE].change(
        arrival.enter_by_invitation,
        digest,
        is_invitee=is_invitee,
        tracking=tracking,
        wording_version=wording.TRACKING_VERSION,
        language=language_of(request),
        pass_digest=token_digest(bearer),
    )
    was_right()
    return await _entered(request, guest, bearer)


async def _entered(request: web.Request, guest: Visitor, bearer: str) -> web.Response:
    """Into the room; or, for a page that goes there by itself and leaves no form in the browser's history, the key to it."""
    if request.headers.get("Accept") == "application/json":
        return web.json_response({"bearer": bearer})
    return await _room(request, guest, bearer)


@routes.get("/assistant")
async def declare_form(request: web.Request) -> web.Response:
    """On the lab's site: the assistant is for healthcare professionals, who say that they are."""
    return page(request, "declare.html", error=None, professions=PROFESSIONS)


@routes.post("/assistant")
async def declare(request: web.Request) -> web.Response:
    """The declaration, and the assistant without any session."""
    form = await form_of(request)
    profession = str(form.get("profession", ""))
    if profession not in PROFESSIONS or not form.get("declared"):
        error = "not_declared"
        return page(request, "declare.html", status=400, error=error, professions=PROFESSIONS)
    bearer = new_token()
    country = request.app[SETTINGS].country
    guest = await request.app[STORE].change(
        _welcome_visitor, profession=profession, country=country, language=language_of(request), digest=token_digest(bearer)
    )
    return await _entered(request, guest, bearer)


def _welcome_visitor(tx: Transaction, *, profession: str, country: str, language: str, digest: str) -> Visitor:
    guest = people.welcome_guest(
        tx, detailing_id=None, hcp_id=None, profession=profession, country=country, language=language, came_at=tx.now
    )
    people.give_pass(tx, guest.id, digest)
    return guest


async def _room(request: web.Request, guest: Visitor, bearer: str) -> web.Response:
    settings = request.app[SETTINGS]
    snapshot = await request.app[STORE].read(_room_view, guest)
    media = f"/media/{media_key(guest.id, settings.secret)}" if guest.detailing_id else None
    held = snapshot.detailing
    mode = "assistant" if held is None else "detailing"
    context: dict[str, Any] = {
        "mode": mode,
        "presenter": None if held is None else {"name": held.rep_name},
        "deck_title": None if held is None else held.deck_title,
        "stage": _stage(snapshot, media),
        "held": held is not None and held.held,
        "rehearsal": held is not None and held.rehearsal,
    }
    bootstrap = {
        "bearer": bearer,
        "mode": mode,
        "namespace": "/hcp",
        "media": media,
        "total": 0 if held is None else held.total,
        "deck_title": context["deck_title"],
        "presenter": context["presenter"],
        "laboratory": settings.laboratory,
        "lang": language_of(request),
        "now": clock.now().isoformat(),
        "idle": settings.idle / timedelta(milliseconds=1),
        "words": words_for(request, "room", "calling"),
        "snapshot": snapshot.model_dump(mode="json"),
        "consent": {"tracked": snapshot.participant is not None and snapshot.participant.tracked},
    }
    return page(request, "room.html", bootstrap=bootstrap, **context)


def _room_view(session: Session, guest: Visitor) -> HcpSnapshot:
    who = Connected("hcp", guest.language, "", guest=guest)
    return hcp_snapshot(session, guest, heads(session, streams_of(session, who)))


def _stage(snapshot: HcpSnapshot, media: str | None) -> dict[str, Any] | None:
    """The slide on screen, for the page's own HTML: it is seen before any script has run."""
    held = snapshot.detailing
    if held is None or held.number is None or held.state != "live":
        return None
    title = next(shown["title"] for shown in held.shown if shown["number"] == held.number)
    sources = {f"src_{width}": f"{media}/{held.number}-{width}.webp" for width in (1600, 800)}
    return {"number": held.number, "total": held.total, "title": title, "alt": title, **sources}


@routes.post("/api/consent")
async def withdraw_consent(request: web.Request) -> web.Response:
    """The HCP withdraws from being tracked: they go on as nobody, in the same place, with a new bearer."""
    guest = await guest_of(request, bearer_of(request))
    if await json_of(request) != {"tracking": False}:
        raise Refusal("malformed")
    bearer = new_token()
    successor = await request.app[STORE].change(
        arrival.withdraw_tracking, guest, wording_version=wording.TRACKING_VERSION, pass_digest=token_digest(bearer)
    )
    await request.app[SOCKETS].close_those_of(guest_id=guest.id)
    media = f"/media/{media_key(successor.id, request.app[SETTINGS].secret)}"
    return web.json_response({"ok": True, "bearer": bearer, "media": media})
