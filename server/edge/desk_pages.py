"""The MSL's pages: the queue, and one inquiry with all that is needed to answer it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from content.gate import Viewer
from content.model import Audience
from server.conversation import reads as conversation
from server.detailing import reads as detailing
from server.edge.guard import signed_in_as
from server.edge.keys import SOCKETS, STORE
from server.edge.pages import language_of, page, words_for
from server.edge.snapshots import Looks, heads, snapshot, streams_of
from server.edge.tickets import Connected
from server.library import reads as library
from server.medical import access
from server.medical import reads as medical
from server.medical.tables import MedicalInquiry
from server.people.identity import StaffMember
from server.people.reads import hcp_of_guest
from server.store import clock

routes = web.RouteTableDef()


@routes.get("/desk")
async def desk(request: web.Request) -> web.Response:
    """What waits for an answer, the most urgent first."""
    msl = signed_in_as(request, "msl")
    start = await request.app[STORE].read(_queue, msl, language_of(request), request.app[SOCKETS].look)
    return page(request, "desk.html", inquiries=start["inquiries"], bootstrap=_bootstrap(request, msl, start))


@routes.get("/desk/{inquiry_id}")
async def inquiry(request: web.Request) -> web.Response:
    """One inquiry: the HCP's words, what they had before them, what the assistant replied and why it went no further."""
    msl = signed_in_as(request, "msl")
    store, now = request.app[STORE], clock.now()
    context = await store.read(_inquiry, request.match_info["inquiry_id"], msl, now)
    start = await store.read(_queue, msl, language_of(request), request.app[SOCKETS].look)
    bootstrap = {**_bootstrap(request, msl, start), "inquiry": _as_json(context["inquiry"])}
    return page(request, "inquiry.html", bootstrap=bootstrap, **context)


def _bootstrap(request: web.Request, msl: StaffMember, start: dict[str, Any]) -> dict[str, Any]:
    return {
        "namespace": "/msl",
        "lang": language_of(request),
        "words": words_for(request, "staff", "desk"),
        "snapshot": start,
        "msl_id": msl.id,
    }


def _queue(session: Session, msl: StaffMember, language: str, looks: Looks) -> dict[str, Any]:
    who = Connected("msl", language, "", staff=msl)
    return snapshot(session, who, heads(session, streams_of(session, who)), looks).model_dump(mode="json")


def _inquiry(session: Session, inquiry_id: str, msl: StaffMember, now: datetime) -> dict[str, Any]:
    found = access.inquiry_to_read(session, inquiry_id, msl)
    reply = None if found.question_id is None else conversation.reply(session, found.question_id)
    asked = None if found.question_id is None else conversation.question(session, found.question_id)
    hcp = hcp_of_guest(session, found.guest_id)
    viewer = Viewer(Audience.HCP, found.country)
    passages = library.approved_passages(session, found.product, viewer, now) if found.product else []
    return {
        "inquiry": {
            **{name: getattr(found, name) for name in _SHOWN},
            "inquiry_id": found.id,
            "asked_at": found.opened_at if asked is None else asked.asked_at,
            "msl_name": access.owner_name(session, found) or None,
        },
        "live": _live_session(session, found),
        "slide": _slide(session, found),
        "reply": None
        if reply is None
        else {"kind": reply.kind, "reason": reply.reason, "citations": reply.citations, "evidence": reply.evidence},
        "exchanges": _exchanges(session, found.guest_id),
        "hcp": None
        if hcp is None
        else {"name": hcp.name, "profession": hcp.profession, "specialty": hcp.specialty, "city": hcp.city},
        "passages": [
            {
                "passage_id": passage.id,
                "title": row.title,
                "section": passage.section,
                "path": passage.path,
                "text": row.text[passage.start : passage.end],
            }
            for passage, row in passages
        ],
    }


_SHOWN = (
    "number",
    "state",
    "reason",
    "product",
    "language",
    "country",
    "text",
    "opened_at",
    "due_at",
    "msl_id",
    "answer",
    "answered_at",
    "references",
)


def _live_session(session: Session, inquiry: MedicalInquiry) -> str | None:
    asked_in = None if inquiry.detailing_id is None else detailing.detailing(session, inquiry.detailing_id)
    return asked_in.id if asked_in is not None and asked_in.state == "live" else None


def _slide(session: Session, inquiry: MedicalInquiry) -> dict[str, Any] | None:
    if inquiry.deck_id is None or inquiry.slide_number is None:
        return None
    slide = library.slide(session, inquiry.deck_id, inquiry.slide_number)
    return None if slide is None else {"number": slide.number, "title": slide.title, "edition_id": slide.edition_id}


def _exchanges(session: Session, guest_id: str) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for asked, answered in conversation.exchanges(session, guest_id):
        lines.append({"at": asked.asked_at, "who": "hcp", "text": asked.text, "citations": []})
        if answered is not None:
            words = " · ".join(answered.options)
            about = {"kind": answered.kind, "reason": answered.reason, "text": words, "citations": answered.citations}
            lines.append({"at": answered.at, "who": "assistant", **about})
    for inquiry, _ in medical.inquiries_of(session, [guest_id]):
        if inquiry.answered_at is not None:
            lines.append({"at": inquiry.answered_at, "who": "msl", "text": inquiry.answer, "citations": []})
    return sorted(lines, key=lambda line: line["at"])


def _as_json(inquiry: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in inquiry.items()}
