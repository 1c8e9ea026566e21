"""What may be asked of the library. Whatever is on its way to a viewer's eyes comes through `may_show` of `content.gate`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, undefer

from content.gate import Standing, Verdict, Viewer, may_show, verdict
from content.model import Audience, Edition, Kind, Passage
from content.readers.deck import default_alt
from server.library.tables import EditionRow, PassageRow, PollRow, SlideRow
from server.store import Refusal

# Opinions of the Transparency Committee and reimbursement conditions are handed over, never quoted as an answer.
CITED = (Kind.SMPC, Kind.LEAFLET, Kind.US_LABEL, Kind.BROCHURE)
EDITIONS, SLIDES = EditionRow.metadata.tables["editions"], EditionRow.metadata.tables["slides"]
TITLE_AND_STANDING = (
    select(
        SLIDES.c.title,
        EDITIONS.c.digest,
        EDITIONS.c.approved_digest,
        EDITIONS.c.approved_country,
        EDITIONS.c.approved_audience,
        EDITIONS.c.valid_from,
        EDITIONS.c.valid_until,
        EDITIONS.c.withdrawn_at,
    )
    .select_from(EDITIONS)
    .outerjoin(SLIDES, (SLIDES.c.edition_id == EDITIONS.c.id) & (SLIDES.c.number == bindparam("number")))
    .where(EDITIONS.c.id == bindparam("edition_id"))
)


@dataclass(frozen=True, slots=True)
class OnScreen:
    """What an HCP had before them when they said something: session, deck, slide. On the lab's site, nothing."""

    detailing_id: str | None = None
    deck_id: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class OpenedPassage:
    """An approved passage with all that a reader needs to judge it."""

    title: str
    version: str | None
    dated: date | None
    source: str | None
    holder: str | None
    country: str | None
    language: str
    section: str
    path: list[str]
    text: str
    start: int


def editions(session: Session) -> Sequence[EditionRow]:
    """Every edition, newest import first, whatever its standing."""
    return session.scalars(select(EditionRow).order_by(EditionRow.imported_at.desc(), EditionRow.id.desc())).all()


def edition(session: Session, edition_id: str) -> EditionRow | None:
    """One edition with its text, passages and slides, whatever its standing: for those who review it."""
    return session.get(EditionRow, edition_id, options=[undefer(EditionRow.text)])


def problems(row: EditionRow) -> list[str]:
    """What must be mended before the edition can be approved, as codes with the slide's number where there is one."""
    found = [] if row.passages or row.slides else ["no_text"]
    for slide in row.slides:
        if not slide.title.strip():
            found.append(f"missing_title:{slide.number}")
        if not slide.alt.strip() or slide.alt == default_alt(slide.number, len(row.slides), slide.title, row.language):
            found.append(f"missing_alt:{slide.number}")
    return found


def standing(session: Session, edition_id: str) -> Standing | None:
    """How one edition stands now."""
    row = session.get(EditionRow, edition_id)
    return None if row is None else row.standing


def shows(session: Session, edition_id: str, viewer: Viewer, now: datetime) -> bool:
    """Whether the gate lets this viewer see this edition now."""
    found = standing(session, edition_id)
    return found is not None and may_show(found, viewer, now)


def decks(session: Session, viewer: Viewer, now: datetime) -> list[tuple[EditionRow, Verdict]]:
    """Every deck that is not withdrawn, with what the gate says of it."""
    rows = session.scalars(
        select(EditionRow).where(EditionRow.kind == Kind.DECK, EditionRow.withdrawn_at.is_(None)).order_by(EditionRow.title)
    )
    return [(row, verdict(row.standing, viewer, now)) for row in rows]


def deck_products(session: Session) -> Sequence[str]:
    """The products on which there are decks."""
    return session.scalars(
        select(EditionRow.product).where(EditionRow.kind == Kind.DECK).distinct().order_by(EditionRow.product)
    ).all()


def title_of(session: Session, edition_id: str) -> str:
    """The title of an edition, whatever its standing."""
    return session.scalars(select(EditionRow.title).where(EditionRow.id == edition_id)).one()


def titles_of(session: Session, edition_id: str) -> dict[int, str]:
    """The titles of a deck's slides by their numbers, whatever its standing. Who joins asks: nothing else is read."""
    rows = session.execute(
        select(SlideRow.number, SlideRow.title).where(SlideRow.edition_id == edition_id).order_by(SlideRow.number)
    )
    return {number: title for number, title in rows}  # noqa: C416  rows are no pairs to the type checker


def slide_to_show(session: Session, edition_id: str, number: int, viewer: Viewer, now: datetime) -> SlideRow:
    """A slide the viewer may see now. Raises `Refusal`: `deck_not_approved` where the gate says no, `unknown_slide`."""
    if not shows(session, edition_id, viewer, now):
        raise Refusal("deck_not_approved")
    slide = session.get(SlideRow, (edition_id, number))
    if slide is None:
        raise Refusal("unknown_slide", number=str(number))
    return slide


