"""Structured Product Labeling (HL7 v3): US labels with LOINC-coded sections, prescription and over the counter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from lxml import etree

from content.model import Edition, Kind, UnreadableContent
from content.readers.blocks import Block, Heading, canonical, compose
from content.readers.markup import blocks_of
from content.readers.naming import other_names

NAMESPACE = "urn:hl7-org:v3"
_NS = {"v": NAMESPACE}
_UNCLASSIFIED = "42229-5"
# Data elements are the product's description for machines, not text of the label.
_DATA_ELEMENTS = "48780-1"
_ACTIVE = ("ACTIB", "ACTIM", "ACTIR", "ACTI")


def read(root: etree._Element, digest: str) -> Edition:
    """Read one SPL document; `empty` without text, `not_a_label` without a product."""
    text, passages = compose(block for section in _sections(root) for block in _blocks(section, 1, _UNCLASSIFIED))
    if not passages:
        raise UnreadableContent("empty", "no section with text")
    brands = _names(root, "//v:manufacturedProduct/v:name")
    generics = _names(root, "//v:genericMedicine/v:name")
    active = " or ".join(f"@classCode='{code}'" for code in _ACTIVE)
    substances = _names(root, f"//v:ingredient[{active}]/v:ingredientSubstance/v:name")
    product = next(iter(brands or generics or substances), "")
    if not product:
        raise UnreadableContent("not_a_label", "the document names no product")
    set_id = _attribute(root, "v:setId/@root")
    makers = _names(root, "v:author//v:representedOrganization/v:name")
    return Edition(
        digest=digest,
        kind=Kind.US_LABEL,
        title=f"{product} – US prescribing information",
        product=product,
        substances=substances or generics,
        names=other_names(product, substances or generics, (*brands[1:], *generics)),
        language="en",
        country="US",
        holder=makers[0] if makers else None,
        version=_attribute(root, "v:versionNumber/@value"),
        dated=_date(_attribute(root, "v:effectiveTime/@value")),
        source=f"https://dailymed.nlm.nih.gov/dailymed/lookup.cfm?setid={set_id}" if set_id else None,
        text=text,
        passages=passages,
    )


def _found(root: etree._Element, path: str) -> list[etree._Element]:
    return [element for element in root.xpath(path, namespaces=_NS) if isinstance(element, etree._Element)]


def _names(root: etree._Element, path: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for element in _found(root, path) if (name := canonical(element.text or ""))))


def _attribute(root: etree._Element, path: str) -> str | None:
    values = root.xpath(path, namespaces=_NS)
    return str(values[0]) if isinstance(values, list) and values else None


def _date(value: str | None) -> date | None:
    found = re.match(r"(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", value or "")
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _sections(root: etree._Element) -> list[etree._Element]:
    return _found(root, "v:component/v:structuredBody/v:component/v:section")


def _display_name(section: etree._Element) -> str:
    """The name of the section's LOINC code, for sections without a title; empty where the code says nothing."""
    if _attribute(section, "v:code/@code") in (None, _UNCLASSIFIED):
        return ""
    name = _attribute(section, "v:code/@displayName") or ""
    return re.sub(r"^OTC - | SECTION$", "", name).capitalize()


def _blocks(section: etree._Element, level: int, inherited: str) -> Iterator[Block]:
    """A section under its LOINC code; one without a code of its own belongs to the section around it."""
    code = _attribute(section, "v:code/@code") or _UNCLASSIFIED
    if code == _DATA_ELEMENTS:
        return
    code = inherited if code == _UNCLASSIFIED else code
    title = next((canonical("".join(element.itertext())) for element in _found(section, "v:title")), "")
    title = title or _display_name(section)
    if title or level == 1:
        yield Heading(title or "Label", level, code)
    for text in _found(section, "v:text"):
        yield from blocks_of(text, level + 1)
    for inner in _found(section, "v:component/v:section"):
        yield from _blocks(inner, level + 1, code)
