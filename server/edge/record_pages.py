"""The HCP's record, for those who work with them."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from server.edge.guard import signed_in_as
from server.edge.keys import STORE
from server.edge.pages import page
from server.insight.reads import Line, timeline
from server.people import reads
from server.store import Refusal

routes = web.RouteTableDef()


@routes.get("/hcps")
async def hcps(request: web.Request) -> web.Response:
    """HCPs by name, place, specialty or RPPS."""
    signed_in_as(request, "rep", "msl", "admin")
    query = request.query.get("q", "")
    return page(request, "hcps.html", query=query, hcps=await request.app[STORE].read(reads.find_hcps, query))


@routes.get("/hcps/{hcp_id}")
async def record(request: web.Request) -> web.Response:
    """One HCP and everything that happened with them, within their consent and the reader's role."""
    reader = signed_in_as(request, "rep", "msl", "admin")
    store, hcp_id = request.app[STORE], request.match_info["hcp_id"]
    hcp = await store.read(reads.hcp, hcp_id)
    if hcp is None:
        raise Refusal("not_found")
    lines = await store.read(timeline, hcp_id, reader)
    consents = [
        {"purpose": c.purpose, "given": c.given, "at": c.at, "version": c.wording_version, "language": c.language, "how": c.how}
        for c in await store.read(reads.consents, hcp_id)
    ]
    return page(request, "record.html", hcp=hcp, consents=consents, lines=[_as_shown(line) for line in lines])


def _as_shown(line: Line) -> dict[str, Any]:
    return {"at": line.at, "kind": line.kind, "session": line.session, **line.about}
