"""The rep's pages: planning, inviting, presenting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from aiohttp import web
from sqlalchemy.orm import Session

from content.gate import Verdict, Viewer
from content.model import Audience
from server.detailing import access, plans, reads
from server.detailing.actions import planning
from server.detailing.actions.closing import unsigned
from server.detailing.agenda import Choice, agenda
from server.detailing.tables import Detailing
from server.detailing.taking_part import as_handout
from server.edge.guard import form_of, signed_in_as
from server.edge.invitation_pages import invited, new_keys
from server.edge.keys import SETTINGS, SOCKETS, STORE
from server.edge.pages import language_of, page, words_for
from server.edge.session_pages import for_presenting
from server.edge.snapshots import Looks, heads, snapshot, streams_of
from server.edge.tickets import Connected
from server.edge.words import LANGUAGES, ZONE
from server.library import reads as library
from server.library.tables import EditionRow
from server.people.identity import StaffMember
from server.people.reads import find_hcps, staff_who_act_as
from server.store import Refusal, Transaction, clock, new_id

# A session planned further ahead is a slip of the keyboard.
FARTHEST = timedelta(days=366)
# Minutes.
USUAL, LONGEST = 20, 240
routes = web.RouteTableDef()


@routes.get("/console")
async def console(request: web.Request) -> web.Response:
    """The rep's sessions, and a form for the next one."""
    return await _console(request, signed_in_as(request, "rep"), {}, {})


async def _console(request: web.Request, rep: StaffMember, values: dict[str, str], errors: dict[str, str]) -> web.Response:
    store, settings = request.app[STORE], request.app[SETTINGS]
    viewer, now = Viewer(Audience.HCP, settings.country), clock.now()
    choice = Choice.of(*(request.query.get(name, "") for name in ("when", "product", "page")))
    soon = (now.astimezone(ZONE) + timedelta(minutes=15)).strftime("%Y-%m-%dT%H:%M")
    decks = [_deck(row, verdict, rep) for row, verdict in await store.read(library.decks, viewer, now)]
    return page(
        request,
        "console.html",
        status=400 if errors else 200,
        agenda=await store.read(agenda, rep.id, choice, _today(now)),
        choice=choice,
        rehearsal=await store.read(plans.rehearsal, rep.id),
        unsigned=await store.read(unsigned, rep.id),
        hcps=await store.read(find_hcps),
        decks=decks,
        values={
            "id": new_id(),
            "hcp_id": "",
            "deck_id": "",
            "scheduled_at": soon,
            "language": language_of(request),
            "minutes": str(USUAL),
            **values,
        },
        errors=errors,
    )


def _deck(row: EditionRow, verdict: Verdict, rep: StaffMember) -> dict[str, Any]:
    """A deck as it is listed: whether this rep may present it now, or the first reason why not."""
    why = "other_product" if verdict is Verdict.ALLOWED and not rep.presents(row.product) else str(verdict)
    return {"edition_id": row.id, "title": row.title, "version": row.version, "allowed": why == Verdict.ALLOWED, "verdict": why}


def _today(now: datetime) -> tuple[datetime, datetime]:
    """When this day began where people read the clock, and when the next one does; days are not all as long."""
    first = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return first.astimezone(UTC), (first + timedelta(days=1)).astimezone(UTC)


