"""Handing documents over, and the receipt."""

from __future__ import annotations

from typing import Literal

from content.gate import Viewer
from content.model import Audience
from server.detailing import access
from server.detailing.messages.documents import DocumentOffered, DocumentReceived
from server.detailing.tables import DocumentReceipt, OfferedDocument
from server.detailing.taking_part import as_handout
from server.library.reads import handouts, shows
from server.people.identity import StaffMember, Visitor
from server.store import Refusal, Transaction


def offer_document(tx: Transaction, detailing_id: str, edition_id: str, *, by: StaffMember) -> None:
    """Offer an approved document on the deck's product to everyone in the room.

    Raises `Refusal`: `not_found`, `not_live`, `document_not_approved` (the gate, asked at this moment).
    """
    detailing = access.detailing_to_present(tx.session, detailing_id, by)
    if detailing.state != "live":
        raise Refusal("not_live")
    approved = handouts(tx.session, detailing.deck_id, Viewer(Audience.HCP, detailing.country), tx.now)
    edition = next((row for row in approved if row.id == edition_id), None)
    if edition is None:
        raise Refusal("document_not_approved")
    if tx.session.get(OfferedDocument, (detailing_id, edition_id)) is None:
        tx.session.add(OfferedDocument(detailing_id=detailing_id, edition_id=edition_id, at=tx.now))
        tx.session.flush()
        tx.announce(detailing_id, DocumentOffered(document=as_handout(edition)))


def receive_document(tx: Transaction, guest: Visitor, edition_id: str, how: Literal["opened", "downloaded"]) -> None:
    """Note that a participant is given a document they were offered; the first time of each kind is the receipt.

    Raises `Refusal`: `not_admitted`, `not_found` also where the gate keeps it back now.
    """
    detailing, participant = access.place_once_admitted(tx.session, guest)
    if tx.session.get(OfferedDocument, (detailing.id, edition_id)) is None:
        raise Refusal("not_found")
    if not shows(tx.session, edition_id, Viewer(Audience.HCP, detailing.country), tx.now):
        raise Refusal("not_found")
    key = (participant.id, edition_id, how)
    if tx.session.get(DocumentReceipt, key) is not None:
        return
    tx.session.add(DocumentReceipt(participant_id=participant.id, edition_id=edition_id, how=how, at=tx.now))
    tx.session.flush()
    tx.announce(detailing.id, DocumentReceived(participant_id=participant.id, edition_id=edition_id, how=how))
