"""HTML and XHTML fragments as blocks. Nothing is fetched, no entity is expanded, scripts and styles are left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree, html

from content.model import UnreadableContent
from content.readers.blocks import Block, Heading, Item, Paragraph, Table, canonical, line_block

_CONTAINERS = frozenset("div section article body html center blockquote dl ul ol form fieldset main table tbody list".split())
_BREAKS = frozenset("p div li tr td th h1 h2 h3 h4 h5 h6 dt dd blockquote caption paragraph item list".split())
_SILENT = frozenset("script style head title noscript img".split())
_EMPHASIS = frozenset("b strong u i em".split())
_STYLED = re.compile(r"bold|italics|underline", re.IGNORECASE)
_LISTS = frozenset("ul ol list".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_MAX_SPAN = 200

SUBTITLE_LENGTH = 110
# Above this average a cell holds prose: patient leaflets set in two columns reach 500, tables of trials stay under 150.
LAYOUT_CELL_LENGTH = 300


def parse_html(source: str | bytes, encoding: str | None = None) -> html.HtmlElement:
    """The element tree of an HTML page or fragment; `not_a_label` when there is nothing in it."""
    parser = html.HTMLParser(encoding=encoding, no_network=True, remove_comments=True, huge_tree=False)
    try:
        return html.document_fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableContent("not_a_label", str(error)) from error


def parse_xml(source: bytes) -> etree._Element:
    """The root of an XML document read without network, DTD or entities; `broken_xml` when it is not well formed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(source, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableContent("broken_xml", str(error)) from error


def name_of(element: etree._Element) -> str:
    """The element's local name, empty for what is not an element (comments, unexpanded entities)."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def text_of(element: etree._Element) -> str:
    """All the text inside an element, a space where a block or line break stands."""
    parts: list[str] = []
    _gather(element, parts)
    return canonical("".join(parts))


def _gather(element: etree._Element, parts: list[str]) -> None:
    name = name_of(element)
    if name in _SILENT or not name:
        return
    breaks = name in _BREAKS or name == "br"
    if breaks:
        parts.append(" ")
    if element.text:
        parts.append(element.text)
    for child in element:
        _gather(child, parts)
        if child.tail:
            parts.append(child.tail)
    if breaks:
        parts.append(" ")


def table_of(element: etree._Element) -> Table:
    """The rows of a table. A cell that spans rows is repeated in each, so that every row says what it is about."""
    rows: list[tuple[str, ...]] = []
    hanging: dict[int, tuple[str, int]] = {}
    for row in (e for e in element.iter() if name_of(e) == "tr"):
        cells: list[str] = []

        def hang(cells: list[str] = cells) -> None:
            while len(cells) in hanging:
                text, left = hanging.pop(len(cells))
                if left > 1:
                    hanging[len(cells)] = (text, left - 1)
                cells.append(text)

        for cell in (e for e in row if name_of(e) in ("td", "th")):
            hang()
            text, rowspan = text_of(cell), _span(cell, "rowspan")
            if rowspan > 1:
                hanging[len(cells)] = (text, rowspan - 1)
            cells.append(text)
            cells.extend([""] * (_span(cell, "colspan") - 1))
        hang()
        while cells and not cells[-1]:
            cells.pop()
        rows.append(tuple(cells))
    return Table(tuple(row for row in rows if row))


def _span(cell: etree._Element, attribute: str) -> int:
    value = cell.get(attribute, "1").strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isdecimal() else 1


def is_layout(table: Table) -> bool:
    """Whether a table only frames text: one cell a row is a box, and cells that hold paragraphs are columns of a page."""
    cells = [cell for row in table.rows for cell in row if cell]
    return all(len(row) < 2 for row in table.rows) or sum(map(len, cells)) > LAYOUT_CELL_LENGTH * len(cells)


def is_subtitle(text: str, *, strong: bool = False) -> bool:
    """Whether a paragraph reads as a sub-heading: short, opening with a capital, no closing punctuation.

    `strong` tells that the source sets it apart (bold, underlined), which allows a closing colon and a longer text.
    """
    limit = SUBTITLE_LENGTH if strong else SUBTITLE_LENGTH // 2
    if not 2 < len(text) <= limit or text.count(" ") > (16 if strong else 7):
        return False
    if not (text[0].isupper() or (strong and (text[0].isdigit() or text.startswith("+ ")))):
        return False
    if strong and re.search(r"\s:\s|\bATC\b", text):
        return False
    return text[-1] not in (".;,!" if strong else ".;,!:?)") and "  " not in text


def is_set_apart(element: etree._Element) -> bool:
    """Whether all the text of a paragraph is in bold, italics or underlined."""
    text = (element.text or "").strip()
    if text:
        return False
    found = False
    for child in element:
        if (child.tail or "").strip():
            return False
        if not text_of(child):
            continue
        if not _is_emphasis(child) and not (name_of(child) in ("span", "a") and is_set_apart(child)):
            return False
        found = True
    return found


def _is_emphasis(element: etree._Element) -> bool:
    """Bold, italics or underline, by tag or by the style code of an SPL `content`."""
    return name_of(element) in _EMPHASIS or bool(_STYLED.search(element.get("styleCode") or ""))


def blocks_of(
    element: etree._Element, level: int, classify: Callable[[etree._Element], Block | None] | None = None
) -> Iterator[Block]:
    """The blocks of a fragment; its own headings stand from `level` on. `classify` may decide on an element first."""
    for child in _with_loose_text(element):
        if isinstance(child, str):
            yield line_block(child)
            continue
        decided = classify(child) if classify else None
        if decided is not None:
            yield decided
            continue
        name = name_of(child)
        if name in _SILENT or not name:
            continue
        if name == "table":
            yield from _table_blocks(child, level, classify)
        elif name in _HEADINGS:
            yield Heading(text_of(child), level + max(0, int(name[1]) - 2))
        elif name in ("li", "item"):
            yield from _item_blocks(child, level, classify)
        elif name in _CONTAINERS:
            yield from blocks_of(child, level, classify)
        else:
            yield from _paragraph_blocks(child, level)


def _paragraph_blocks(element: etree._Element, level: int) -> Iterator[Block]:
    if is_set_apart(element) and is_subtitle(text := text_of(element), strong=True):
        yield Heading(text, level + 1)
        return
    for line in lines_of(element):
        yield line_block(line)


def lines_of(element: etree._Element) -> Iterator[str]:
    """The text of a paragraph, one string for each line that the source breaks with `br`."""
    parts: list[str] = [element.text or ""]
    for child in element:
        if name_of(child) == "br":
            yield from filter(None, [canonical("".join(parts))])
            parts = []
        else:
            _gather(child, parts)
        parts.append(child.tail or "")
    yield from filter(None, [canonical("".join(parts))])


def _item_blocks(
    element: etree._Element, level: int, classify: Callable[[etree._Element], Block | None] | None
) -> Iterator[Block]:
    parts: list[str] = [element.text or ""]
    for child in element:
        if name_of(child) in _LISTS or name_of(child) == "table":
            yield from _item(parts)
            parts = []
            nested = _table_blocks if name_of(child) == "table" else blocks_of
            yield from nested(child, level, classify)
        else:
            _gather(child, parts)
        parts.append(child.tail or "")
    yield from _item(parts)


def _item(parts: list[str]) -> Iterator[Item]:
    text = canonical("".join(parts))
    if text:
        yield Item(text)


def _table_blocks(
    element: etree._Element, level: int, classify: Callable[[etree._Element], Block | None] | None
) -> Iterator[Block]:
    table = table_of(element)
    caption = next((text_of(e) for e in element if name_of(e) == "caption"), "")
    if caption:
        yield Paragraph(caption)
    if not is_layout(table):
        yield table
        return
    for cell in [e for e in element.iter() if name_of(e) in ("td", "th")]:
        yield from blocks_of(cell, level, classify)


def _with_loose_text(element: etree._Element) -> Iterator[etree._Element | str]:
    """Children of a container; inline runs and loose text between them are gathered into one string each."""
    loose: list[str] = [element.text or ""]
    for child in element:
        name = name_of(child)
        if name in _BREAKS or name in _CONTAINERS or name in _HEADINGS or name == "br":
            yield from filter(None, [canonical("".join(loose))])
            loose = []
            if name != "br":
                yield child
        elif _is_emphasis(child) and not "".join(loose).strip() and is_subtitle(text_of(child), strong=True):
            yield from filter(None, [canonical("".join(loose))])
            loose = []
            _gather(child, loose)
        else:
            _gather(child, loose)
        loose.append(child.tail or "")
    yield from filter(None, [canonical("".join(loose))])
