"""The rep's pages about invitations: who is invited to a session, for how long, and what is handed to them."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.orm import Session

from server.detailing import access, plans
from server.detailing.actions import planning
from server.edge import calendars, words
from server.edge.guard import form_of, signed_in_as
from server.edge.keys import SETTINGS, STORE
from server.edge.pages import page
from server.people.identity import StaffMember, code_digest, new_code, new_token, token_digest
from server.people.reads import find_hcps
from server.store import Refusal, Transaction, clock

routes = web.RouteTableDef()


class Keys:
    """A new link and code, told once; only their digests are kept."""

    def __init__(self, secret: bytes) -> None:
        self.token, self.code = new_token(), new_code()
        self.digests = {"token_digest": token_digest(self.token), "code_digest": code_digest(self.code, secret)}


def new_keys(request: web.Request) -> Keys:
    """A link and a code of this server."""
    return Keys(request.app[SETTINGS].secret)


@routes.get("/console/{detailing_id}/invitations")
async def invitations(request: web.Request) -> web.Response:
    """Who is invited to a session, and until when."""
    return await _list(request, signed_in_as(request, "rep"), request.match_info["detailing_id"], {})


async def _list(request: web.Request, rep: StaffMember, detailing_id: str, errors: dict[str, str]) -> web.Response:
    store = request.app[STORE]
    await store.read(access.contact_to_present, detailing_id, rep)
    plan = await store.read(plans.plan, detailing_id, rep)
    hcps = await store.read(find_hcps)
    status = 400 if errors else 200
    return page(request, "invitations.html", status=status, detailing=plan, hcps=hcps, now=clock.now(), errors=errors)


@routes.post("/console/{detailing_id}/invitations")
async def invite(request: web.Request) -> web.Response:
    """One more HCP is invited; who was invited before gets a fresh link and code."""
    rep, detailing_id = signed_in_as(request, "rep"), request.match_info["detailing_id"]
    hcp_id, keys = str((await form_of(request)).get("hcp_id", "")), new_keys(request)
    try:
        await request.app[STORE].change(planning.invite_hcp, detailing_id, hcp_id, by=rep, **keys.digests)
    except Refusal as refusal:
        if refusal.code != "unknown_hcp":
            raise
        return await _list(request, rep, detailing_id, {"hcp_id": refusal.code})
    return await invited(request, rep, keys)


@routes.post("/console/invitations/{invitation_id}/renew")
async def renew(request: web.Request) -> web.Response:
    """A fresh link and code; those before stop working."""
    rep, keys = signed_in_as(request, "rep"), new_keys(request)
    await request.app[STORE].change(planning.renew_invitation, request.match_info["invitation_id"], by=rep, **keys.digests)
    return await invited(request, rep, keys)


@routes.post("/console/invitations/{invitation_id}/revoke")
async def revoke(request: web.Request) -> web.Response:
    """Link and code open nothing any more, and whoever came in by them is out."""
    rep = signed_in_as(request, "rep")
    detailing_id = await request.app[STORE].change(_revoke, request.match_info["invitation_id"], rep)
    return web.Response(status=303, headers={"Location": f"/console/{detailing_id}/invitations"})


def _revoke(tx: Transaction, invitation_id: str, rep: StaffMember) -> str:
    planning.revoke_invitation(tx, invitation_id, by=rep)
    return access.invitation_to_manage(tx.session, invitation_id, rep)[1].id


async def invited(request: web.Request, rep: StaffMember, keys: Keys) -> web.Response:
    """Link, code and text of an invitation, shown this once."""
    invitation, plan = await request.app[STORE].read(_by_token, rep, keys.token)
    shown = {
        "id": invitation.id,
        "token": keys.token,
        "link": link(request, keys.token),
        "code": keys.code,
        "expires_at": invitation.expires_at,
        "hcp_name": invitation.hcp_name,
    }
    return page(request, "invited.html", status=201, detailing=plan, invitation=shown)


def link(request: web.Request, token: str) -> str:
    """The address that opens an invitation; the token stays in the browser."""
    return f"{request.app[SETTINGS].public_url}/join#t={token}"


def _by_token(session: Session, rep: StaffMember, token: str) -> tuple[plans.Invited, plans.Plan]:
    found = access.invitation_behind(session, digest=token_digest(token))
    return _with_plan(session, rep, found.id)


def _with_plan(session: Session, rep: StaffMember, invitation_id: str) -> tuple[plans.Invited, plans.Plan]:
    _, detailing = access.invitation_to_manage(session, invitation_id, rep)
    plan = plans.plan(session, detailing.id, rep)
    return next(one for one in plan.invitations if one.id == invitation_id), plan


@routes.post("/console/invitations/calendar")
async def calendar(request: web.Request) -> web.Response:
    """The calendar file of an invitation whose link was just made: the server does not know the link, the page tells it."""
    rep, form = signed_in_as(request, "rep"), await form_of(request)
    token, code = str(form.get("token", "")), str(form.get("code", ""))
    invitation, plan = await request.app[STORE].read(_by_token, rep, token)
    address, laboratory = link(request, token), request.app[SETTINGS].laboratory
    description = words.say(
        plan.language, "console.calendar_words", name=rep.name, laboratory=laboratory, link=address, code=code
    )
    body = calendars.entry(_appointment(invitation, plan, rep), clock.now(), link=address, description=description)
    return _as_file(body, "relais.ics")


@routes.get("/console/invitations/{invitation_id}/cancellation.ics")
async def cancellation(request: web.Request) -> web.Response:
    """The calendar file that takes a revoked invitation out of a calendar."""
    rep = signed_in_as(request, "rep")
    invitation, plan = await request.app[STORE].read(_with_plan, rep, request.match_info["invitation_id"])
    if invitation.revoked_at is None:
        raise Refusal("not_found")
    return _as_file(calendars.cancellation(_appointment(invitation, plan, rep), clock.now()), "relais-annulation.ics")


def _appointment(invitation: plans.Invited, plan: plans.Plan, rep: StaffMember) -> calendars.Appointment:
    return calendars.Appointment(
        uid=invitation.id,
        sequence=invitation.sequence,
        starts=plan.scheduled_at,
        minutes=plan.planned_minutes,
        summary=words.say(plan.language, "console.calendar_summary", deck=plan.deck_title),
        organizer=rep.name,
        organizer_email=rep.email,
    )


def _as_file(body: bytes, name: str) -> web.Response:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type=calendars.CONTENT_TYPE, charset="utf-8", headers=disposition)
