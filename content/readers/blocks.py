"""The one form every reader brings its format into: a run of blocks, composed into canonical text and its passages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from content.model import Passage

ITEM_MARK = "- "
CELL_MARK = " | "

_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_DOT_LEADER = re.compile(r"\s*(?:\.{4,}|…{2,})\s*")
_BULLET = re.compile(r"^(?:[·•▪◦●■*o\uf0b7\uf02d\uf0a7]|[-–—](?!\d))\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; `level` 1 is outermost. With `section` it opens that section, without it the section stays what it was."""

    text: str
    level: int
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of running text."""

    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list, without its bullet."""

    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, the header row first."""

    rows: tuple[tuple[str, ...], ...]
    page: int | None = None


Block = Heading | Paragraph | Item | Table


def canonical(text: str) -> str:
    """The text as Relais stores it: NFC, every run of white space one space, no soft hyphens or zero-width characters.

    A dot leader (“Allopurinol ........ 100 mg”) is layout and becomes one ellipsis.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    text = " ".join(text.split())
    return (_DOT_LEADER.sub(" … ", text) if "...." in text or "……" in text else text).strip()


def line_block(text: str, page: int | None = None) -> Paragraph | Item:
    """A paragraph, or a list item when the text opens with a bullet."""
    bullet = _BULLET.match(text)
    return Item(text[bullet.end() :], page) if bullet else Paragraph(text, page)


def compose(blocks: Iterable[Block]) -> tuple[str, tuple[Passage, ...]]:
    """Canonical text and passages with exact spans: one passage per lowest heading, one per table.

    Heading lines stand in the text directly above their passage and are not part of it; a sub-heading that ends with a
    colon introduces its text, so it is the passage's first line as well as the last of its path. A path begins with the
    heading of the section itself, chapters above it are left out. Blocks before the first section belong to no passage.
    """
    return _Composer().compose(blocks)


class _Composer:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.headings: list[Heading] = []
        self.section: str | None = None
        self.open_at: int | None = None
        self.lead_in: int | None = None
        self.page: int | None = None
        self.passages: list[tuple[str, tuple[str, ...], int, int, int | None, bool]] = []

    def compose(self, blocks: Iterable[Block]) -> tuple[str, tuple[Passage, ...]]:
        for block in blocks:
            match block:
                case Heading():
                    self._heading(block)
                case Paragraph(text=text, page=page):
                    self._line(canonical(text), page)
                case Item(text=text, page=page):
                    clean = canonical(text)
                    self._line(ITEM_MARK + clean if clean else "", page)
                case Table():
                    self._table(block)
        self._close()
        text = "".join(self.parts)
        return text, tuple(
            Passage(section, path, text[start:end], start, end, page, table)
            for section, path, start, end, page, table in self.passages
        )

    def _heading(self, heading: Heading) -> None:
        text = canonical(heading.text)
        if not text:
            return
        self._close()
        self.headings = [above for above in self.headings if above.level < heading.level]
        self.headings.append(Heading(text, heading.level, heading.section))
        self.section = next((above.section for above in reversed(self.headings) if above.section), None)
        start = self._write(text, "\n\n")
        self.lead_in = start if text.endswith(":") and heading.section is None else None

    def _line(self, text: str, page: int | None) -> None:
        if not text:
            return
        if page != self.page:
            self._close()
            self.page = page
        start = self._write(text, "\n")
        if self.open_at is None:
            self.open_at = start if self.lead_in is None else self.lead_in
        self.lead_in = None

    def _table(self, table: Table) -> None:
        rows = [canonical(CELL_MARK.join(canonical(cell) for cell in row)) for row in table.rows if any(map(canonical, row))]
        if not any(CELL_MARK in row for row in rows):
            for row in rows:
                self._line(row, table.page)
            return
        self._close()
        self.page, self.lead_in = table.page, None
        self.open_at = self._write("\n".join(rows), "\n")
        self._close(table=True)

    def _write(self, text: str, separator: str) -> int:
        if self.parts:
            self.parts.append(separator)
            self.length += len(separator)
        start = self.length
        self.parts.append(text)
        self.length += len(text)
        return start

    def _close(self, *, table: bool = False) -> None:
        start, self.open_at = self.open_at, None
        if start is not None and self.section is not None:
            own = next(i for i, heading in enumerate(self.headings) if heading.section == self.section)
            path = tuple(heading.text for heading in self.headings[own:])
            self.passages.append((self.section, path, start, self.length, self.page, table))
