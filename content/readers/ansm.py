"""SmPCs and leaflets of the French agency (ANSM): pages of the public medicines database and its document files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from lxml import etree

from content.model import Audience, Edition, Kind, UnreadableContent
from content.readers.blocks import Block, Heading, Paragraph, canonical, compose
from content.readers.markup import blocks_of, is_set_apart, is_subtitle, name_of, parse_html, text_of
from content.readers.naming import other_names
from content.readers.shapes import mapping, mappings

_CIS = re.compile(r"specid=(\d{8})")
_UPDATED = re.compile(r"Mis à jour le\s*:\s*(\d{2})/(\d{2})/(\d{4})")
_NUMBER = re.compile(r"^(\d{1,2})(?:\.(\d{1,2}))?\.?\s")
_BACK_TO_TOP = re.compile(r"^Retour en haut de la page")
_STRONG = frozenset({"AmmCorpsTexteGras", "AmmCorpsTexteGrasCar"})
_TITLE_LEVEL = re.compile(r"^Amm(?:Annexe|Notice)Titre(\d?)$")
# Anchors of what stands before rubric 1 of a leaflet, and of the sections that have no number.
_PREAMBLE = {"Ann3bDenomination": "leaflet:0", "Ann3bEncadre": "leaflet:0"}
_CONTENTS_LIST = "Ann3bSomm"
# Sections that hold names and addresses, where bold type is no heading.
_PLAIN = frozenset({"1", "7", "8", "9", "10", "leaflet:0"})
_ADDRESSES = re.compile(r"(Titulaire|Exploitant|Fabricant)\b", re.IGNORECASE)
_SET_APART = 5
_PRESCRIPTION = re.compile(r"CONDITIONS DE PRESCRIPTION", re.IGNORECASE)
_DOSIMETRY = re.compile(r"^(DOSIMETRIE|INSTRUCTIONS POUR LA PREPARATION)", re.IGNORECASE)
_STRENGTH = re.compile(r"\s*(?:\.{3,}|…|:)\s*.*$|\s+[\d ,.]+\s*(?:mg|g|microgrammes|UI|ml|mL|%).*$")


def looks_like(head: bytes) -> bool:
    """Whether these bytes of a page carry the agency's style names."""
    return b"AmmAnnexe" in head or b"AmmNotice" in head or b"DateNotif" in head


def read_page(source: bytes, digest: str) -> Edition:
    """Read a page in HTML. The agency writes windows-1252, whatever its own header says."""
    try:
        page = source.decode("utf-8")
    except UnicodeDecodeError:
        page = source.decode("windows-1252", "replace")
    root = parse_html(page)
    body = root.xpath("//*[@id='textDocument']") or root.xpath("//body")
    if not body:
        raise UnreadableContent("not_a_label", "a page without text")
    found = _CIS.search(page)
    return _edition(list(_outline(blocks_of(body[0], _SET_APART, _classify))), digest, found[1] if found else None)


def read_blocks(tree: dict[str, Any], digest: str) -> Edition:
    """Read the same document as a tree of typed blocks (`{"source": {…}, "content": [{"type", "content", "children"}]}`)."""
    cis = str(mapping(tree.get("source")).get("cis", ""))
    return _edition(list(_outline(_tree_blocks(tree["content"]))), digest, cis or None)


def _classify(element: etree._Element) -> Block | None:
    """A paragraph by the agency's style name: titles by level, bold short lines as sub-headings."""
    if name_of(element) != "p":
        return None
    style = element.get("class") or ""
    text = text_of(element)
    if _BACK_TO_TOP.match(text):
        return Paragraph("")
    anchor = next((str(a.get("name")) for a in element.iter("a") if a.get("name")), "")
    level = _TITLE_LEVEL.match(style)
    if level:
        return _title(text, int(level[1] or 1), anchor)
    if (style in _STRONG or is_set_apart(element)) and is_subtitle(text, strong=True):
        return Heading(text, _SET_APART)
    return None


def _title(text: str, level: int, anchor: str) -> Heading:
    number = _NUMBER.match(text)
    if anchor in _PREAMBLE:
        return Heading(text, 1, _PREAMBLE[anchor])
    if anchor == _CONTENTS_LIST:
        return Heading(text, 1, _CONTENTS_LIST)
    if _PRESCRIPTION.search(text) and not number:
        return Heading(text, 1, "prescription")
    if level <= 2 and number:
        return Heading(text, level, f"{number[1]}.{number[2]}" if number[2] else number[1])
    if level == 1 and _DOSIMETRY.match(text):
        return Heading(text, 1, "11" if text.upper().startswith("DOSI") else "12")
    return Heading(text, level)


