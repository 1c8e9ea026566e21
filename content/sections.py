"""The one taxonomy of sections: what a section of a label is about, whatever standard numbers it.

The data stand in `sections.yaml`; this module asks it questions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

import yaml


class Topic(StrEnum):
    """What a passage can be about."""

    NAME = "name"
    COMPOSITION = "composition"
    FORM = "form"
    INDICATIONS = "indications"
    POSOLOGY = "posology"
    ADMINISTRATION = "administration"
    MISSED_DOSE = "missed-dose"
    CHILDREN = "children"
    ELDERLY = "elderly"
    RENAL = "renal"
    HEPATIC = "hepatic"
    CONTRAINDICATIONS = "contraindications"
    WARNINGS = "warnings"
    INTERACTIONS = "interactions"
    PREGNANCY = "pregnancy"
    BREAST_FEEDING = "breast-feeding"
    FERTILITY = "fertility"
    DRIVING = "driving"
    ADVERSE_EFFECTS = "adverse-effects"
    DEPENDENCE = "dependence"
    OVERDOSE = "overdose"
    PHARMACODYNAMICS = "pharmacodynamics"
    CLINICAL_STUDIES = "clinical-studies"
    PHARMACOKINETICS = "pharmacokinetics"
    PRECLINICAL = "preclinical"
    EXCIPIENTS = "excipients"
    INCOMPATIBILITIES = "incompatibilities"
    SHELF_LIFE = "shelf-life"
    STORAGE = "storage"
    PRESENTATION = "presentation"
    DISPOSAL = "disposal"
    HOLDER = "holder"
    AUTHORISATION = "authorisation"
    REVISION = "revision"
    LEGAL_STATUS = "legal-status"
    PATIENT_INFORMATION = "patient-information"


@dataclass(frozen=True, slots=True)
class Entry:
    """One topic with its titles and its codes: SmPC numbers, leaflet rubrics, openFDA fields, LOINC; best first."""

    topic: Topic
    french: str
    english: str
    codes: tuple[str, ...]
    heading: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All of `sections.yaml`: topics in the order of an SmPC, the topics of each code, the titles of SmPC sections."""

    entries: dict[Topic, Entry]
    by_code: dict[str, tuple[Topic, ...]]
    smpc_titles: dict[str, tuple[str, str]]


@cache
def taxonomy() -> Taxonomy:
    """The taxonomy, read once."""
    data = yaml.safe_load((Path(__file__).parent / "sections.yaml").read_text("utf-8"))
    entries: dict[Topic, Entry] = {}
    by_code: dict[str, tuple[Topic, ...]] = {}
    for name, row in data["topics"].items():
        topic = Topic(name)
        leaflet = (f"leaflet:{rubric}" for rubric in row.get("leaflet", ()))
        codes = (*row.get("smpc", ()), *leaflet, *row.get("openfda", ()), *row.get("loinc", ()))
        entries[topic] = Entry(topic, row["fr"], row["en"], codes, re.compile(row["heading"]) if "heading" in row else None)
        for code in codes:
            by_code[code] = (*by_code.get(code, ()), topic)
    return Taxonomy(entries, by_code, {number: (fr, en) for number, (fr, en) in data["smpc_titles"].items()})


_ACCENTS = str.maketrans("àâäçéèêëîïôöùûüÿ’", "aaaceeeeiioouuuy'")


def topics_of(section: str, path: Sequence[str] = ()) -> tuple[Topic, ...]:
    """What a passage is about, most specific first.

    `section` is a code as readers give it; with the passage's `path` the headings below the section's own title are read
    too, so `("4.6", ("4.6. Fertilité, grossesse et allaitement", "Allaitement"))` begins with breast-feeding. An unknown
    code has no topics of its own.
    """
    told = [topic for heading in reversed(path[1:]) for topic in topics_of_heading(heading)]
    return tuple(dict.fromkeys([*told, *taxonomy().by_code.get(section, ())]))


@lru_cache(maxsize=8192)
def topics_of_heading(heading: str) -> tuple[Topic, ...]:
    """The topics that a heading names, French or English."""
    folded = fold(heading)
    return tuple(topic for topic, entry in taxonomy().entries.items() if entry.heading and entry.heading.search(folded))


def codes_for(topic: Topic) -> tuple[str, ...]:
    """Every section code where a label speaks of the topic: SmPC numbers, leaflet rubrics, openFDA fields, LOINC; best first."""
    return taxonomy().entries[topic].codes


def title_of(section: str, language: str) -> str:
    """The title of a section for people, in French (`fr`) or English; a code without a title of its own is returned as it is."""
    known = taxonomy()
    if section in known.smpc_titles:
        french, english = known.smpc_titles[section]
    elif topics := known.by_code.get(section):
        french, english = known.entries[topics[0]].french, known.entries[topics[0]].english
    else:
        return section
    return french if language == "fr" else english


def smpc_number(title: str) -> str | None:
    """The SmPC number of a section title without one, French or English; None when it is no SmPC title."""
    return _numbers_by_title().get(_folded(title))


@cache
def _numbers_by_title() -> dict[str, str]:
    return {_folded(title): number for number, titles in taxonomy().smpc_titles.items() for title in titles}


def fold(text: str) -> str:
    """Lower case without French accents, character by character, so that positions stay the same."""
    return text.lower().translate(_ACCENTS)


def _folded(title: str) -> str:
    return re.sub(r"\W+", " ", fold(title)).strip()
