"""Rehearsing: a deck's own console in one click, and the page of an HCP whom somebody plays."""

from __future__ import annotations

from aiohttp import web

from server.detailing.actions import rehearsing
from server.edge.guard import form_of, signed_in_as
from server.edge.invitation_pages import link, new_keys
from server.edge.keys import SETTINGS, STORE
from server.edge.pages import language_of
from server.store import new_id

routes = web.RouteTableDef()


@routes.post("/console/rehearsals")
async def rehearse(request: web.Request) -> web.Response:
    """A rehearsal of the deck named, and its console."""
    rep, deck_id = signed_in_as(request, "rep"), str((await form_of(request)).get("deck_id", ""))
    detailing_id = new_id()
    await request.app[STORE].change(
        rehearsing.open_rehearsal,
        by=rep,
        deck_id=deck_id,
        language=language_of(request),
        country=request.app[SETTINGS].country,
        detailing_id=detailing_id,
    )
    return web.Response(status=303, headers={"Location": f"/console/{detailing_id}"})


@routes.post("/console/{detailing_id}/stand-in")
async def stand_in(request: web.Request) -> web.Response:
    """The way into a rehearsal as an HCP, from the entrance on: for another tab."""
    rep, keys = signed_in_as(request, "rep"), new_keys(request)
    await request.app[STORE].change(rehearsing.let_stand_in, request.match_info["detailing_id"], by=rep, **keys.digests)
    return web.Response(status=303, headers={"Location": link(request, keys.token)})