def _tree_blocks(nodes: Any) -> Iterator[Block]:
    for node in mappings(nodes):
        kind, content = str(node.get("type", "")), node.get("content")
        level = _TITLE_LEVEL.match(kind)
        if level:
            yield _title(canonical(str(content or "")), int(level[1] or 1), str(node.get("anchor", "")))
        elif isinstance(node.get("html"), str):
            yield from blocks_of(parse_html(f"<div>{node['html']}</div>"), _SET_APART, _classify)
            continue
        elif isinstance(content, list):
            bullets = "".join(f"<li>{_bare(str(item))}</li>" for item in content)
            yield from blocks_of(parse_html(f"<ul>{bullets}</ul>"), _SET_APART)
        elif content:
            yield Paragraph(str(content))
        yield from _tree_blocks(node.get("children"))


def _bare(item: str) -> str:
    text = re.sub(r"^\s*[·•o\-–]\s+", "", canonical(item))
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _outline(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks with a leaflet's rubrics named as such, its table of contents left out, names and addresses as plain lines."""
    leaflet, section, plain = False, "", False
    for block in blocks:
        if not isinstance(block, Heading):
            if section != _CONTENTS_LIST:
                yield block
            continue
        if block.section:
            leaflet = leaflet or block.section.startswith("leaflet:")
            section, plain = block.section, block.section in _PLAIN
            if section != _CONTENTS_LIST:
                number = f"leaflet:{section}" if leaflet and section.isdecimal() else section
                yield Heading(block.text, block.level, number)
        elif section == _CONTENTS_LIST:
            continue
        elif block.level < _SET_APART:
            plain = plain or bool(_ADDRESSES.match(block.text))
            yield block
        elif plain:
            yield Paragraph(block.text)
        else:
            plain = bool(_ADDRESSES.match(block.text))
            yield Heading(block.text, 3, None) if leaflet else block


def _edition(blocks: list[Block], digest: str, cis: str | None) -> Edition:
    text, passages = compose(blocks)
    sections = {passage.section for passage in passages}
    kind = Kind.LEAFLET if any(section.startswith("leaflet:") for section in sections) else Kind.SMPC
    if not sections & {"4.1", "4.2", "4.3", "leaflet:1", "leaflet:2"}:
        raise UnreadableContent("not_a_label", "no section of an SmPC or leaflet")
    naming = [*_under(blocks, "1"), *_under(blocks, "leaflet:0")]
    product = naming[0] if naming else ""
    if not product:
        raise UnreadableContent("not_a_label", "the document names no product")
    substances = _substances(blocks, kind)
    updated = _UPDATED.search(text)
    document = "N" if kind is Kind.LEAFLET else "R"
    page = "https://base-donnees-publique.medicaments.gouv.fr/affichageDoc.php"
    return Edition(
        digest=digest,
        kind=kind,
        title=f"{'Notice' if kind is Kind.LEAFLET else 'Résumé des caractéristiques du produit'} – {product}",
        product=product,
        substances=substances,
        names=other_names(product, substances, ()),
        language="fr",
        country="FR",
        audience=Audience.PUBLIC if kind is Kind.LEAFLET else Audience.HCP,
        holder=_holder(blocks),
        dated=date(int(updated[3]), int(updated[2]), int(updated[1])) if updated else None,
        source=f"{page}?specid={cis}&typedoc={document}" if cis else None,
        text=text,
        passages=passages,
    )


def _under(blocks: list[Block], section: str) -> Iterator[str]:
    """The lines of a section, headings included, in order."""
    inside = False
    for block in blocks:
        if isinstance(block, Heading) and block.section:
            inside = block.section == section
        elif inside and isinstance(block, Heading | Paragraph) and canonical(block.text):
            yield canonical(block.text)


def _substances(blocks: list[Block], kind: Kind) -> tuple[str, ...]:
    """Section 2 of an SmPC gives substance and amount on one line; a leaflet names the substance under the product."""
    if kind is Kind.LEAFLET:
        lines = list(_under(blocks, "leaflet:0"))[1:2]
        return tuple(part for line in lines if len(line) < 120 for part in re.split(r"\s*[/+]\s*", line) if part)
    found = []
    for line in _under(blocks, "2"):
        name = _STRENGTH.sub("", line)
        if name != line and len(name) < 60 and not re.search(r"excipient|pour |chaque", name, re.IGNORECASE):
            found.append(name)
        elif found:
            break
    return tuple(dict.fromkeys(found))


def _holder(blocks: list[Block]) -> str | None:
    """The line under the heading of section 7, or under the leaflet's own heading for the holder."""
    seen = False
    for block in blocks:
        if isinstance(block, Heading) and re.match(r"(7\.\s*)?TITULAIRE", block.text, re.IGNORECASE):
            seen = True
        elif seen and isinstance(block, Heading | Paragraph) and canonical(block.text):
            return canonical(block.text)
    return None
