"""What a session needs to take place: fictitious people, a small deck with its pixels, a real label. Made by real actions."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from PIL import Image
from running import Browser, Line, Relais
from sqlalchemy import update

from content import readers
from content.model import Audience, Edition, Kind, Passage, Poll, Slide
from server.detailing import access
from server.detailing.actions import colleagues, planning
from server.library import actions as library
from server.library.tables import SlideRow
from server.people import actions as people
from server.people.identity import StaffMember, code_digest, new_code, new_token, token_digest
from server.people.reads import staff_member
from server.store import Transaction, new_id

LABEL = Path(__file__).parents[1] / "content" / "samples" / "fr" / "allopurinol-cristers-100mg_69235513.rcp.html"
PASSWORD = "fictitious-password"
# Real argon2id with the least work it allows: its cost is not what these tests are about.
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
VALID = timedelta(days=30)
NOTES = "Pour vous seulement : rappeler la surveillance."


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff who can sign in with `PASSWORD`."""

    id: str
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as the rep hands it over."""

    id: str
    detailing_id: str
    hcp_id: str
    token: str
    code: str


@dataclass(frozen=True, slots=True)
class Room:
    """A live session: its presenter, and one HCP whom they let in."""

    detailing_id: str
    rep: Line
    hcp: Line
    participant_id: str


# What the fixtures of these names are: called with `await`.
SignedIn = Callable[[Account], Awaitable[Browser]]
Invite = Callable[..., Awaitable[Invited]]
Join = Callable[..., Awaitable[Line]]


async def account(relais: Relais, name: str, *roles: str, language: str = "fr") -> Account:
    """Somebody who works for the laboratory."""
    email = f"{name.split(maxsplit=1)[0].lower()}-{new_id()[-6:]}@tests.invalid"
    created = await relais.store.change(
        people.create_staff, email=email, name=name, roles=list(roles), language=language, password_hash=PASSWORD_HASH, by="tests"
    )
    return Account(created, email, name)


async def hcp(relais: Relais, given_name: str = "Claire", family_name: str = "Fictif-Martin", **about: Any) -> str:
    """The golden record of a fictitious physician; returns its id."""
    known = {"title": "Dr", "profession": "physician", "country": "FR", "language": "fr", **about}
    return await relais.store.change(
        people.record_hcp,
        given_name=given_name,
        family_name=family_name,
        source="fictitious",
        source_date=date(2026, 1, 1),
        by="tests",
        **known,
    )


@cache
def label() -> Edition:
    """A French summary of product characteristics, as its reader makes it."""
    return readers.read(LABEL)


def deck(slides: int = 4, *, title: str = "Allopurinol : l'essentiel", product: str = "") -> Edition:
    """A small deck, on the product of the label unless named; every one has bytes of its own."""
    words = [f"Diapositive {number}" for number in range(1, slides + 1)]
    text = "\n".join(words)
    starts = [text.index(word) for word in words]
    return Edition(
        digest=hashlib.sha256(new_id().encode()).hexdigest(),
        kind=Kind.DECK,
        title=title,
        product=product or label().product,
        substances=("allopurinol",),
        language="fr",
        text=text,
        country="FR",
        passages=tuple(
            Passage(f"slide:{n}", (word,), word, start, start + len(word), n)
            for n, (word, start) in enumerate(zip(words, starts, strict=True), start=1)
        ),
        slides=tuple(
            Slide(n, f"Titre {n}", f"Texte {n}", f"Image {n}", notes=NOTES, key_message=f"Message clé {n}", references=("RCP",))
            for n in range(1, slides + 1)
        ),
        polls=(
            Poll("Adaptez-vous la dose à la fonction rénale ?", ("Toujours", "Parfois", "Jamais")),
            Poll("Ce support vous est-il utile ?", ("Oui", "Non")),
        ),
    )


async def take_in(relais: Relais, edition: Edition, *, by: Account) -> str:
    """Import an edition that is already read, and give a deck its pixels; returns the edition's id."""
    taken = await relais.store.change(library.import_edition, edition, edition_id=new_id(), by=by.id)
    folder = relais.settings.media / taken
    folder.mkdir(parents=True, exist_ok=True)
    for slide in edition.slides:
        for width in (1600, 800, 320):
            Image.new("RGB", (width // 40, width // 64), (slide.number, 90, 160)).save(folder / f"{slide.number}-{width}.webp")
    return taken


async def approve(relais: Relais, edition_id: str, *, by: Account, **terms: Any) -> None:
    """Vouch for an edition; `terms` replace what is usual: France, HCPs, from yesterday for a month."""
    now = datetime.now(UTC)
    usual = {"valid_from": now - timedelta(days=1), "valid_until": now + VALID, "country": "FR", "audience": Audience.HCP}
    await relais.store.change(library.approve_edition, edition_id, by=by.id, **{**usual, **terms})


async def member(relais: Relais, someone: Account) -> StaffMember:
    """The account as a signed-in member of staff."""
    found = await relais.store.read(staff_member, someone.id)
    assert found is not None
    return found


async def plan(relais: Relais, rep: Account, deck_id: str, *, country: str = "FR") -> str:
    """A session about to begin; returns its id."""
    planned = {"scheduled_at": datetime.now(UTC), "language": "fr", "country": country, "detailing_id": new_id()}
    return await relais.store.change(planning.plan_detailing, by=await member(relais, rep), deck_id=deck_id, **planned)


def view(number: int = 1, began: float = 1, ended: float = 0) -> dict[str, Any]:
    """The body of a `view_slide`: the slide was viewed from `began` seconds ago until `ended` seconds ago."""
    now = datetime.now(UTC)
    span = {"started_at": now - timedelta(seconds=began), "ended_at": now - timedelta(seconds=ended)}
    return {"number": number, **{name: moment.isoformat() for name, moment in span.items()}}


async def make_mandatory(relais: Relais, deck_id: str, number: int) -> None:
    """A slide of this deck has to be shown."""
    mandatory = update(SlideRow).where(SlideRow.edition_id == deck_id, SlideRow.number == number).values(mandatory=True)
    await relais.store.change(lambda tx: tx.session.execute(mandatory))


async def come_in(relais: Relais, msl: Account, detailing_id: str) -> None:
    """An MSL comes into a running session, for an inquiry of theirs."""
    await relais.store.change(colleagues.enter_detailing, detailing_id, by=await member(relais, msl), for_inquiry=True)


async def invite(relais: Relais, rep: Account, detailing_id: str, hcp_id: str) -> Invited:
    """Link and code for one HCP, as the rep hands them over."""
    token, code = new_token(), new_code()

    def act(tx: Transaction, by: StaffMember) -> str:
        digests = {"token_digest": token_digest(token), "code_digest": code_digest(code, relais.settings.secret)}
        planning.invite_hcp(tx, detailing_id, hcp_id, by=by, **digests)
        return access.invitation_behind(tx.session, digest=token_digest(token)).id

    return Invited(await relais.store.change(act, await member(relais, rep)), detailing_id, hcp_id, token, code)
