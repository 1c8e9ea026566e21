"""What may change about people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import delete, select, update

from server.people.identity import ROLES, Visitor
from server.people.reads import consents_now
from server.people.tables import Consent, Guest, GuestPass, Hcp, SocketTicket, Staff, StaffSession
from server.store import Refusal, Transaction, nameless_id, new_id

# OWASP's advice for argon2id in 2026 is at least 19 MiB and two passes; the library's default (64 MiB, three) is above it.
_HASHER = PasswordHasher()
SHORTEST_PASSWORD = 12
PASS_LIFETIME = timedelta(days=7)


def hash_password(password: str) -> str:
    """argon2id of a password. Slow on purpose: call it outside a transaction. Raises `Refusal('weak_password')`."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refusal("weak_password")
    return _HASHER.hash(password)


def password_fits(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes as long for an account that does not exist. Call it outside a transaction."""
    try:
        return _HASHER.verify(password_hash or _NOBODY, password) and password_hash is not None
    except VerifyMismatchError:
        return False


_NOBODY = _HASHER.hash("nobody has this password")


def create_staff(
    tx: Transaction,
    *,
    email: str,
    name: str,
    roles: list[str],
    language: str,
    password_hash: str,
    by: str,
    products: Sequence[str] = (),
) -> str:
    """A new account; of `products`, see `Staff`. Raises `Refusal('email_taken')`, `Refusal('malformed')` for an unknown role."""
    email = email.strip().lower()
    if not roles or not set(roles) <= set(ROLES) or "@" not in email or not name.strip():
        raise Refusal("malformed")
    if tx.session.scalar(select(Staff.id).where(Staff.email == email)):
        raise Refusal("email_taken")
    account = Staff(
        id=new_id(),
        email=email,
        name=name.strip(),
        roles=sorted(roles),
        products=sorted(products),
        language=language,
        password_hash=password_hash,
        active=True,
    )
    tx.session.add(account)
    tx.audit("staff_created", account.id, by=by, roles=sorted(roles), products=sorted(products))
    return account.id


def start_staff_session(tx: Transaction, staff_id: str, digest: str) -> None:
    """A browser is signed in."""
    tx.session.add(StaffSession(digest=digest, staff_id=staff_id, started_at=tx.now, seen_at=tx.now))
    tx.audit("signed_in", staff_id, by=staff_id)


def keep_staff_session(tx: Transaction, digest: str) -> None:
    """The browser was used just now."""
    tx.session.execute(update(StaffSession).where(StaffSession.digest == digest).values(seen_at=tx.now))


def end_staff_session(tx: Transaction, digest: str) -> None:
    """Signed out."""
    tx.session.execute(delete(StaffSession).where(StaffSession.digest == digest))


def set_language(tx: Transaction, staff_id: str, language: str) -> None:
    """The language in which this member of staff wants the pages."""
    tx.session.execute(update(Staff).where(Staff.id == staff_id).values(language=language))


def record_hcp(
    tx: Transaction,
    *,
    given_name: str,
    family_name: str,
    profession: str,
    country: str,
    language: str,
    source: str,
    source_date: date,
    by: str,
    title: str = "",
    rpps: str | None = None,
    specialty: str | None = None,
    city: str | None = None,
    email: str | None = None,
) -> str:
    """A new golden record; every value comes from `source`."""
    hcp = Hcp(
        id=new_id(),
        rpps=rpps,
        title=title,
        given_name=given_name,
        family_name=family_name,
        profession=profession,
        specialty=specialty,
        city=city,
        country=country,
        language=language,
        email=email,
        source=source,
        source_date=source_date,
    )
    tx.session.add(hcp)
    tx.audit("hcp_recorded", hcp.id, by=by, source=source)
    return hcp.id


def decide_consent(
    tx: Transaction, hcp_id: str, purpose: str, given: bool, *, wording_version: str, language: str, how: str
) -> None:
    """Keep an HCP's decision. A refusal by someone who never consented is the state they were in: nothing is written of it."""
    if not given and not consents_now(tx.session, hcp_id).get(purpose, False):
        return
    tx.session.add(
        Consent(
            id=new_id(),
            hcp_id=hcp_id,
            purpose=purpose,
            given=given,
            at=tx.now,
            wording_version=wording_version,
            language=language,
            how=how,
        )
    )


def welcome_guest(
    tx: Transaction,
    *,
    detailing_id: str | None,
    hcp_id: str | None,
    profession: str | None,
    country: str,
    language: str,
    came_at: datetime,
) -> Visitor:
    """Someone comes in; `hcp_id` only when they consented to being known. Neither id nor time of a nameless one can be traced."""
    guest = Guest(
        id=nameless_id() if hcp_id is None else new_id(),
        detailing_id=detailing_id,
        hcp_id=hcp_id,
        profession=profession,
        country=country,
        language=language,
        came_at=came_at,
    )
    tx.session.add(guest)
    tx.session.flush()
    return Visitor(guest.id, detailing_id, hcp_id, country, language)


def give_pass(tx: Transaction, guest_id: str, digest: str) -> None:
    """A bearer token for the guest's pages."""
    tx.session.add(GuestPass(digest=digest, guest_id=guest_id, expires_at=tx.now + PASS_LIFETIME))


def hand_passes_over(tx: Transaction, guest_id: str, to: str) -> None:
    """What opened one guest's pages opens another's from now on: they are the same person."""
    tx.session.execute(update(GuestPass).where(GuestPass.guest_id == guest_id).values(guest_id=to))


def end_passes(tx: Transaction, guest_id: str) -> None:
    """None of the guest's bearer tokens opens anything any more."""
    tx.session.execute(delete(GuestPass).where(GuestPass.guest_id == guest_id))


def give_ticket(
    tx: Transaction, digest: str, until: datetime, session_digest: str, *, role: str, language: str, detailing_id: str | None
) -> None:
    """A ticket for one socket; those that nobody used in time are gone."""
    tx.session.execute(delete(SocketTicket).where(SocketTicket.until <= tx.now))
    ticket = SocketTicket(
        digest=digest, until=until, session_digest=session_digest, role=role, language=language, detailing_id=detailing_id
    )
    tx.session.add(ticket)


def take_ticket(tx: Transaction, digest: str) -> SocketTicket | None:
    """The ticket, which is gone with that; None when it is not there any more. Of two who take it at once, one gets it."""
    taken = delete(SocketTicket).where(SocketTicket.digest == digest, SocketTicket.until > tx.now).returning(SocketTicket)
    return tx.session.scalar(taken)
