"""What an action holds while it changes something: a session, the time, and the ways to say that it happened."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Insert, bindparam, event, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from uuid_utils import uuid4, uuid7

from server.store import clock
from server.store.messages import Announcement, Fact, Refusal
from server.store.tables import AuditEntry, Base, StreamHead

LOG = logging.getLogger("relais.store")
GENESIS = "0" * 64

# Every change says these, so they are built once, of tables: through the mapped classes each costs five to fifteen times as much.
STREAMS, FACTS, RECEIPTS = (Base.metadata.tables[name] for name in ("streams", "facts", "receipts"))
BUMP = update(STREAMS).where(STREAMS.c.id == bindparam("series")).values(head=STREAMS.c.head + 1).returning(STREAMS.c.head)
KEEP_FACT, KEEP_RECEIPT = insert(FACTS), insert(RECEIPTS)
ANSWERED = select(RECEIPTS.c.digest, RECEIPTS.c.answer).where(RECEIPTS.c.id == bindparam("id"))


def new_id() -> str:
    """A fresh UUIDv7 as text: ids sort by the time they were made."""
    return str(uuid7())


def nameless_id() -> str:
    """An id that does not tell when it was made, for what must not be traced by time: a UUIDv4 as text."""
    return str(uuid4())


def canonical(value: Any) -> str:
    """JSON with one spelling per value, for digests."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


@dataclass(frozen=True, slots=True)
class CommandKey:
    """What makes two commands the same act: the client's id, and a digest of sender, name and body."""

    id: str
    digest: str

    @classmethod
    def of(cls, command_id: str, *, sender: str, name: str, body: Mapping[str, Any]) -> CommandKey:
        """The key of one command as it was received."""
        return cls(command_id, hashlib.sha256(canonical([sender, name, body]).encode()).hexdigest())


class Transaction:
    """One change in the making. Everything said through it becomes true together at the commit, or not at all."""

    def __init__(self, session: Session) -> None:
        self.session = session
        # For statements over tables, which need nothing of what a session knows.
        self.connection = session.connection()
        self.now = clock.now()
        self.announcements: list[Announcement] = []
        self.forgets = False

    def announce(self, subject: str, fact: Fact) -> int:
        """Number the fact in its stream for `subject`, store it, and send it after the commit. Returns its `seq`."""
        stream = fact.stream.of(subject)
        seq = self.next_number(stream)
        body = fact.model_dump(mode="json")
        kept_in(self.session).facts.append({"stream": stream, "seq": seq, "name": fact.wire_name(), "body": body, "at": self.now})
        self.announcements.append(Announcement(stream, seq, fact.wire_name(), self.now, body))
        return seq

    def forget(self) -> None:
        """What this change erases must not live on in the database's own log either: the log is emptied after the commit."""
        self.forgets = True

    def next_number(self, series: str) -> int:
        """The next number of a gap-free series; until the commit nobody else gets one from the same series."""
        number = self.connection.execute(BUMP, {"series": series}).scalar()
        if number is None:
            # Two first writers may meet here: the second one's insert does nothing, and its update waits its turn.
            self.session.execute(self._insert_or_nothing().values(id=series, head=0))
            number = self.connection.execute(BUMP, {"series": series}).scalar_one()
        return int(number)

    def _insert_or_nothing(self) -> Insert:
        if self.session.get_bind().dialect.name == "postgresql":
            return postgresql.insert(StreamHead).on_conflict_do_nothing()
        return sqlite.insert(StreamHead).on_conflict_do_nothing()

    def audit(self, action: str, subject: str, *, by: str, **detail: Any) -> None:
        """Add a link to the audit chain. `detail` never names an HCP: the chain outlives what a person may have erased."""
        seq = self.next_number("audit")
        previous = self.session.execute(select(AuditEntry.digest).where(AuditEntry.seq == seq - 1)).scalar() or GENESIS
        entry = {
            "seq": seq,
            "at": self.now,
            "actor": by,
            "action": action,
            "subject": subject,
            "detail": detail,
            "previous": previous,
        }
        self.session.execute(insert(AuditEntry), {**entry, "digest": audit_digest(entry)})

    def answered_before(self, key: CommandKey) -> dict[str, Any] | None:
        """The answer given when this command was first carried out, or None. Raises `Refusal` when the id had another body."""
        found = kept_in(self.session).receipts.get(key.id)
        if found is None:
            row = self.connection.execute(ANSWERED, {"id": key.id}).one_or_none()
            found = None if row is None else row._asdict()
        if found is None:
            return None
        if found["digest"] != key.digest:
            LOG.warning("the id %s came again with another sender or body", key.id)
            raise Refusal("id_reused")
        return dict(found["answer"])

    def keep_receipt(self, key: CommandKey, answer: dict[str, Any]) -> None:
        """Remember the answer of a command for as long as its effects."""
        kept_in(self.session).receipts[key.id] = {"id": key.id, "digest": key.digest, "answer": answer, "at": self.now}


@dataclass(frozen=True, slots=True)
class Kept:
    """What all changes of one commit keep: rows that nobody reads before, written together at its end."""

    facts: list[dict[str, Any]] = field(default_factory=list)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)


def kept_in(session: Session) -> Kept:
    """The rows that wait for the commit of this session."""
    kept: Kept = session.info.setdefault("kept", Kept())
    return kept


@event.listens_for(Session, "before_commit")
def _write_kept(session: Session) -> None:
    kept = kept_in(session)
    for statement, rows in ((KEEP_FACT, kept.facts), (KEEP_RECEIPT, list(kept.receipts.values()))):
        if rows:
            session.connection().execute(statement, rows)


def audit_digest(entry: Mapping[str, Any]) -> str:
    """SHA-256 over an audit entry and the digest before it, as hex."""
    at: datetime = entry["at"]
    fields = [entry[k] for k in ("seq", "actor", "action", "subject", "detail", "previous")]
    return hashlib.sha256(canonical([at.astimezone(UTC).isoformat(), *fields]).encode()).hexdigest()


def broken_audit_entry(session: Session) -> int | None:
    """The number of the first audit entry that is wrong, out of place or gone, or None when the chain holds."""
    previous, expected = GENESIS, 1
    with session.scalars(select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=1000)) as entries:
        for entry in entries:
            fields = {k: getattr(entry, k) for k in ("seq", "at", "actor", "action", "subject", "detail", "previous")}
            if entry.seq != expected or entry.previous != previous or entry.digest != audit_digest(fields):
                return expected
            previous, expected = entry.digest, expected + 1
    # A chain cut off at its end holds in itself; the last number that was given tells.
    given = session.scalar(select(StreamHead.head).where(StreamHead.id == "audit")) or 0
    return None if expected == given + 1 else expected
