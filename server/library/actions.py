"""What may change in the library: import, approval, withdrawal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from content.model import Audience, Edition, Kind
from server.library.reads import problems
from server.library.tables import DocumentRow, EditionRow, PassageRow, PollRow, SlideRow
from server.store import Refusal, Transaction, new_id


def import_edition(tx: Transaction, edition: Edition, *, edition_id: str, by: str) -> str:
    """Put an edition into the library, unapproved. The same bytes again are the edition that is already there."""
    known = tx.session.scalar(select(EditionRow.id).where(EditionRow.digest == edition.digest))
    if known is not None:
        return known
    document = _document_of(tx, edition)
    row = EditionRow(
        id=edition_id,
        document_id=document.id,
        digest=edition.digest,
        kind=edition.kind,
        title=edition.title[:500],
        product=edition.product[:300],
        substances=list(edition.substances),
        names=list(edition.names),
        country=edition.country,
        language=edition.language,
        audience=edition.audience,
        holder=edition.holder,
        version=edition.version,
        dated=edition.dated,
        source=edition.source,
        licence=edition.licence,
        text=edition.text,
        imported_by=by,
        imported_at=tx.now,
    )
    row.passages = [
        PassageRow(
            id=new_id(),
            position=position,
            section=p.section,
            path=list(p.path),
            start=p.start,
            end=p.end,
            page=p.page,
            table=p.table,
        )
        for position, p in enumerate(edition.passages)
    ]
    row.slides = [
        SlideRow(
            number=s.number,
            title=s.title,
            text=s.text,
            alt=s.alt,
            notes=s.notes,
            key_message=s.key_message,
            topics=list(s.topics),
            mandatory=s.mandatory,
            references=list(s.references),
        )
        for s in edition.slides
    ]
    row.polls = [
        PollRow(number=number, question=poll.question, options=list(poll.options)) for number, poll in enumerate(edition.polls, 1)
    ]
    tx.session.add(row)
    tx.audit("edition_imported", edition_id, by=by, digest=edition.digest, source=edition.source)
    return edition_id


def approve_edition(
    tx: Transaction,
    edition_id: str,
    *,
    by: str,
    valid_from: datetime,
    valid_until: datetime,
    country: str,
    audience: Audience,
    note: str = "",
) -> None:
    """A content manager vouches for exactly these bytes, for this audience and country, until `valid_until` (UTC).

    Raises `Refusal`: `not_found`, `already_withdrawn`, `already_approved`, `own_import` (four eyes: whoever imported an edition
    cannot approve it), `incomplete` (a slide without title or text alternative), `missing_validity`. A newer edition of a label
    replaces the approved one before it; decks may stand side by side.
    """
    row = _edition(tx, edition_id)
    if row.withdrawn_at is not None:
        raise Refusal("already_withdrawn")
    if row.approved_digest is not None:
        raise Refusal("already_approved")
    if row.imported_by == by:
        raise Refusal("own_import")
    if problems(row):
        raise Refusal("incomplete")
    if valid_until <= valid_from or valid_until <= tx.now:
        raise Refusal("missing_validity")
    if row.kind != Kind.DECK:
        _supersede(tx, row, by, valid_from)
    row.approved_by, row.approved_at, row.approved_digest, row.approval_note = by, tx.now, row.digest, note
    row.valid_from, row.valid_until = valid_from, valid_until
    row.approved_country, row.approved_audience = country, audience
    tx.audit(
        "edition_approved",
        row.id,
        by=by,
        digest=row.digest,
        valid_from=valid_from.isoformat(),
        valid_until=valid_until.isoformat(),
        country=country,
        audience=audience,
        note=note,
    )


def withdraw_edition(tx: Transaction, edition_id: str, *, by: str, reason: str) -> None:
    """From this moment the edition is shown to nobody.

    Raises `Refusal`: `not_found`, `already_withdrawn`, `malformed` without a reason.
    """
    row = _edition(tx, edition_id)
    if row.withdrawn_at is not None:
        raise Refusal("already_withdrawn")
    if not reason.strip():
        raise Refusal("malformed")
    row.withdrawn_at, row.withdrawn_by, row.withdrawal_reason = tx.now, by, reason.strip()
    tx.audit("edition_withdrawn", row.id, by=by, reason=reason.strip())


def _supersede(tx: Transaction, newer: EditionRow, by: str, valid_from: datetime) -> None:
    """The editions before it end where the newer one begins."""
    approved = (EditionRow.approved_digest.is_not(None), EditionRow.withdrawn_at.is_(None))
    standing = select(EditionRow).where(EditionRow.document_id == newer.document_id, *approved)
    end = max(tx.now, valid_from)
    for older in tx.session.scalars(standing):
        if older.valid_until is not None and older.valid_until > end:
            older.valid_until = end
            tx.audit("edition_superseded", older.id, by=by, newer=newer.id, valid_until=end.isoformat())


def _edition(tx: Transaction, edition_id: str) -> EditionRow:
    row = tx.session.get(EditionRow, edition_id)
    if row is None:
        raise Refusal("not_found")
    return row


def _document_of(tx: Transaction, edition: Edition) -> DocumentRow:
    identity = {
        "kind": str(edition.kind),
        "product": edition.product[:300].casefold(),
        "country": edition.country or "",
        "language": edition.language,
        "holder": (edition.holder or "")[:300].casefold(),
    }
    found = tx.session.scalar(select(DocumentRow).filter_by(**identity))
    if found is None:
        found = DocumentRow(id=new_id(), **identity)
        tx.session.add(found)
        tx.session.flush()
    return found
