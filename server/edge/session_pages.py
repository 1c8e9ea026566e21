"""A session seen from beside the rep's console: by an MSL who comes into it, and by the rep as an HCP sees it."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from server.detailing import access
from server.detailing.actions.colleagues import enter_detailing
from server.detailing.reads import for_presenter
from server.edge.guard import form_of, signed_in_as
from server.edge.keys import SOCKETS, STORE
from server.edge.pages import language_of, page, words_for
from server.edge.snapshots import Looks, heads, snapshot, streams_of
from server.edge.tickets import Connected
from server.library import reads as library
from server.library.tables import SlideRow
from server.medical.access import inquiry_to_answer
from server.people.identity import StaffMember
from server.people.reads import staff_member
from server.store import Transaction

routes = web.RouteTableDef()


@routes.post("/desk/sessions/{detailing_id}")
async def enter(request: web.Request) -> web.Response:
    """An MSL comes into a running session: called by its rep, or for an inquiry of theirs that was asked in it."""
    msl = signed_in_as(request, "msl")
    detailing_id, inquiry_id = request.match_info["detailing_id"], str((await form_of(request)).get("inquiry_id", ""))
    await request.app[STORE].change(_enter, detailing_id, inquiry_id, msl)
    return web.Response(status=303, headers={"Location": f"/desk/sessions/{detailing_id}"})


def _enter(tx: Transaction, detailing_id: str, inquiry_id: str, msl: StaffMember) -> None:
    for_inquiry = bool(inquiry_id) and inquiry_to_answer(tx.session, inquiry_id, msl).detailing_id == detailing_id
    enter_detailing(tx, detailing_id, by=msl, for_inquiry=for_inquiry)


@routes.get("/desk/sessions/{detailing_id}")
async def colleague(request: web.Request) -> web.Response:
    """The session for an MSL who came in: its slides, and what presents them."""
    msl = signed_in_as(request, "msl")
    detailing_id = request.match_info["detailing_id"]
    view = await request.app[STORE].read(_view, msl, detailing_id, language_of(request), request.app[SOCKETS].look)
    bootstrap = {
        "detailing_id": detailing_id,
        "staff_id": msl.id,
        "rep_id": view["rep_id"],
        "namespace": "/msl",
        "media": f"/editions/{view['deck_id']}/slides",
        "slides": view["slides"],
        "lang": language_of(request),
        "words": words_for(request, "staff", "console", "calling"),
        "snapshot": view["snapshot"],
    }
    return page(
        request, "colleague.html", rep=view["rep"], deck_title=view["deck_title"], slides=view["slides"], bootstrap=bootstrap
    )


def _view(session: Session, msl: StaffMember, detailing_id: str, language: str, looks: Looks) -> dict[str, Any]:
    found = access.detailing_of_colleague(session, detailing_id, msl)
    deck, rep = library.edition(session, found.deck_id), staff_member(session, found.rep_id)
    assert deck is not None
    who = Connected("msl", language, "", staff=msl, detailing_id=detailing_id)
    now = heads(session, streams_of(session, who))
    return {
        "rep_id": found.rep_id,
        "rep": "" if rep is None else rep.name,
        "deck_id": deck.id,
        "deck_title": deck.title,
        "slides": [for_presenting(slide) for slide in deck.slides],
        "snapshot": snapshot(session, who, now, looks).model_dump(mode="json"),
    }


def for_presenting(slide: SlideRow) -> dict[str, Any]:
    """A slide as whoever presents it needs it, with the notes."""
    names = ("number", "title", "notes", "key_message", "mandatory", "topics", "alt")
    return {name: getattr(slide, name) for name in names}


@routes.get("/console/{detailing_id}/preview")
async def preview(request: web.Request) -> web.Response:
    """The room's own stage, for a frame in the rep's console, which tells it what to show."""
    rep = signed_in_as(request, "rep")
    detailing_id = request.match_info["detailing_id"]
    found = await request.app[STORE].read(access.detailing_to_present, detailing_id, rep)
    total = (await request.app[STORE].read(for_presenter, detailing_id)).total
    bootstrap = {
        "media": f"/editions/{found.deck_id}/slides",
        "total": total,
        "lang": language_of(request),
        "words": words_for(request, "room"),
    }
    return page(request, "preview.html", bootstrap=bootstrap)
