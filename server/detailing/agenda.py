"""The rep's contacts as a list: the next one first, by day and product, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from server.detailing.plans import Plan, plan_of
from server.detailing.tables import A_CONTACT, Detailing
from server.library.tables import EditionRow

When = Literal["upcoming", "today", "past"]
WHENS: tuple[When, ...] = get_args(When)
PAGE = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """What to list: `upcoming` holds what is still to come or under way, `past` all else; pages count from 1."""

    when: When = "upcoming"
    product: str = ""
    page: int = 1

    @classmethod
    def of(cls, when: str, product: str, page: str) -> Choice:
        """What an address asks for; what it misspells is left at its default."""
        number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
        return cls(when if when in WHENS else "upcoming", product, max(number, 1))


@dataclass(frozen=True, slots=True)
class Agenda:
    """One page of the list; `counts` by `when`, and the products that the rep ever presented or planned."""

    plans: list[Plan]
    counts: dict[When, int]
    products: Sequence[str]
    page: int
    pages: int


def agenda(session: Session, rep_id: str, choice: Choice, today: tuple[datetime, datetime]) -> Agenda:
    """The rep's contacts that are chosen, `today` being the first moments (UTC) of this day and of the next."""
    mine = [Detailing.rep_id == rep_id, A_CONTACT]
    product = [EditionRow.product == choice.product] if choice.product else []
    counts = {when: _count(session, [*mine, *product, _falls(when, today)]) for when in WHENS}
    pages = max(1, -(-counts[choice.when] // PAGE))
    page = min(choice.page, pages)
    order = (Detailing.scheduled_at, Detailing.id)
    rows = session.execute(
        select(Detailing, EditionRow.title)
        .join(EditionRow, EditionRow.id == Detailing.deck_id)
        .where(*mine, *product, _falls(choice.when, today))
        .order_by(*([column.desc() for column in order] if choice.when == "past" else order))
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    products = session.scalars(
        select(EditionRow.product).join(Detailing, Detailing.deck_id == EditionRow.id).where(*mine).distinct()
    )
    plans = [plan_of(session, found, title) for found, title in rows]
    return Agenda(plans, counts, sorted(products, key=str.casefold), page, pages)


def _falls(when: When, today: tuple[datetime, datetime]) -> ColumnElement[bool]:
    this_day, next_day = today
    to_come = or_(Detailing.state == "live", and_(Detailing.state == "planned", Detailing.scheduled_at >= this_day))
    match when:
        case "upcoming":
            return to_come
        case "today":
            return and_(Detailing.scheduled_at >= this_day, Detailing.scheduled_at < next_day)
        case "past":
            return not_(to_come)


def _count(session: Session, conditions: list[ColumnElement[bool]]) -> int:
    counted = select(func.count()).select_from(Detailing).join(EditionRow, EditionRow.id == Detailing.deck_id)
    return session.scalar(counted.where(*conditions)) or 0