def title_to_show(session: Session, edition_id: str, number: int, viewer: Viewer, now: datetime) -> str:
    """The title of a slide the viewer may see now: hot, so one statement. Raises what `slide_to_show` raises."""
    found = session.connection().execute(TITLE_AND_STANDING, {"edition_id": edition_id, "number": number}).one_or_none()
    if found is None or not may_show(Standing(*found[1:]), viewer, now):
        raise Refusal("deck_not_approved")
    if found.title is None:
        raise Refusal("unknown_slide", number=str(number))
    return str(found.title)


def poll_to_ask(session: Session, edition_id: str, number: int, viewer: Viewer, now: datetime) -> PollRow:
    """A question of a deck that the viewer may be asked now. Raises `Refusal`: `deck_not_approved`, `unknown_poll`."""
    if not shows(session, edition_id, viewer, now):
        raise Refusal("deck_not_approved")
    poll = session.get(PollRow, (edition_id, number))
    if poll is None:
        raise Refusal("unknown_poll")
    return poll


def handouts(session: Session, deck_id: str, viewer: Viewer, now: datetime) -> list[EditionRow]:
    """The documents on a deck's product that the viewer may see now, by kind: what may be handed over beside it."""
    deck = session.get_one(EditionRow, deck_id)
    rows = session.scalars(select(EditionRow).where(EditionRow.kind != Kind.DECK).order_by(EditionRow.kind, EditionRow.title))
    same = (row for row in rows if row.product.casefold() == deck.product.casefold())
    return [row for row in same if may_show(row.standing, viewer, now)]


def slide(session: Session, edition_id: str, number: int) -> SlideRow | None:
    """A slide for those who review or present it, whatever the edition's standing."""
    return session.get(SlideRow, (edition_id, number))


def passage_to_show(session: Session, passage_id: str, viewer: Viewer, now: datetime) -> OpenedPassage | None:
    """A passage, opened in place; None when it does not exist or the gate does not let this viewer see it now."""
    passage = session.get(PassageRow, passage_id)
    row = None if passage is None else edition(session, passage.edition_id)
    if passage is None or row is None or not may_show(row.standing, viewer, now):
        return None
    return OpenedPassage(
        row.title,
        row.version,
        row.dated,
        row.source,
        row.holder,
        row.country,
        row.language,
        passage.section,
        list(passage.path),
        row.text[passage.start : passage.end],
        passage.start,
    )


def approved_passages(session: Session, product: str, viewer: Viewer, now: datetime) -> list[tuple[PassageRow, EditionRow]]:
    """The passages of one product that the viewer may see, in reading order: what an answer may refer to.

    `product` is a name as people and labels use it: of the product, of its substance, or another the label gives.
    """
    rows = session.scalars(select(EditionRow).where(EditionRow.kind != Kind.DECK).options(undefer(EditionRow.text)))
    wanted = product.casefold()
    named = (row for row in rows if wanted in {name.casefold() for name in (row.product, *row.substances, *row.names)})
    return [(passage, row) for row in named if may_show(row.standing, viewer, now) for passage in row.passages]


def passage_at(session: Session, edition_id: str, start: int, end: int) -> PassageRow | None:
    """The passage of an edition that holds this span of its text."""
    return session.scalar(
        select(PassageRow)
        .where(PassageRow.edition_id == edition_id, PassageRow.start <= start, PassageRow.end >= end)
        .order_by(PassageRow.end - PassageRow.start)
        .limit(1)
    )


def words_at(session: Session, edition_id: str, start: int, end: int) -> str | None:
    """The words of an edition's text between two offsets."""
    text = session.scalar(select(EditionRow.text).where(EditionRow.id == edition_id))
    return None if text is None else text[start:end]


def ids_for_answers(session: Session, viewer: Viewer, now: datetime) -> frozenset[str]:
    """Which editions `approved_for_answers` gives at this moment: quick to ask, so that it can be asked before every answer."""
    rows = session.scalars(select(EditionRow).where(EditionRow.kind.in_(CITED)))
    return frozenset(row.id for row in rows if may_show(row.standing, viewer, now))


def approved_for_answers(session: Session, viewer: Viewer, now: datetime) -> Iterator[tuple[str, Edition]]:
    """The editions from which the assistant may answer this viewer: the label itself, no deck, and no authority's opinion."""
    rows = session.scalars(
        select(EditionRow).where(EditionRow.kind.in_(CITED)).options(undefer(EditionRow.text)).order_by(EditionRow.id)
    )
    for row in rows:
        if may_show(row.standing, viewer, now):
            yield row.id, as_edition(row)


def as_edition(row: EditionRow) -> Edition:
    """The plain object again, as its reader made it."""
    return Edition(
        digest=row.digest,
        kind=Kind(row.kind),
        title=row.title,
        product=row.product,
        substances=tuple(row.substances),
        language=row.language,
        text=row.text,
        names=tuple(row.names),
        country=row.country,
        audience=Audience(row.audience),
        holder=row.holder,
        version=row.version,
        dated=row.dated,
        source=row.source,
        licence=row.licence,
        passages=tuple(
            Passage(p.section, tuple(p.path), row.text[p.start : p.end], p.start, p.end, p.page, p.table) for p in row.passages
        ),
    )
