"""Who somebody is, once they have proved it; and how secrets are made and kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

# No letters or digits that are mistaken for one another when read aloud or typed: 0 O, 1 I L.
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 6

ROLES = ("rep", "msl", "content", "admin")


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A signed-in member of staff. `products`: what a rep presents, in any case of letters; none named: all of them."""

    id: str
    name: str
    email: str
    roles: frozenset[str]
    language: str
    products: frozenset[str] = frozenset()

    def may_act_as(self, role: str) -> bool:
        """Whether the account holds this role. An administrator manages accounts; that is no key to other rooms."""
        return role in self.roles

    def presents(self, product: str) -> bool:
        """Whether decks on this product are this rep's to present."""
        return not self.products or product.casefold() in {name.casefold() for name in self.products}


@dataclass(frozen=True, slots=True)
class Visitor:
    """The guest behind a bearer token: an HCP in a session (`detailing_id`) or on the lab's site. `hcp_id` only with consent."""

    id: str
    detailing_id: str | None
    hcp_id: str | None
    country: str
    language: str


def new_token() -> str:
    """A secret of 256 bits for links, bearers and sessions."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """What is stored of a token. The token is random and long, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_code() -> str:
    """A code of six characters that can be read out on the phone."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def code_digest(code: str, secret: bytes) -> str:
    """What is stored of a code: it is short, so its hash is keyed. Case, spaces and hyphens do not matter."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return hmac.new(secret, plain.encode(), hashlib.sha256).hexdigest()
