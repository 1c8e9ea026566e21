"""The plain objects every part of Relais speaks of when it speaks of content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What sort of document an edition is."""

    SMPC = "smpc"
    LEAFLET = "leaflet"
    US_LABEL = "us_label"
    BROCHURE = "brochure"
    TRANSPARENCY = "transparency"
    REIMBURSEMENT = "reimbursement"
    DECK = "deck"


class Audience(StrEnum):
    """For whom an edition is written and approved."""

    HCP = "hcp"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Passage:
    """One section of an edition, or one table of it, word for word.

    `text` is always `edition.text[start:end]`. `section` is the source's own code: an SmPC number (`4.2`), a leaflet rubric
    (`leaflet:3`), an openFDA field (`dosage_and_administration`) or a LOINC code (ePI). `path` holds the headings above the
    text, outermost first. In a table each row is a line, its cells joined by ` | `, the header row first.
    """

    section: str
    path: tuple[str, ...]
    text: str
    start: int
    end: int
    page: int | None = None
    table: bool = False


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide of a deck. `notes` are for the rep alone; `text` and `alt` reach everyone who sees the slide."""

    number: int
    title: str
    text: str
    alt: str
    notes: str = ""
    key_message: str = ""
    topics: tuple[str, ...] = ()
    mandatory: bool = False
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Poll:
    """A question that a deck brings with it for its audience: approved with the deck, word for word."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of one document, as a reader found it in its file.

    `digest` is the SHA-256 of the source bytes (for a deck: of the PDF and its description), in hex: approval binds to it.
    `country` is ISO 3166-1 alpha-2 (`FR`, `US`), `EU` for centrally authorised texts, None when the source does not say;
    `language` is ISO 639-1. `product` is the name as the document gives it, `substances` the INNs, `names` every other name
    by which the document calls the product (generic name, salt, class).
    """

    digest: str
    kind: Kind
    title: str
    product: str
    substances: tuple[str, ...]
    language: str
    text: str
    passages: tuple[Passage, ...]
    names: tuple[str, ...] = ()
    country: str | None = None
    audience: Audience = Audience.HCP
    holder: str | None = None
    version: str | None = None
    dated: date | None = None
    source: str | None = None
    licence: str | None = None
    slides: tuple[Slide, ...] = ()
    polls: tuple[Poll, ...] = ()


class UnreadableContent(Exception):
    """A file that no reader can read. `code` is stable and translated at the edge; `detail` names the place."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail

    def __reduce__(self) -> tuple[type[UnreadableContent], tuple[str, str]]:
        # Files are read in processes of their own: the code must come back from there whole.
        return type(self), (self.code, self.detail)
