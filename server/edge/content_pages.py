"""The content manager's pages: what is in the library, how it stands, approving and withdrawing it."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePath
from typing import Any

from aiohttp import BodyPartReader, web
from sqlalchemy.orm import Session

from content.gate import Viewer, verdict
from content.model import Audience
from content.readers import find
from server.edge.guard import form_of, signed_in_as
from server.edge.keys import INTAKE, SETTINGS, SOCKETS, STORE
from server.edge.pages import page
from server.edge.words import ZONE
from server.library import actions, reads
from server.library.tables import EditionRow
from server.people.reads import staff_member
from server.store import Refusal, clock

LARGEST_UPLOAD = 100 * 1024 * 1024
MOST_FILES = 50
LONGEST_NAME = 200
DECK_DESCRIPTION = ".deck.yaml"
routes = web.RouteTableDef()


@routes.get("/content")
async def library(request: web.Request) -> web.Response:
    """Every edition and how it stands."""
    signed_in_as(request, "content", "admin")
    return await _library(request, [])


async def _library(request: web.Request, report: list[dict[str, Any]]) -> web.Response:
    viewer, now = Viewer(Audience.HCP, request.app[SETTINGS].country), clock.now()
    rows = await request.app[STORE].read(_lines, viewer, now)
    counts = {state: sum(row["state"] == state for row in rows) for state in ("imported", "approved", "withdrawn")}
    return page(request, "content.html", editions=rows, counts=counts, report=report)


def _lines(session: Session, viewer: Viewer, now: datetime) -> list[dict[str, Any]]:
    return [_line(session, row, viewer, now) for row in reads.editions(session)]


_SHOWN = (
    "id",
    "title",
    "product",
    "kind",
    "country",
    "language",
    "audience",
    "version",
    "dated",
    "source",
    "licence",
    "state",
    "holder",
    "digest",
    "approved_at",
    "valid_until",
    "approved_country",
    "approved_audience",
)


def _line(session: Session, row: EditionRow, viewer: Viewer, now: datetime) -> dict[str, Any]:
    people = {who: _name(session, getattr(row, who)) for who in ("imported_by", "approved_by")}
    # The gate closes at the moment after the last day; people name the day itself.
    last = None if row.valid_until is None else row.valid_until - timedelta(seconds=1)
    shown = {name: getattr(row, name) for name in _SHOWN}
    return {**shown, **people, "valid_until": last, "verdict": str(verdict(row.standing, viewer, now))}


def _name(session: Session, actor: str | None) -> str | None:
    """A member of staff by name; anything else (`command line`) as it was kept."""
    member = None if actor is None else staff_member(session, actor)
    return actor if member is None else member.name


@routes.post("/content")
async def upload(request: web.Request) -> web.Response:
    """Files are read one by one; what cannot be read is told by name, and the others are taken in."""
    person = signed_in_as(request, "content")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            await _receive(request, folder)
        except (ValueError, AssertionError):
            raise Refusal("malformed") from None
        report = []
        for path in _documents(folder):
            taken = await request.app[INTAKE].take(path, by=person.id)
            about = {
                "file": taken.file,
                "ok": taken.code is None,
                "title": taken.title,
                "code": taken.code,
                "detail": taken.detail,
            }
            report.append(about)
    if not report:
        report = [{"file": "", "ok": False, "title": None, "code": "unknown_format", "detail": None}]
    return await _library(request, report)


def _documents(folder: Path) -> list[Path]:
    """Each file by name: what is no document is told, and not passed over as it would be in a folder of somebody's."""
    return find(file for file in folder.iterdir() if not file.name.endswith(DECK_DESCRIPTION))


async def _receive(request: web.Request, folder: Path) -> None:
    if request.content_type != "multipart/form-data":
        raise Refusal("malformed")
    received = files = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name != "files" or not part.filename:
            continue
        files += 1
        if files > MOST_FILES:
            raise Refusal("too_large")
        name = PurePath(part.filename.replace("\\", "/")).name
        if name in ("", "..") or len(name.encode()) > LONGEST_NAME or "\0" in name:
            raise Refusal("malformed")
        # Files of the same name come from different folders, and stay apart.
        place = next(place for place in (folder / str(n) for n in range(files)) if not (place / name).exists())
        place.mkdir(exist_ok=True)
        with (place / name).open("xb") as file:
            while chunk := await part.read_chunk(1 << 16):
                received += len(chunk)
                if received > LARGEST_UPLOAD:
                    raise Refusal("too_large")
                file.write(chunk)


@routes.get("/content/{edition_id}")
async def edition(request: web.Request) -> web.Response:
    """One edition in full, for the one who is to vouch for it."""
    person = signed_in_as(request, "content", "admin")
    viewer, now = Viewer(Audience.HCP, request.app[SETTINGS].country), clock.now()
    context = await request.app[STORE].read(_review, request.match_info["edition_id"], viewer, now)
    own = context.pop("imported_by_id") == person.id
    allowed = person.may_act_as("content") and not own and not context["problems"]
    why_not = None if allowed else "own_import" if own else "incomplete" if context["problems"] else "not_allowed"
    return page(request, "edition.html", may_approve=allowed, why_not=why_not, **context)


def _review(session: Session, edition_id: str, viewer: Viewer, now: datetime) -> dict[str, Any]:
    row = reads.edition(session, edition_id)
    if row is None:
        raise Refusal("not_found")
    passages = [
        {"section": p.section, "path": p.path, "text": row.text[p.start : p.end], "page": p.page, "table": p.table}
        for p in row.passages
    ]
    return {
        "edition": _line(session, row, viewer, now),
        "passages": passages,
        "slides": list(row.slides),
        "polls": list(row.polls),
        "problems": reads.problems(row),
        "imported_by_id": row.imported_by,
    }


@routes.post("/content/{edition_id}/approve")
async def approve(request: web.Request) -> web.Response:
    """The content manager vouches for these bytes, for an audience, a country and a time."""
    person = signed_in_as(request, "content")
    form = await form_of(request)
    valid_from, valid_until = _day(form.get("valid_from")), _day(form.get("valid_until"))
    audience = str(form.get("audience", ""))
    country = str(form.get("country", "")).strip().upper()
    if valid_from is None or valid_until is None:
        raise Refusal("missing_validity")
    if audience not in list(Audience) or len(country) != 2 or not country.isalpha():
        raise Refusal("malformed")
    await request.app[STORE].change(
        actions.approve_edition,
        request.match_info["edition_id"],
        by=person.id,
        valid_from=valid_from,
        # The last day counts whole.
        valid_until=valid_until + timedelta(days=1),
        country=country,
        audience=Audience(audience),
        note=str(form.get("note", "")),
    )
    raise web.HTTPSeeOther(f"/content/{request.match_info['edition_id']}")


def _day(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=ZONE).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@routes.post("/content/{edition_id}/withdraw")
async def withdraw(request: web.Request) -> web.Response:
    """Shown to nobody from this moment, running sessions included."""
    person = signed_in_as(request, "content")
    reason = str((await form_of(request)).get("reason", ""))
    await request.app[STORE].change(actions.withdraw_edition, request.match_info["edition_id"], by=person.id, reason=reason)
    await request.app[SOCKETS].close_the_gate()
    raise web.HTTPSeeOther(f"/content/{request.match_info['edition_id']}")
