"""Compares what clients wrote down with what the database has. It trusts no counter, log or answer of the server."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from journal import Act, Journal
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from server.store.embedded import reading_engine
from server.store.messages import STREAMS
from server.store.tables import Receipt, StoredFact, StreamHead
from server.store.transaction import broken_audit_entry

# For each command of the load: the stream and the name of the one fact that it makes.
FACT_OF = {
    "show_slide": ("room", "slide_shown"),
    "view_slide": ("console", "slide_viewed"),
    "ask_question": ("conversation", "question_asked"),
    "report_adverse_event": ("conversation", "adverse_event_reported"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """`lost`: acknowledged and not there. `doubled`: there more often than done. `altered`: there with another answer."""

    acked: int
    unanswered: int
    lost: int
    doubled: int
    gaps: int
    altered: int
    integrity: str
    broken_audit_entry: int | None

    @property
    def faultless(self) -> bool:
        """Nothing to complain about."""
        counts = (self.lost, self.doubled, self.gaps, self.altered, self.broken_audit_entry)
        return not any(counts) and self.integrity == "ok"

    @property
    def counts(self) -> dict[str, int]:
        """For the report."""
        return {"acked": self.acked, "lost": self.lost, "doubled": self.doubled, "gaps": self.gaps}


def compare(journals: Iterable[Journal], database: str, *, before: Counter[tuple[str, str]] | None = None) -> Found:
    """What the database has, against what the clients wrote down. `before`: facts that stood there when they began.

    Acts without an acknowledgement may be there or not, but once at most.
    """
    journals = list(journals)
    answers = {act.id: journal.answers[act.id] for journal in journals for act in journal.acknowledged}
    done = _facts(act for journal in journals for act in journal.acts)
    promised = _facts(act for journal in journals for act in journal.acknowledged)
    embedded = not database.startswith("postgresql")
    engine = reading_engine(Path(database)) if embedded else create_engine(database)
    with Session(engine) as session:
        receipts = {row.id: row.answer for row in session.scalars(select(Receipt))}
        stored = facts_stored(session) - (before or Counter())
        found = Found(
            acked=len(answers),
            unanswered=sum(len(journal.acts) for journal in journals) - len(answers),
            lost=max((promised - stored).total(), len(answers.keys() - receipts.keys())),
            doubled=(stored - done).total(),
            gaps=_gaps(session),
            altered=sum(receipts.get(act, answer) != answer for act, answer in answers.items()),
            integrity=session.connection().exec_driver_sql("PRAGMA integrity_check").scalar_one() if embedded else "ok",
            broken_audit_entry=broken_audit_entry(session),
        )
    engine.dispose()
    return found


def inversions(journals: Iterable[Journal]) -> int:
    """How often an act was numbered before one that the same client did earlier."""
    numbers: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for client, journal in enumerate(journals):
        for act in journal.acknowledged:
            if "seq" in journal.answers[act.id]:
                numbers[client, act.subject].append(journal.answers[act.id]["seq"])
    return sum(one >= two for seqs in numbers.values() for one, two in pairwise(seqs))


def facts_stored(session: Session) -> Counter[tuple[str, str]]:
    """How often each fact that the load makes stands in each stream."""
    names = {name for _, name in FACT_OF.values()}
    rows = session.execute(select(StoredFact.stream, StoredFact.name).where(StoredFact.name.in_(names)))
    return Counter((row.stream, row.name) for row in rows)


def _facts(acts: Iterable[Act]) -> Counter[tuple[str, str]]:
    kinds = ((FACT_OF[act.name], act.subject) for act in acts)
    return Counter((STREAMS[stream].of(subject), name) for (stream, name), subject in kinds)


def _gaps(session: Session) -> int:
    heads = {row.id: row.head for row in session.scalars(select(StreamHead)) if row.id.partition(":")[0] in STREAMS}
    seqs: dict[str, list[int]] = {stream: [] for stream in heads}
    for stream, seq in session.execute(select(StoredFact.stream, StoredFact.seq).order_by(StoredFact.stream, StoredFact.seq)):
        seqs[stream].append(seq)
    return sum(seqs[stream] != list(range(1, head + 1)) for stream, head in heads.items())
