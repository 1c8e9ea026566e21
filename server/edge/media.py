"""Slide images and words. The gate is asked for each one, at the moment it is sent.

An `<img>` can send no header, so an HCP's images are reached by a media key in their path: it names the guest, runs out, and
opens nothing but slides that were shown in that guest's own session, the pixels of the one that comes
next, and documents offered there.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from content.gate import Viewer
from content.model import Audience
from server.detailing import access
from server.detailing.reads import shown_numbers
from server.edge.guard import bearer_of, guest_of, signed_in_as
from server.edge.keys import SETTINGS, STORE
from server.library import reads as library
from server.library.tables import SlideRow
from server.people.identity import Visitor
from server.people.reads import guest as guest_with
from server.store import Refusal, clock

LIFETIME = 12 * 3600
routes = web.RouteTableDef()


def media_key(guest_id: str, secret: bytes, now: float | None = None) -> str:
    """The first part of the path of a guest's slides, for twelve hours."""
    until = int(clock.now().timestamp() if now is None else now) + LIFETIME
    return f"{guest_id}.{until}.{_seal(guest_id, until, secret)}"


def guest_behind(key: str, secret: bytes, now: float) -> str:
    """The guest for whom a media key was made. Raises `Refusal('not_found')` for one that is false or ran out."""
    guest_id, _, rest = key.partition(".")
    until, _, seal = rest.partition(".")
    if not until.isdecimal() or not hmac.compare_digest(seal, _seal(guest_id, int(until), secret)) or int(until) < now:
        raise Refusal("not_found")
    return guest_id


def _seal(guest_id: str, until: int, secret: bytes) -> str:
    return hmac.new(secret, f"media {guest_id} {until}".encode(), hashlib.sha256).hexdigest()[:32]


@routes.get(r"/media/{key}/{number:\d{1,3}}-{width:1600|800|320}.webp")
async def shown_slide_image(request: web.Request) -> web.StreamResponse:
    """A slide that was shown in the guest's session, as pixels; and the next one, so that it is there when it is shown."""
    slide = await _shown_slide(request, or_next=True)
    return _image(request, slide.edition_id, slide.number)


@routes.get(r"/media/{key}/{number:\d{1,3}}.json")
async def shown_slide_words(request: web.Request) -> web.Response:
    """The same slide in words; the rep's notes are not among them."""
    return web.json_response(_words(await _shown_slide(request)))


@routes.get(r"/editions/{edition_id}/slides/{number:\d{1,3}}-{width:1600|800|320}.webp")
async def slide_image_for_staff(request: web.Request) -> web.StreamResponse:
    """A slide for those who review, present or answer about it, whatever its standing: the page around it says how it stands."""
    slide = await _slide_for_staff(request)
    return _image(request, slide.edition_id, slide.number)


@routes.get(r"/editions/{edition_id}/slides/{number:\d{1,3}}.json")
async def slide_words_for_staff(request: web.Request) -> web.Response:
    """The same slide in the words that an HCP may read."""
    return web.json_response(_words(await _slide_for_staff(request)))


@routes.get("/api/passages/{passage_id}")
async def passage(request: web.Request) -> web.Response:
    """A cited passage, opened in place by the one who was answered with it."""
    guest = await guest_of(request, bearer_of(request))
    viewer = Viewer(Audience.HCP, guest.country)
    found = await request.app[STORE].read(library.passage_to_show, request.match_info["passage_id"], viewer, clock.now())
    if found is None:
        raise Refusal("not_found")
    return web.json_response(
        {
            "title": found.title,
            "edition": {
                "version": found.version,
                "dated": None if found.dated is None else found.dated.isoformat(),
                "source": found.source,
                "holder": found.holder,
                "country": found.country,
                "language": found.language,
            },
            "section": found.section,
            "path": found.path,
            "text": found.text,
            "start": found.start,
        }
    )


async def _slide_for_staff(request: web.Request) -> SlideRow:
    person = signed_in_as(request, "rep", "msl", "content", "admin")
    number, edition_id = int(request.match_info["number"]), request.match_info["edition_id"]
    slide = await request.app[STORE].read(library.slide, edition_id, number)
    if slide is None:
        raise Refusal("not_found")
    if not any(person.may_act_as(role) for role in ("msl", "content", "admin")):
        await request.app[STORE].read(access.deck_to_present, edition_id, person)
    return slide


def _words(slide: SlideRow) -> dict[str, Any]:
    return {"number": slide.number, "title": slide.title, "text": slide.text, "alt": slide.alt, "references": slide.references}


async def _shown_slide(request: web.Request, *, or_next: bool = False) -> SlideRow:
    guest_id = guest_behind(request.match_info["key"], request.app[SETTINGS].secret, clock.now().timestamp())
    return await request.app[STORE].read(_slide_for, guest_id, int(request.match_info["number"]), or_next, clock.now())


def _slide_for(session: Session, guest_id: str, number: int, or_next: bool, now: datetime) -> SlideRow:
    found = guest_with(session, guest_id)
    if found is None:
        raise Refusal("not_found")
    guest = Visitor(found.id, found.detailing_id, found.hcp_id, found.country, found.language)
    detailing, _ = access.place_once_admitted(session, guest)
    shown = shown_numbers(session, detailing.id)
    # Next after any slide shown, not after the one on screen alone: the presenter may have moved on while it was asked for.
    is_next = or_next and detailing.state == "live" and number - 1 in shown
    if not is_next and number not in shown:
        raise Refusal("not_found")
    viewer = Viewer(Audience.HCP, detailing.country)
    if not library.shows(session, detailing.deck_id, viewer, now):
        raise Refusal("not_found")
    return library.slide_to_show(session, detailing.deck_id, number, viewer, now)


def _image(request: web.Request, edition_id: str, number: int) -> web.FileResponse:
    path = request.app[SETTINGS].media / edition_id / f"{number}-{request.match_info['width']}.webp"
    if not path.is_file():
        raise Refusal("not_found")
    return web.FileResponse(path, headers={"Cache-Control": "private, max-age=60", "Content-Type": "image/webp"})
