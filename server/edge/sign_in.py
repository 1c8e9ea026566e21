"""Staff come in with local accounts, and administrators make them. No account has a password that was not chosen for it."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from server.edge.guard import COOKIE, STAFF, check_attempts, form_of, signed_in_as
from server.edge.keys import SETTINGS, SOCKETS, STORE
from server.edge.pages import page
from server.edge.words import LANGUAGES
from server.library.reads import deck_products
from server.people import actions, reads
from server.people.identity import ROLES, StaffMember, new_token, token_digest
from server.store import Refusal

HOME = {"rep": "/console", "msl": "/desk", "content": "/content", "admin": "/accounts"}
# Who plays whom in the demo; the same password for all, and only there.
DEMO_PASSWORD = "demonstration"  # noqa: S105  the demo runs on fictitious people, on the machine of whoever looks at it
routes = web.RouteTableDef()


def home_of(person: StaffMember) -> str:
    """The page on which a member of staff begins."""
    return next(HOME[role] for role in ROLES if person.may_act_as(role))


@routes.get("/")
async def front(request: web.Request) -> web.Response:
    """Everybody to where they work."""
    person = request.get(STAFF)
    raise web.HTTPSeeOther(home_of(person) if person is not None else "/sign-in")


@routes.get("/sign-in")
async def sign_in_form(request: web.Request) -> web.Response:
    """Who are you?"""
    return await _form(request, str(request.query.get("next", "")))


@routes.post("/sign-in")
async def sign_in(request: web.Request) -> web.Response:
    """Right address and password: a session. Anything else: the same answer after the same time."""
    form = await form_of(request)
    email, password, next_page = (str(form.get(name, "")) for name in ("email", "password", "next"))
    try:
        was_right = check_attempts(request, email.strip().lower())
    except Refusal as refusal:
        return await _form(request, next_page, refusal.code, email)
    store = request.app[STORE]
    account = await store.read(reads.staff_to_sign_in, email)
    password_hash = None if account is None else account.password_hash
    if not await asyncio.to_thread(actions.password_fits, password_hash, password) or account is None:
        return await _form(request, next_page, "wrong_credentials", email)
    was_right()
    token = new_token()
    await store.change(actions.start_staff_session, account.id, token_digest(token))
    person = await store.read(reads.staff_member, account.id)
    assert person is not None
    response = web.Response(status=303, headers={"Location": _own_path(next_page) or home_of(person)})
    response.set_cookie(
        COOKIE, token, max_age=12 * 3600, httponly=True, secure=request.app[SETTINGS].secure, samesite="Lax", path="/"
    )
    return response


def _own_path(target: str) -> str:
    """The target if it is a page of ours, else nothing: a sign-in page must not send people elsewhere."""
    if not target.startswith("/") or target.startswith(("//", "/\\")) or not target.isprintable():
        return ""
    parts = urlsplit(target)
    return "" if parts.scheme or parts.netloc else target


async def _form(request: web.Request, next_page: str, error: str | None = None, email: str = "") -> web.Response:
    accounts: list[dict[str, str]] = []
    if request.app[SETTINGS].demo:
        staff = await request.app[STORE].read(reads.all_staff)
        accounts = [
            {"email": a.email, "name": a.name, "role": a.roles[0], "password": DEMO_PASSWORD}
            for a in staff
            if a.email.endswith("@demo.invalid") and a.active
        ]
    status = 200 if error is None else 400
    return page(request, "sign_in.html", status=status, next=next_page, error=error, email=email, demo_accounts=accounts)


@routes.post("/sign-out")
async def sign_out(request: web.Request) -> web.Response:
    """The session ends, here and in every open socket behind it."""
    digest = token_digest(request.cookies.get(COOKIE, ""))
    await request.app[STORE].change(actions.end_staff_session, digest)
    await request.app[SOCKETS].close_those_of(session_digest=digest)
    response = web.Response(status=303, headers={"Location": "/sign-in"})
    response.del_cookie(COOKIE, path="/")
    return response


@routes.get("/accounts")
async def accounts(request: web.Request) -> web.Response:
    """Everybody who can sign in."""
    signed_in_as(request, "admin")
    return await _accounts(request)


@routes.post("/accounts")
async def create_account(request: web.Request) -> web.Response:
    """A new account, with a password that the administrator hands over."""
    person = signed_in_as(request, "admin")
    form = await form_of(request)
    values = {name: str(form.get(name, "")) for name in ("name", "email", "language")}
    roles, products = ([str(name) for name in form.getall(field, [])] for field in ("roles", "products"))
    wrong = {name: "malformed" for name in ("name", "email") if not values[name].strip()}
    if not roles or values["language"] not in LANGUAGES:
        wrong["roles"] = "malformed"
    if not wrong:
        try:
            password_hash = await asyncio.to_thread(actions.hash_password, str(form.get("password", "")))
            await request.app[STORE].change(
                actions.create_staff, **values, roles=roles, products=products, password_hash=password_hash, by=person.id
            )
        except Refusal as refusal:
            wrong = {{"weak_password": "password", "email_taken": "email"}.get(refusal.code, "email"): refusal.code}
    if wrong:
        return await _accounts(request, {**values, "roles": roles, "products": products}, wrong)
    raise web.HTTPSeeOther("/accounts")


async def _accounts(
    request: web.Request, values: dict[str, Any] | None = None, errors: dict[str, str] | None = None
) -> web.Response:
    staff = await request.app[STORE].read(reads.all_staff)
    shown = {"staff": staff, "products": await request.app[STORE].read(deck_products)}
    status = 400 if errors else 200
    return page(request, "accounts.html", status=status, **shown, values=values or {}, errors=errors or {})
