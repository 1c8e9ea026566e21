"""A document that was offered in a session, as a page that can be read, printed and kept. Its opening is the receipt.

It stands behind the same media key as the slides: a link in a new tab can send no header either. The gate is asked each time.
"""

from __future__ import annotations

from typing import Any, Literal

from aiohttp import web
from sqlalchemy.orm import Session

from server.detailing.actions.documents import receive_document
from server.edge.keys import SETTINGS, STORE
from server.edge.media import guest_behind
from server.edge.pages import page
from server.library.reads import edition
from server.people.identity import Visitor
from server.people.reads import guest as guest_with
from server.store import Refusal, Transaction, clock

routes = web.RouteTableDef()


@routes.get("/media/{key}/documents/{edition_id}")
async def document(request: web.Request) -> web.StreamResponse:
    """An offered document, word for word; with `?download` as a file: the original where that is a PDF."""
    guest_id = guest_behind(request.match_info["key"], request.app[SETTINGS].secret, clock.now().timestamp())
    edition_id = request.match_info["edition_id"]
    how: Literal["opened", "downloaded"] = "downloaded" if "download" in request.query else "opened"
    await request.app[STORE].change(_receive, guest_id, edition_id, how)
    if how == "downloaded":
        return await _as_file(request, edition_id)
    return page(request, "document.html", standalone=False, **await request.app[STORE].read(_contents, edition_id))


async def _as_file(request: web.Request, edition_id: str) -> web.StreamResponse:
    headers = {"Content-Disposition": f'attachment; filename="{edition_id}.pdf"', "Cache-Control": "no-store"}
    for original in (request.app[SETTINGS].media / edition_id).glob("source*.pdf"):
        return web.FileResponse(original, headers=headers)
    answer = page(request, "document.html", standalone=True, **await request.app[STORE].read(_contents, edition_id))
    answer.headers["Content-Disposition"] = f'attachment; filename="{edition_id}.html"'
    return answer


def _receive(tx: Transaction, guest_id: str, edition_id: str, how: Literal["opened", "downloaded"]) -> None:
    found = guest_with(tx.session, guest_id)
    if found is None:
        raise Refusal("not_found")
    guest = Visitor(found.id, found.detailing_id, found.hcp_id, found.country, found.language)
    receive_document(tx, guest, edition_id, how)


def _contents(session: Session, edition_id: str) -> dict[str, Any]:
    row = edition(session, edition_id)
    assert row is not None, "received above"
    passages = [
        {"path": passage.path, "text": row.text[passage.start : passage.end], "table": passage.table} for passage in row.passages
    ]
    return {"edition": row, "passages": passages}
