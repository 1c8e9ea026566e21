"""A complete demo: fictitious people, real public documents, one session about to begin."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from content.model import Audience, Kind
from content.readers import find
from server.detailing.actions import planning
from server.detailing.tables import A_CONTACT, Detailing, Invitation
from server.edge.keys import INTAKE, PAGES, SETTINGS, STORE
from server.edge.sign_in import DEMO_PASSWORD
from server.library.actions import approve_edition
from server.library.reads import editions
from server.library.tables import EditionRow
from server.people import actions as people
from server.people.identity import StaffMember, code_digest, new_code, new_token, token_digest
from server.people.reads import find_hcps, staff_member, staff_to_sign_in
from server.settings import Settings
from server.store import Transaction, clock, new_id

SAMPLES = Path(__file__).parents[1] / "content" / "samples"
STAFF = (
    ("delegue@demo.invalid", "Camille Fictive", ["rep"]),
    ("msl@demo.invalid", "Dr Sacha Exemple", ["msl"]),
    ("msl2@demo.invalid", "Dr Noa Modèle", ["msl"]),
    ("import@demo.invalid", "Lou Essai", ["content"]),
    ("contenus@demo.invalid", "Alix Maquette", ["content"]),
    ("admin@demo.invalid", "Charlie Démo", ["admin"]),
)
HCPS = (
    ("Dr", "Claire", "Fictif-Martin", "physician", "Rhumatologie", "Lyon", "00000000001"),
    ("Dr", "Hugo", "Fictif-Bernard", "physician", "Médecine générale", "Nantes", "00000000002"),
    ("", "Inès", "Fictif-Petit", "pharmacist", None, "Lille", "00000000003"),
)
VALIDITY = timedelta(days=365)
SOURCE = "Démonstration, personne fictive"


@dataclass(frozen=True, slots=True)
class Links:
    """Where the demo's people go."""

    hcp_room: str
    code: str
    console: str
    desk: str
    content: str
    record: str


async def prepare(app: web.Application) -> Links:
    """Make what is missing of the demo, and a fresh invitation to its session. Nothing that is there is touched."""
    store, settings = app[STORE], app[SETTINGS]
    password_hash = await asyncio.to_thread(people.hash_password, DEMO_PASSWORD)
    await store.change(_people, password_hash)
    await _documents(app)
    rep = await store.read(_account, "delegue@demo.invalid")
    token, code = new_token(), new_code()
    digests = {"token_digest": token_digest(token), "code_digest": code_digest(code, settings.secret)}
    detailing_id, hcp_id = await store.change(_session, rep, settings, digests)
    base = settings.public_url
    return Links(
        f"{base}/join#t={token}",
        code,
        f"{base}/console/{detailing_id}",
        f"{base}/desk",
        f"{base}/content",
        f"{base}/hcps/{hcp_id}",
    )


def _account(session: Session, email: str) -> StaffMember:
    account = staff_to_sign_in(session, email)
    member = None if account is None else staff_member(session, account.id)
    assert member is not None
    return member


def _people(tx: Transaction, password_hash: str) -> None:
    for email, name, roles in STAFF:
        if staff_to_sign_in(tx.session, email) is None:
            people.create_staff(
                tx, email=email, name=name, roles=list(roles), language="fr", password_hash=password_hash, by="demo"
            )
    if find_hcps(tx.session):
        return
    for title, given, family, profession, specialty, city, rpps in HCPS:
        people.record_hcp(
            tx,
            title=title,
            given_name=given,
            family_name=family,
            profession=profession,
            specialty=specialty,
            city=city,
            rpps=rpps,
            country="FR",
            language="fr",
            source=SOURCE,
            source_date=date(2026, 1, 1),
            by="demo",
        )


async def _documents(app: web.Application) -> None:
    store = app[STORE]
    if await store.read(editions):
        return
    importer = await store.read(_account, "import@demo.invalid")
    approver = await store.read(_account, "contenus@demo.invalid")
    files = find([SAMPLES])
    for number, path in enumerate(files, start=1):
        taken = await app[INTAKE].take(path, by=importer.id)
        print(f"  [{number}/{len(files)}] {path.name}: {taken.title or taken.code}", flush=True)
        if taken.edition_id is not None and taken.is_new:
            await store.change(_approve, taken.edition_id, approver.id)


def _approve(tx: Transaction, edition_id: str, approver_id: str) -> None:
    """Each for its own country and readers: a US label is on show in the list, and the gate keeps it from a French HCP."""
    row = tx.session.get_one(EditionRow, edition_id)
    approve_edition(
        tx,
        edition_id,
        by=approver_id,
        valid_from=tx.now,
        valid_until=tx.now + VALIDITY,
        country=row.country or "FR",
        audience=Audience(row.audience),
        note="Demonstration",
    )


def _session(tx: Transaction, rep: StaffMember, settings: Settings, digests: dict[str, str]) -> tuple[str, str]:
    """The demo's session: the one that has not ended, or a new one; its invitation is renewed."""
    hcp = find_hcps(tx.session, "Claire Fictif-Martin")[0]
    going_on = select(Detailing).where(Detailing.rep_id == rep.id, Detailing.state != "ended", A_CONTACT)
    found = tx.session.scalars(going_on.order_by(Detailing.scheduled_at)).first()
    if found is None:
        deck = tx.session.scalars(select(EditionRow.id).where(EditionRow.kind == Kind.DECK)).first()
        assert deck is not None
        detailing_id = planning.plan_detailing(
            tx,
            by=rep,
            deck_id=deck,
            scheduled_at=clock.now(),
            language="fr",
            country=settings.country,
            detailing_id=new_id(),
        )
        planning.invite_hcp(tx, detailing_id, hcp.id, by=rep, **digests)
        return detailing_id, hcp.id
    invitation = tx.session.scalars(select(Invitation).where(Invitation.detailing_id == found.id)).first()
    assert invitation is not None
    planning.renew_invitation(tx, invitation.id, by=rep, **digests)
    return found.id, hcp.id


async def lab_page(app: web.Application, listener: socket.socket) -> web.AppRunner:
    """A plain page of somebody else's site with the widget on it, on another origin; the caller cleans the runner up."""

    async def show(request: web.Request) -> web.Response:
        return app[PAGES].render(request, "lab.html", relais_url=app[SETTINGS].public_url)

    lab = web.Application()
    lab.router.add_get("/", show)
    runner = web.AppRunner(lab, access_log=None)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    return runner


def listener_next_to(settings: Settings) -> socket.socket:
    """The port after the server's for the lab's page, or any free one when that is taken."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port + 1))
    except OSError:
        listener.bind((settings.host, 0))
    return listener
