"""Slide decks: a PDF, and beside it a description (`name.deck.yaml`) that says what a PDF cannot say of itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from content.model import Audience, Edition, Kind, Poll, Slide, UnreadableContent
from content.readers import pdf, plain_yaml
from content.readers.blocks import Block, Heading, canonical, compose, line_block
from content.readers.language import language_of
from content.readers.naming import other_names

_TITLE_LENGTH = 120


class SlideDescription(BaseModel):
    """One slide as its author describes it. `notes` are for the rep alone, `references` are sections of the SmPC.

    `text` stands in the place of what the PDF says, which knows no tables: one row a line, its cells joined by ` | `.
    """

    model_config = ConfigDict(extra="forbid")

    number: int = Field(ge=1)
    title: str = ""
    topics: list[str] = []
    key_message: str = ""
    mandatory: bool = False
    alt: str = ""
    text: str = ""
    notes: str = ""
    references: list[str] = []


class PollDescription(BaseModel):
    """A question for the audience; whoever answers chooses one of the options."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, max_length=300)
    options: list[Annotated[str, Field(min_length=1, max_length=120)]] = Field(min_length=2, max_length=6)


class Description(BaseModel):
    """The description of a deck. What it leaves out stays unknown, and the gate takes unknown for no."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind = Kind.DECK
    title: str
    product: str
    substances: list[str] = []
    names: list[str] = []
    country: str | None = None
    language: str
    audience: Audience = Audience.HCP
    reference: str | None = None
    version: str | None = None
    dated: date | None = None
    holder: str | None = None
    source: str | None = None
    licence: str | None = None
    polls: list[PollDescription] = Field(default=[], max_length=20)
    slides: list[SlideDescription]


def read(source: bytes, description: bytes | None, name: str) -> Edition:
    """Read a deck; without a description its titles come from the text and its alternatives are to be completed.

    The digest covers both files. Raises `bad_description` when the description does not fit its form or the PDF's pages.
    """
    told = _described(description) if description is not None else None
    with pdf.opened(source) as document:
        pages = [[canonical(line) for line in pdf.page_lines(document, n)] for n in range(len(document))]
        own_title = canonical(str(document.get_metadata_dict().get("Title", "")))
    if told and [slide.number for slide in told.slides] != list(range(1, len(pages) + 1)):
        raise UnreadableContent("bad_description", f"{len(pages)} pages, but slides {[s.number for s in told.slides]}")
    language = told.language if told else language_of(" ".join(line for page in pages for line in page)) or "fr"
    pages = [_own_words(n, told) or page for n, page in enumerate(pages, 1)]
    slides = tuple(_slide(n, len(pages), page, told, language) for n, page in enumerate(pages, 1))
    text, passages = compose(_blocks(slides, pages))
    digest = hashlib.sha256(hashlib.sha256(source).digest() + hashlib.sha256(description or b"").digest()).hexdigest()
    if told is None:
        return Edition(
            digest=digest,
            kind=Kind.DECK,
            title=own_title or name,
            product="",
            substances=(),
            language=language,
            text=text,
            passages=passages,
            slides=slides,
        )
    return Edition(
        digest=digest,
        kind=Kind.DECK,
        title=canonical(told.title),
        product=canonical(told.product),
        substances=tuple(told.substances),
        names=other_names(told.product, told.substances, told.names),
        language=language,
        country=told.country,
        audience=told.audience,
        holder=told.holder,
        version=told.version,
        dated=told.dated,
        source=canonical(told.source or told.reference or "") or None,
        licence=told.licence,
        text=text,
        passages=passages,
        slides=slides,
        polls=tuple(Poll(canonical(one.question), tuple(map(canonical, one.options))) for one in told.polls),
    )


def default_alt(number: int, total: int, title: str, language: str) -> str:
    """The text alternative of a slide that nobody has described yet."""
    return f"Diapositive {number} sur {total} : {title}" if language == "fr" else f"Slide {number} of {total}: {title}"


def incomplete(edition: Edition) -> tuple[int, ...]:
    """Numbers of the slides without a text alternative of their own: they are to be completed before approval."""
    total = len(edition.slides)
    return tuple(s.number for s in edition.slides if s.alt == default_alt(s.number, total, s.title, edition.language))


def _described(description: bytes) -> Description:
    try:
        return Description.model_validate(plain_yaml.load(description))
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
        raise UnreadableContent("bad_description", str(error)) from error


def _own_words(number: int, told: Description | None) -> list[str]:
    """The slide's words as its author gives them, by line; empty where the PDF speaks for itself."""
    lines = told.slides[number - 1].text.splitlines() if told else []
    return [canonical(line) for line in lines if line.strip()]


def _slide(number: int, total: int, lines: list[str], told: Description | None, language: str) -> Slide:
    own: Any = told.slides[number - 1] if told else SlideDescription(number=number)
    unnamed = f"Diapositive {number}" if language == "fr" else f"Slide {number}"
    title = canonical(own.title) or next((line[:_TITLE_LENGTH] for line in lines if any(map(str.isalpha, line))), unnamed)
    return Slide(
        number=number,
        title=title,
        text="\n".join(lines),
        alt=canonical(own.alt) or default_alt(number, total, title, language),
        notes=canonical(own.notes),
        key_message=canonical(own.key_message),
        topics=tuple(own.topics),
        mandatory=own.mandatory,
        references=tuple(own.references),
    )


def _blocks(slides: tuple[Slide, ...], pages: list[list[str]]) -> Iterator[Block]:
    for slide, lines in zip(slides, pages, strict=True):
        yield Heading(slide.title, 1, f"slide:{slide.number}")
        yield from (line_block(line, slide.number) for line in lines if line != slide.title)