@routes.post("/console")
async def plan(request: web.Request) -> web.Response:
    """A session is planned and its HCP invited, in one change; link and code are shown this once."""
    rep = signed_in_as(request, "rep")
    form = await form_of(request)
    values = {name: str(form.get(name, "")) for name in ("id", "hcp_id", "deck_id", "scheduled_at", "language", "minutes")}
    errors = {name: code for name, code in (("hcp_id", "unknown_hcp"), ("deck_id", "unknown_deck")) if not values[name]}
    scheduled_at = _moment(values["scheduled_at"])
    if scheduled_at is None:
        errors["scheduled_at"] = "malformed"
    minutes = _minutes(values["minutes"])
    if values["minutes"] and minutes is None:
        errors["minutes"] = "malformed"
    if not _is_id(values["id"]):
        raise Refusal("malformed")
    if errors or scheduled_at is None or values["language"] not in LANGUAGES:
        return await _console(request, rep, values, errors or {"language": "malformed"})
    keys = new_keys(request)
    try:
        await request.app[STORE].change(
            _plan_and_invite,
            rep,
            values,
            scheduled_at,
            minutes,
            request.app[SETTINGS].country,
            keys.digests,
        )
    except Refusal as refusal:
        field = {
            "deck_not_approved": "deck_id",
            "other_product": "deck_id",
            "in_the_past": "scheduled_at",
            "unknown_hcp": "hcp_id",
        }
        return await _console(request, rep, values, {field.get(refusal.code, "hcp_id"): refusal.code})
    return await invited(request, rep, keys)


def _plan_and_invite(
    tx: Transaction,
    rep: StaffMember,
    values: dict[str, str],
    at: datetime,
    minutes: int | None,
    country: str,
    digests: dict[str, str],
) -> None:
    if reads.detailing(tx.session, values["id"]) is None:
        planning.plan_detailing(
            tx,
            by=rep,
            deck_id=values["deck_id"],
            scheduled_at=at,
            language=values["language"],
            country=country,
            detailing_id=values["id"],
            planned_minutes=minutes,
        )
    planning.invite_hcp(tx, values["id"], values["hcp_id"], by=rep, **digests)


def _minutes(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and 5 <= int(text[:4]) <= LONGEST else None


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _moment(local: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(local).replace(tzinfo=ZONE).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at < clock.now() + FARTHEST else None


@routes.get("/console/{detailing_id}")
async def live(request: web.Request) -> web.Response:
    """The presenter's screen."""
    rep = signed_in_as(request, "rep")
    detailing_id = request.match_info["detailing_id"]
    view = await request.app[STORE].read(_live_view, rep, detailing_id, language_of(request), request.app[SOCKETS].look)
    bootstrap = {
        "detailing_id": detailing_id,
        "staff_id": rep.id,
        "msls": view["msls"],
        "namespace": "/rep",
        "media": f"/editions/{view['deck_id']}/slides",
        "rehearsal": view["plan"].rehearsal,
        "total": len(view["slides"]),
        "slides": view["slides"],
        "polls": view["polls"],
        "handouts": view["handouts"],
        "lang": language_of(request),
        "words": words_for(request, "staff", "console", "calling"),
        "snapshot": view["snapshot"],
    }
    plan = view["plan"]
    return page(
        request, "console_live.html", detailing=plan, slides=view["slides"], rehearsal=plan.rehearsal, bootstrap=bootstrap
    )


def _handouts(session: Session, found: Detailing) -> list[dict[str, Any]]:
    viewer = Viewer(Audience.HCP, found.country)
    rows = library.handouts(session, found.deck_id, viewer, clock.now())
    return [as_handout(row).model_dump(mode="json") for row in rows]


def _live_view(session: Session, rep: StaffMember, detailing_id: str, language: str, looks: Looks) -> dict[str, Any]:
    found = access.detailing_to_present(session, detailing_id, rep)
    deck = library.edition(session, found.deck_id)
    assert deck is not None
    who = Connected("rep", language, "", staff=rep, detailing_id=detailing_id)
    now = heads(session, streams_of(session, who))
    plan = plans.plan(session, detailing_id, rep)
    return {
        "deck_id": deck.id,
        "msls": [{"id": msl.id, "name": msl.name} for msl in staff_who_act_as(session, "msl")],
        "plan": plan,
        "slides": [for_presenting(slide) for slide in deck.slides],
        "polls": [{"number": poll.number, "question": poll.question, "options": poll.options} for poll in deck.polls],
        "handouts": _handouts(session, found),
        "snapshot": snapshot(session, who, now, looks).model_dump(mode="json"),
    }
