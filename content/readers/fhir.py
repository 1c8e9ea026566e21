"""FHIR electronic product information (ePI): document bundles in JSON or XML, sections with XHTML narratives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from lxml import etree

from content.model import Audience, Edition, Kind, Passage, UnreadableContent
from content.readers.blocks import Block, Heading, Paragraph, canonical, compose
from content.readers.language import language_of
from content.readers.markup import blocks_of, is_subtitle, parse_html, text_of
from content.readers.naming import other_names
from content.readers.shapes import mapping, mappings
from content.sections import smpc_number, topics_of_heading

_TEST_MARK = re.compile(r"^\s*TEST PURPOSES ONLY\s*-?\s*|\s*-\s*THIS DOCUMENT IS FOR TESTING PURPOSES ONLY\.?\s*$", re.IGNORECASE)
_LOINC = "http://loinc.org"
_UNCLASSIFIED = "42229-5"
_NUMBERED = re.compile(r"^(\d{1,2})(?:\.(\d))?\.?(?=\s|$)")
_RUBRIC = re.compile(r"^([1-6])\.?\s+(?=\D)")
_EMPTY = "unavailable"
# EMA list of substance roles, and HL7's role classes for active ingredients.
_ACTIVE = frozenset({"100000072072", "active", "ACTI", "ACTIB", "ACTIM", "ACTIR"})
_CONTAINS = re.compile(r"\bcontains (?:[\d., ]+(?:mg|g|micrograms?) (?:of )?)?([a-z][a-z-]{4,}(?: (?!equivalent|and|as)[a-z]+)?)")
_BRANDED = re.compile(r"(?P<brand>[^(®™]+)[®™]?\s*\((?P<inn>[a-z][a-z ,/-]+)\)")
_CONTENTS_LIST = re.compile(r"what is in this leaflet|contenido del prospecto|que contient cette notice", re.IGNORECASE)
_XHTML = "{http://www.w3.org/1999/xhtml}"


def read(bundle: dict[str, Any], digest: str) -> Edition:
    """Read the first composition of a bundle; `not_a_label` without one, `empty` if its sections hold no text.

    In the EMA's collections, where SmPC and leaflet are bundles within a bundle, the SmPC comes first and is the one read.
    """
    resources = list(_resources(bundle))
    composition = next((r for r in resources if r.get("resourceType") == "Composition"), None)
    if composition is None:
        raise UnreadableContent("not_a_label", "the bundle has no composition")
    kind = _kind(composition)
    text, passages = compose(_blocks(composition.get("section"), kind))
    if not passages:
        raise UnreadableContent("empty", "no section with text")
    title = canonical(_TEST_MARK.sub("", str(composition.get("title", ""))))
    full, invented, scientific = _product_names(resources)
    branded = _BRANDED.match(full or title)
    if branded and not invented:
        invented, scientific = branded["brand"].strip(), scientific or (branded["inn"].strip(),)
    named = next((passage.text.split("\n")[0] for passage in passages if passage.section == "1"), "")
    product = invented or full or named or title
    if not product:
        raise UnreadableContent("not_a_label", "the bundle names no product")
    substances = _substances(resources) or scientific or _stated_substance(passages)
    return Edition(
        digest=digest,
        kind=kind,
        title=title or product,
        product=product,
        substances=substances,
        names=other_names(product, substances, (full, *scientific)),
        language=_language(composition, bundle, text),
        country=_country(composition, bundle, resources),
        audience=Audience.PUBLIC if kind is Kind.LEAFLET else Audience.HCP,
        holder=_holder(composition, resources),
        dated=_date(composition.get("date")),
        version=mapping(composition.get("meta")).get("versionId"),
        text=text,
        passages=passages,
    )


def _resources(bundle: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in mappings(bundle.get("entry")):
        resource = mapping(entry.get("resource"))
        if resource.get("resourceType") == "Bundle":
            yield from _resources(resource)
        else:
            yield resource


def from_xml(root: etree._Element, digest: str) -> Edition:
    """Read the same bundle in FHIR XML."""
    bundle = _as_json(root)
    if not isinstance(bundle, dict):
        raise UnreadableContent("not_a_label", "an empty bundle")
    return read({"resourceType": "Bundle", **bundle}, digest)


# FHIR's repeating elements that this reader looks into; XML does not tell a list of one from a single value.
_LISTS = frozenset("entry section coding name part usage substance author country".split())


def _as_json(element: etree._Element) -> Any:
    if element.tag == f"{_XHTML}div":
        return etree.tostring(element, encoding="unicode", with_tail=False)
    fields: dict[str, Any] = {}
    for child in element:
        name = etree.QName(child).localname
        if name == "resource" and len(child):
            fields[name] = {"resourceType": etree.QName(child[0]).localname, **mapping(_as_json(child[0]))}
        elif name in _LISTS and len(child):
            fields.setdefault(name, []).append(_as_json(child))
        else:
            fields.setdefault(name, _as_json(child))
    value = element.get("value")
    return value if value is not None and not fields else fields


def _codes(concept: Any) -> list[dict[str, Any]]:
    return mappings(mapping(concept).get("coding"))


def _kind(composition: dict[str, Any]) -> Kind:
    concept = composition.get("type") or {}
    words = " ".join([str(mapping(concept).get("text", "")), *(str(code.get("display", "")) for code in _codes(concept))]).lower()
    if any(code.get("system") == _LOINC for code in _codes(concept)):
        return Kind.US_LABEL
    if "smpc" in words or "summary of product" in words:
        return Kind.SMPC
    numbers = {found[0].rstrip(".") for title in _titles(composition.get("section")) if (found := _NUMBERED.match(title))}
    return Kind.SMPC if {"4.1", "4.2"} <= numbers else Kind.LEAFLET


def _titles(sections: Any) -> Iterator[str]:
    for section in mappings(sections):
        yield canonical(str(section.get("title", "")))
        yield from _titles(section.get("section"))


def _blocks(sections: Any, kind: Kind, level: int = 1, above: str | None = None) -> Iterator[Block]:
    for section in mappings(sections):
        title = canonical(str(section.get("title", "")))
        code = _section_code(section, title, kind) or above or _unnumbered(kind)
        narrative = str(mapping(section.get("text")).get("div", ""))
        root = parse_html(narrative) if narrative else None
        written = root is not None and text_of(root).lower() not in ("", _EMPTY)
        inner = section.get("section")
        if _CONTENTS_LIST.match(title):
            continue
        if (written or inner) and title:
            yield Heading(title, level, code)
        if written and root is not None:
            yield from _subtitled(blocks_of(root, level + 1), level + 1)
        # The leaflet's title page is the parent of its rubrics in some bundles; they are not part of it.
        yield from _blocks(inner, kind, level + 1, None if kind is Kind.LEAFLET and code == "leaflet:0" else code)


def _subtitled(blocks: Iterator[Block], level: int) -> Iterator[Block]:
    """Short lines that name a topic of the taxonomy are sub-headings, even where the source sets them as plain text."""
    for block in blocks:
        if isinstance(block, Paragraph) and is_subtitle(canonical(block.text)) and topics_of_heading(canonical(block.text)):
            yield Heading(block.text, level)
        else:
            yield block


def _section_code(section: dict[str, Any], title: str, kind: Kind) -> str | None:
    if kind is Kind.US_LABEL:
        loinc = (code.get("code") for code in _codes(section.get("code")) if code.get("system") == _LOINC)
        return next((code for code in loinc if code and code != _UNCLASSIFIED), None)
    if kind is Kind.SMPC:
        found = _NUMBERED.match(title)
        return (f"{found[1]}.{found[2]}" if found[2] else found[1]) if found else smpc_number(title)
    found = _RUBRIC.match(title)
    return f"leaflet:{found[1]}" if found else None


def _unnumbered(kind: Kind) -> str:
    return {Kind.LEAFLET: "leaflet:0", Kind.US_LABEL: _UNCLASSIFIED}.get(kind, "1")


def _product_names(resources: list[dict[str, Any]]) -> tuple[str, str, tuple[str, ...]]:
    """Full name, invented name and scientific names as the medicinal products state them."""
    full, invented, scientific = "", "", []
    for product in (r for r in resources if r.get("resourceType") == "MedicinalProductDefinition"):
        for name in mappings(product.get("name")):
            full = full or canonical(_TEST_MARK.sub("", str(name.get("productName", ""))))
            for part in mappings(name.get("part", name.get("namePart"))):
                codes = {code.get("code") for code in _codes(part.get("type"))}
                if "220000000002" in codes:
                    invented = invented or canonical(str(part.get("part", "")))
                elif "220000000003" in codes:
                    scientific.append(canonical(str(part.get("part", ""))))
    return full, invented, tuple(dict.fromkeys(name for name in scientific if name))


def _substances(resources: list[dict[str, Any]]) -> tuple[str, ...]:
    names = []
    for ingredient in (r for r in resources if r.get("resourceType") == "Ingredient"):
        if not any(code.get("code") in _ACTIVE for code in _codes(ingredient.get("role"))):
            continue
        substance = ingredient.get("substance")
        substance = substance[0] if isinstance(substance, list) and substance else substance
        concept = mapping(mapping(mapping(substance).get("code")).get("concept"))
        told = concept.get("text") or next((code.get("display") for code in _codes(concept) if code.get("display")), "")
        names.append(canonical(str(told)))
    return tuple(dict.fromkeys(name for name in names if name))


def _stated_substance(passages: tuple[Passage, ...]) -> tuple[str, ...]:
    """The substance as section 2 of an English SmPC states it, where the bundle has no ingredients."""
    for passage in passages:
        found = _CONTAINS.search(passage.text) if passage.section == "2" else None
        if found:
            return (found[1],)
    return ()


def _language(composition: dict[str, Any], bundle: dict[str, Any], text: str) -> str:
    """The words have the first say: declared tags are wrong too often in published bundles."""
    return language_of(text) or str(composition.get("language") or bundle.get("language") or "en")[:2].lower()


def _country(composition: dict[str, Any], bundle: dict[str, Any], resources: list[dict[str, Any]]) -> str | None:
    for product in (r for r in resources if r.get("resourceType") == "MedicinalProductDefinition"):
        for name in mappings(product.get("name")):
            for usage in mappings(name.get("usage", name.get("countryLanguage"))):
                for code in _codes(usage.get("country")):
                    if re.fullmatch(r"[A-Z]{2}", str(code.get("code", ""))):
                        return str(code["code"])
    tags = [str(holder.get("language", "")) for holder in (composition, bundle)]
    return next((tag[3:] for tag in tags if re.fullmatch(r"[a-z]{2}-[A-Z]{2}", tag)), None)


def _holder(composition: dict[str, Any], resources: list[dict[str, Any]]) -> str | None:
    wanted = {str(author.get("reference", "")).rpartition("/")[2] for author in mappings(composition.get("author"))}
    for organization in (r for r in resources if r.get("resourceType") == "Organization"):
        name = organization.get("name")
        name = name[0] if isinstance(name, list) and name else name
        if isinstance(name, str) and (not wanted or organization.get("id") in wanted):
            return canonical(name)
    return None


def _date(value: Any) -> date | None:
    found = re.match(r"\d{4}-\d{2}-\d{2}", str(value or ""))
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
