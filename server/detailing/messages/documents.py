"""Documents handed over in a session: approved editions, and the receipt of each."""

from __future__ import annotations

from typing import Literal

from server.store.messages import CONSOLE, ROOM, Command, Fact, Wire


class Handout(Wire):
    """An approved edition as it is offered: what it is, and which version."""

    edition_id: str
    title: str
    kind: str
    version: str | None
    dated: str | None


class OfferDocument(Command, by=("rep",)):
    """The rep offers everyone in the room an approved document on the product of the deck."""

    edition_id: str


class DocumentOffered(Fact, stream=ROOM):
    """An approved document is there to be opened."""

    document: Handout


class DocumentReceived(Fact, stream=CONSOLE):
    """Somebody opened a document for the first time, or downloaded it for the first time."""

    participant_id: str
    edition_id: str
    how: Literal["opened", "downloaded"]
