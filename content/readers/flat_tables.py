"""Tables of labels whose text runs on: found again in the text by their words, and given back their rows.

openFDA flattens every table into its section's text, cell after cell, and gives the table itself as HTML beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from content.readers.blocks import Paragraph, Table
from content.readers.markup import is_layout, name_of, parse_html, table_of, text_of

# A table's place in the text, while the text is cut: private-use characters around the table's number.
MARK = "\ue000"
_PLACE = re.compile("\ue000(\\d+)\ue001")
_WORD = re.compile(r"\S+")
_PRIVATE = re.compile("[\ue000\ue001]")


@dataclass(frozen=True, slots=True)
class FlatTable:
    """A table, and all its words without a space: how it stands in the flat text once spaces are left out."""

    words: str
    table: Table


def tables_of(values: Any) -> list[FlatTable]:
    """The tables of a `*_table` field. Single rows and tables that only lay out text are left to run on."""
    found = []
    for value in values if isinstance(values, list) else ():
        if isinstance(value, str) and "<t" in value:
            for element in parse_html(value).iter("table"):
                table = table_of(element)
                words = "".join("".join(text_of(cell).split()) for cell in element.iter() if name_of(cell) in ("td", "th"))
                if len(table.rows) > 1 and words and not is_layout(table):
                    found.append(FlatTable(words, table))
    return found


def marked(text: str, tables: Iterable[FlatTable]) -> tuple[str, list[Table]]:
    """The text with a mark in place of every table found in it, and those tables in the order of their numbers."""
    text = _PRIVATE.sub("", text)
    squeezed = "".join(text.split())
    placed: list[Table] = []
    for flat in sorted(tables, key=lambda flat: -len(flat.words)):
        at = squeezed.find(flat.words)
        if at < 0:
            continue
        start, end = _position(text, at), _position(text, at + len(flat.words) - 1) + 1
        text = f"{text[:start]} {MARK}{len(placed)}\ue001 {text[end:]}"
        squeezed = "".join(text.split())
        placed.append(flat.table)
    return text, placed


def _position(text: str, nth: int) -> int:
    """Where the nth character that is no space stands, from 0."""
    for word in _WORD.finditer(text):
        size = word.end() - word.start()
        if nth < size:
            return word.start() + nth
        nth -= size
    raise IndexError(nth)


def parts_of(text: str, placed: list[Table]) -> Iterator[Paragraph | Table]:
    """A stretch of marked text as paragraphs and tables."""
    at = 0
    for found in _PLACE.finditer(text):
        if text[at : found.start()].strip():
            yield Paragraph(text[at : found.start()])
        yield placed[int(found[1])]
        at = found.end()
    if text[at:].strip():
        yield Paragraph(text[at:])
