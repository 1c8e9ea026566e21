"""Markdown with front matter: SmPCs and leaflets whose `##` headings carry the SmPC number or the leaflet rubric."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import yaml

from content.model import Audience, Edition, Kind, UnreadableContent
from content.readers import plain_yaml
from content.readers.blocks import Block, Heading, Item, Paragraph, Table, canonical, compose
from content.readers.leaflet import split_subtitles
from content.readers.markup import is_subtitle
from content.readers.naming import other_names

_FRONT_MATTER = re.compile(r"\A\ufeff?---\r?\n(.*?)\r?\n---\r?\n", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_NUMBER = re.compile(r"^(\d{1,2}(?:\.\d{1,2})?)\.?\s")
_ITEM = re.compile(r"^\s*(?:[-*+•·]|\d{1,2}[.)])\s+(?=\S)")
_RULE = re.compile(r"^\s*\|?[\s:|-]+\|[\s:|-]*$")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")

# The same field under its name in each dialect of front matter.
_FIELDS = {
    "product": ("product", "produit"),
    "substances": ("substances", "substance"),
    "language": ("language", "langue", "lang"),
    "country": ("country", "pays"),
    "title": ("title", "titre"),
    "kind": ("kind", "document"),
    "dated": ("dated", "mis_a_jour", "date", "retrieved"),
}


def read(source: bytes, digest: str) -> Edition:
    """Read one Markdown document; `not_a_label` without a product in its front matter, `bad_front_matter` if that is no YAML."""
    text = source.decode("utf-8", "replace")
    front, body = _front_matter(text)
    product = _text(_field(front, "product"))
    if not product:
        raise UnreadableContent("not_a_label", "the front matter names no product")
    kind = _kind(front)
    composed, passages = compose(_blocks(body, kind))
    if not passages:
        raise UnreadableContent("empty", "no section with text")
    substances = _names(_field(front, "substances"))
    language = _text(_field(front, "language"))[:2].lower() or "fr"
    return Edition(
        digest=digest,
        kind=kind,
        title=_text(_field(front, "title")) or " – ".join(filter(None, (product, _text(front.get("document"))))),
        product=product,
        substances=substances,
        names=other_names(product, substances, _names(front.get("names"))),
        language=language,
        country=_country(front, language),
        audience=_audience(front, kind),
        holder=_text(front.get("holder")) or None,
        version=_text(front.get("version")) or None,
        dated=_date(_field(front, "dated")),
        source=_text(front.get("source")) or None,
        licence=_text(front.get("licence")) or None,
        text=composed,
        passages=passages,
    )


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    found = _FRONT_MATTER.match(text)
    if not found:
        raise UnreadableContent("not_a_label", "no front matter")
    try:
        front = plain_yaml.load(found[1])
    except yaml.YAMLError as error:
        raise UnreadableContent("bad_front_matter", str(error)) from error
    if not isinstance(front, dict):
        raise UnreadableContent("bad_front_matter", "not a mapping")
    return front, text[found.end() :]


def _field(front: dict[str, Any], name: str) -> Any:
    return next((front[key] for key in _FIELDS[name] if front.get(key)), None)


def _text(value: Any) -> str:
    """A scalar of the front matter as canonical text; lists and mappings count as absent."""
    return "" if value is None or isinstance(value, list | dict) else canonical(str(value))


def _kind(front: dict[str, Any]) -> Kind:
    told = _text(_field(front, "kind")).lower()
    if told in {kind.value for kind in Kind}:
        return Kind(told)
    if told.startswith(("rcp", "smpc")):
        return Kind.SMPC
    return Kind.LEAFLET if told.startswith(("notice", "leaflet")) else Kind.BROCHURE


def _names(value: Any) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else re.split(r"\s*[,;]\s*", _text(value))
    return tuple(dict.fromkeys(filter(None, map(_text, listed))))


def _country(front: dict[str, Any], language: str) -> str | None:
    country = _text(_field(front, "country"))
    if country:
        return country.upper()
    # The French public medicines database holds documents authorised in France only.
    return "FR" if language == "fr" and "BDPM" in str(front.get("source", "")) else None


def _audience(front: dict[str, Any], kind: Kind) -> Audience:
    told = front.get("audience", Audience.PUBLIC if kind is Kind.LEAFLET else Audience.HCP)
    try:
        return Audience(str(told))
    except ValueError as error:
        raise UnreadableContent("bad_front_matter", f"audience {told}") from error


def _date(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(str(value), form).date()
        except ValueError:
            continue
    return None


def _blocks(body: str, kind: Kind) -> Iterator[Block]:
    lines = body.splitlines()
    section: str | None = None
    index = 0
    while index < len(lines):
        line = lines[index].strip()
        index += 1
        heading = _HEADING.match(line)
        if heading:
            block = _section_heading(heading, kind)
            if isinstance(block, Heading):
                section = block.section or section
            yield block
        elif line.startswith("|"):
            rows = [line]
            while index < len(lines) and lines[index].strip().startswith("|"):
                rows.append(lines[index].strip())
                index += 1
            yield _table(rows)
        elif line:
            following = next((later.strip() for later in lines[index:] if later.strip()), "")
            yield from _line(_EMPHASIS.sub(r"\2", line), following, section, kind)


def _section_heading(found: re.Match[str], kind: Kind) -> Heading | Paragraph:
    text, number = found[2], _NUMBER.match(found[2])
    if not number and found[1] == "#":
        return Paragraph(text)  # the document's own title is above all sections
    if not number:
        return Heading(text, len(found[1]))
    section = f"leaflet:{number[1]}" if kind is Kind.LEAFLET else number[1]
    return Heading(text, len(found[1]), section)


def _table(lines: Iterable[str]) -> Table:
    rows = [line for line in lines if not _RULE.match(line)]
    return Table(tuple(tuple(cell.strip() for cell in row.strip().strip("|").split("|")) for row in rows))


def _line(line: str, following: str, section: str | None, kind: Kind) -> Iterator[Block]:
    found = _ITEM.match(line)
    text = canonical(line[found.end() :] if found and line.lstrip()[0] in "-*+•·" else line)
    is_item = bool(found) and text != canonical(line)
    if kind is Kind.LEAFLET:
        yield from split_subtitles(text, 3, item=is_item)
    elif is_item:
        yield Item(text)
    elif section and section[0] in "45" and is_subtitle(text) and following and not is_subtitle(following):
        yield Heading(text, 3)
    else:
        yield Paragraph(text)
