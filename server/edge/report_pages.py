"""The rep's call report of a session that is over: put together already, corrected, signed, and added to afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from server.detailing.actions import closing
from server.detailing.tables import CallReportRow
from server.edge.commands.screening import screen_message
from server.edge.guard import form_of, signed_in_as
from server.edge.keys import SOCKETS, STORE
from server.edge.pages import page
from server.insight.call_report import call_report, people_of, requests_now
from server.people.identity import StaffMember
from server.people.reads import staff_member
from server.store import Refusal, Transaction, new_id

LONGEST = 4000
routes = web.RouteTableDef()


@routes.get("/console/{detailing_id}/report")
async def report(request: web.Request) -> web.Response:
    """The report as it stands: a draft to correct and sign, or what was signed with what was added."""
    rep = signed_in_as(request, "rep")
    await request.app[SOCKETS].attendance.write(everybody=True)
    view = await request.app[STORE].read(_view, request.match_info["detailing_id"], rep)
    return page(request, "call_report.html", **view)


def _view(session: Session, detailing_id: str, rep: StaffMember) -> dict[str, Any]:
    detailing = closing.report_to_write(session, detailing_id, rep)
    facts = call_report(session, detailing)
    kept = session.get(CallReportRow, detailing.id)
    author = None if kept is None or kept.signed_by is None else staff_member(session, kept.signed_by)
    return {
        "detailing_id": detailing.id,
        "report": facts,
        "people": people_of(session, facts),
        "requests": requests_now(session, detailing.id),
        "note": "" if kept is None else kept.note,
        "absent": [] if kept is None else kept.absent,
        "mail_for": [] if kept is None else kept.mail_for,
        "next_contact": None if kept is None else kept.next_contact,
        "signed_at": None if kept is None else kept.signed_at,
        "signed_by": rep.name if author is None else author.name,
        "amendments": closing.amendments(session, detailing.id),
    }


@routes.post("/console/{detailing_id}/report")
async def keep(request: web.Request) -> web.Response:
    """Keep what the rep corrected, and sign it where they said so."""
    rep = signed_in_as(request, "rep")
    detailing_id, form = request.match_info["detailing_id"], await form_of(request)
    there = {str(id) for id in form.getall("present", [])}
    corrections = {
        "note": _text(form.get("note")),
        "absent": [str(id) for id in form.getall("attendee", []) if str(id) not in there],
        "mail_for": [str(id) for id in form.getall("mail", [])],
        "next_contact": _day(str(form.get("next_contact", ""))),
    }
    await request.app[SOCKETS].attendance.write(everybody=True)
    await request.app[STORE].change(_keep, detailing_id, rep, corrections, form.get("act") == "sign")
    return web.Response(status=303, headers={"Location": f"/console/{detailing_id}/report"})


def _keep(tx: Transaction, detailing_id: str, rep: StaffMember, corrections: dict[str, Any], sign: bool) -> None:
    is_new_note = closing.keep_report(tx, detailing_id, by=rep, **corrections)
    if is_new_note and corrections["note"]:
        screen_message(tx, corrections["note"], report_id=new_id(), speaker="rep", staff_id=rep.id)
    if sign:
        facts = call_report(tx.session, closing.report_to_write(tx.session, detailing_id, rep))
        closing.sign_report(tx, detailing_id, facts.model_dump(mode="json"), by=rep)


@routes.post("/console/{detailing_id}/report/amendments")
async def amend(request: web.Request) -> web.Response:
    """Add to a signed report, with the reason."""
    rep = signed_in_as(request, "rep")
    detailing_id, form = request.match_info["detailing_id"], await form_of(request)
    text, reason = _text(form.get("text")), _text(form.get("reason"))[:300]
    await request.app[STORE].change(_amend, detailing_id, rep, text, reason)
    return web.Response(status=303, headers={"Location": f"/console/{detailing_id}/report"})


def _amend(tx: Transaction, detailing_id: str, rep: StaffMember, text: str, reason: str) -> None:
    closing.amend_report(tx, detailing_id, text, reason, by=rep)
    screen_message(tx, f"{text}\n{reason}", report_id=new_id(), speaker="rep", staff_id=rep.id)


def _text(value: object) -> str:
    """What was typed. Raises `Refusal`: `too_long`, `malformed` for a character that cannot be stored."""
    text = str(value or "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise Refusal("too_long")
    if "\0" in text:
        raise Refusal("malformed")
    return text


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refusal("malformed") from None
