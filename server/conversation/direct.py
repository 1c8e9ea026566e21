"""What may change between an HCP and their rep. Words are on record before anything interprets them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.model import Answer, Decline, Handover, Reply
from server.conversation.messages import DeliveryDecided, MessageHeard, MessageWritten
from server.conversation.tables import DirectMessage
from server.people.identity import StaffMember, Visitor
from server.store import Refusal, Transaction

# A link is content that nobody approved; approved documents are handed over, not linked to.
_LINK = re.compile(r"https?:|www\.|\b[\w-]+\.[a-z]{2,}/", re.IGNORECASE)


def write_to_rep(tx: Transaction, guest: Visitor, text: str, *, message_id: str, rep_name: str) -> None:
    """Keep what an HCP writes to their rep, who is given it once it was read. Raises `Refusal`: `empty`, `not_found`."""
    if not text.strip():
        raise Refusal("empty")
    if guest.detailing_id is None:
        raise Refusal("not_found")
    tx.session.add(DirectMessage(id=message_id, detailing_id=guest.detailing_id, guest_id=guest.id, text=text, at=tx.now))
    tx.session.flush()
    tx.announce(guest.id, MessageWritten(message_id=message_id, by="hcp", name=rep_name, text=text))


def write_to_hcps(
    tx: Transaction, detailing_id: str, guest_ids: Sequence[str], text: str, *, message_id: str, to_one: bool, by: StaffMember
) -> None:
    """Keep and send what a rep writes in their own name. Raises `Refusal`: `empty`, `link_in_message`."""
    if not text.strip():
        raise Refusal("empty")
    if _LINK.search(text):
        raise Refusal("link_in_message")
    alone = guest_ids[0] if to_one else None
    tx.session.add(
        DirectMessage(
            id=message_id,
            detailing_id=detailing_id,
            guest_id=alone,
            staff_id=by.id,
            text=text,
            at=tx.now,
            delivered=True,
            decided_at=tx.now,
        )
    )
    tx.session.flush()
    for guest_id in guest_ids:
        tx.announce(guest_id, MessageWritten(message_id=message_id, by="rep", name=by.name, text=text))
    tx.announce(detailing_id, MessageHeard(message_id=message_id, participant_id=alone, by="rep", text=text))


def decide_delivery(tx: Transaction, message: DirectMessage, reading: Reply, *, rehearsed: bool = False) -> None:
    """Give the rep an HCP's words, unless they are medical's to answer: then the rep learns only that there were some."""
    assert message.guest_id is not None, "only an HCP's message waits"
    message.delivered, message.decided_at = is_for_rep(reading), tx.now
    told = DeliveryDecided(
        message_id=message.id,
        delivered=message.delivered,
        report_taken=reading.safety.is_report and not rehearsed,
        report_asked=reading.safety.is_report and rehearsed,
    )
    tx.announce(message.guest_id, told)
    text = message.text if message.delivered else None
    tx.announce(message.detailing_id, MessageHeard(message_id=message.id, participant_id=message.guest_id, by="hcp", text=text))


def is_for_rep(reading: Reply) -> bool:
    """Whether a rep may know these words: no report, and no question but one that approved content answers."""
    if reading.safety.is_report or "off_label_request" in reading.safety.labels:
        return False
    match reading:
        # Who asks for a person asks for the one whom they write to.
        case Answer() | Decline() | Handover(reason="human_requested"):
            return True
        case _:
            return False
