"""openFDA drug label answers (`/drug/label.json`): flat text, parents that repeat their subsections, HTML tables aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from content.model import Edition, Kind, UnreadableContent
from content.readers.blocks import Block, Heading, canonical, compose
from content.readers.flat_labels import headline, questions_of, runs_of
from content.readers.flat_tables import FlatTable, marked, parts_of, tables_of
from content.readers.naming import other_names
from content.readers.shapes import mapping

# Fields in the order of the printed label (21 CFR 201.57); what is not listed comes after, alphabetically.
_ORDER = """boxed_warning recent_major_changes purpose active_ingredient indications_and_usage dosage_and_administration
dosage_forms_and_strengths contraindications do_not_use warnings_and_cautions warnings precautions general_precautions
ask_doctor ask_doctor_or_pharmacist when_using stop_use pregnancy_or_breast_feeding keep_out_of_reach_of_children
information_for_patients laboratory_tests drug_interactions drug_and_or_laboratory_test_interactions adverse_reactions
use_in_specific_populations pregnancy teratogenic_effects nonteratogenic_effects labor_and_delivery lactation
nursing_mothers pediatric_use geriatric_use drug_abuse_and_dependence controlled_substance abuse dependence overdosage
description inactive_ingredient clinical_pharmacology mechanism_of_action pharmacodynamics pharmacokinetics microbiology
pharmacogenomics nonclinical_toxicology carcinogenesis_and_mutagenesis_and_impairment_of_fertility
animal_pharmacology_and_or_toxicology clinical_studies references how_supplied storage_and_handling safe_handling_warning
other_safety_information risks patient_medication_information spl_patient_package_insert spl_medguide
instructions_for_use spl_unclassified_section package_label_principal_display_panel""".split()
_RANK = {field: rank for rank, field in enumerate(_ORDER)}
# Not prose: identifiers, and the product's data elements run together.
_NOT_TEXT = frozenset({"set_id", "id", "effective_time", "version", "openfda", "spl_product_data_elements"})
# Which fields a field may hold word for word. The narrower one keeps the text.
_PARENTS = {
    "use_in_specific_populations": "pregnancy lactation nursing_mothers labor_and_delivery pediatric_use geriatric_use",
    "pregnancy": "teratogenic_effects nonteratogenic_effects",
    "precautions": "general_precautions information_for_patients laboratory_tests drug_interactions "
    "drug_and_or_laboratory_test_interactions carcinogenesis_and_mutagenesis_and_impairment_of_fertility pregnancy "
    "teratogenic_effects nonteratogenic_effects labor_and_delivery nursing_mothers pediatric_use geriatric_use",
    "clinical_pharmacology": "mechanism_of_action pharmacodynamics pharmacokinetics microbiology pharmacogenomics",
    "nonclinical_toxicology": "carcinogenesis_and_mutagenesis_and_impairment_of_fertility animal_pharmacology_and_or_toxicology",
    "how_supplied": "storage_and_handling safe_handling_warning",
    "drug_abuse_and_dependence": "controlled_substance abuse dependence",
    "warnings": "boxed_warning",
    "information_for_patients": "spl_patient_package_insert spl_medguide patient_medication_information instructions_for_use",
}
_FOR_PATIENTS = frozenset({"spl_medguide", "spl_patient_package_insert", "patient_medication_information"})
_CHILDREN = {parent: tuple(children.split()) for parent, children in _PARENTS.items()}
# A child shorter than this ("None.") may stand anywhere by chance.
_SHORTEST_CHILD = 40


def read(answer: dict[str, Any], digest: str) -> Edition:
    """Read the one label of an openFDA answer; `several_labels` if it holds more, `not_a_label` if none."""
    results = answer.get("results")
    if not isinstance(results, list) or not results or not isinstance(results[0], dict):
        raise UnreadableContent("not_a_label", "no result in the openFDA answer")
    if len(results) > 1:
        raise UnreadableContent("several_labels", f"{len(results)} results in one answer")
    label = results[0]
    text, passages = compose(_blocks(label))
    if not passages:
        raise UnreadableContent("empty", "no section with text")
    facts = mapping(label.get("openfda"))
    brands, generics, substances = (_listed(facts, key) for key in ("brand_name", "generic_name", "substance_name"))
    product = next(iter(brands or generics or substances), "") or _first_words(label)
    if not product:
        raise UnreadableContent("not_a_label", "the label names no product")
    classes = (name.removesuffix(" [EPC]") for name in _listed(facts, "pharm_class_epc"))
    makers = _listed(facts, "manufacturer_name")
    return Edition(
        digest=digest,
        kind=Kind.US_LABEL,
        title=f"{product} – US prescribing information",
        product=product,
        substances=substances or generics,
        names=other_names(product, substances or generics, (*brands[1:], *generics, *classes)),
        language="en",
        country="US",
        holder=makers[0] if makers else None,
        version=str(label["version"]) if label.get("version") else None,
        dated=datetime.strptime(day, "%Y%m%d").date() if (day := _day(label)) else None,
        source=f"https://dailymed.nlm.nih.gov/dailymed/lookup.cfm?setid={label['set_id']}" if label.get("set_id") else None,
        licence="CC0-1.0",
        text=text,
        passages=passages,
    )


def _day(label: dict[str, Any]) -> str | None:
    day = str(label.get("effective_time", ""))[:8]
    return day if re.fullmatch(r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])", day) else None


def _listed(facts: dict[str, Any], key: str) -> tuple[str, ...]:
    values = facts.get(key, ())
    return tuple(dict.fromkeys(canonical(str(value)) for value in values)) if isinstance(values, list) else ()


def _first_words(label: dict[str, Any]) -> str:
    elements = label.get("spl_product_data_elements")
    return " ".join(canonical(str(elements[0])).split()[:3]) if isinstance(elements, list) and elements else ""


def _blocks(label: dict[str, Any]) -> Iterator[Block]:
    texts = _texts(label)
    claimed = _without_repeats(texts)
    ordered = sorted(claimed, key=lambda field: (_RANK.get(field, len(_RANK)), field))
    tables = {flat.words: flat for field, values in label.items() if field.endswith("_table") for flat in tables_of(values)}
    for field in ordered:
        title = ""
        for text in claimed[field]:
            own, rest = headline(field, text)
            title = title or own
            if rest:
                yield Heading(title, 1, field)
                yield from _field_blocks(field, title, rest, list(tables.values()))


def _texts(label: dict[str, Any]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for field, values in label.items():
        if field in _NOT_TEXT or field.endswith("_table") or not isinstance(values, list):
            continue
        texts = list(dict.fromkeys(canonical(value) for value in values if isinstance(value, str)))
        if any(texts):
            fields[field] = [text for text in texts if text]
    return fields


def _without_repeats(texts: dict[str, list[str]]) -> dict[str, list[str]]:
    """Each field's own text: cut out what a narrower field repeats, drop a field that repeats another entirely."""
    own: dict[str, list[str]] = {}
    seen: dict[str, str] = {}
    for field in sorted(texts, key=lambda name: (_RANK.get(name, len(_RANK)), name)):
        repeated = [child for child in _CHILDREN.get(field, ()) for child in texts.get(child, ())]
        for text in texts[field]:
            if text in seen:
                continue
            seen[text] = field
            own.setdefault(field, []).extend(_cut(text, repeated))
    whole = [(field, text) for field, pieces in own.items() for text in pieces]
    return {
        field: kept
        for field, pieces in own.items()
        if (kept := [piece for piece in pieces if not any(piece in text for _, text in whole if text is not piece)])
    }


def _cut(text: str, repeated: list[str]) -> list[str]:
    pieces = [text]
    for child in sorted(repeated, key=len, reverse=True):
        if len(child) < _SHORTEST_CHILD:
            continue
        pieces = [part.strip() for piece in pieces for part in piece.split(child, 1) if len(part.strip()) > 1]
    return pieces


def _field_blocks(field: str, title: str, text: str, tables: list[FlatTable]) -> Iterator[Block]:
    text, placed = marked(text, tables)
    for run in questions_of(text) if field in _FOR_PATIENTS else runs_of(text, title):
        if run.title:
            yield Heading(run.title, run.level)
        yield from parts_of(run.text, placed)
