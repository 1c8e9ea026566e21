"""A weight, an age or a clearance in a question, held against the ranges that a text gives (`10 kg to 14 kg`, `CrCl ≥ 30`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.concepts import GESTATION
from bot.indexing import Source
from bot.words import Message, fold

_UNITS = {
    "weight": r"(?:kgs?|kilograms?|kilogrammes?|kilos?)\b",
    "age": r"(?:years?|yrs?|ans?|mois|months?|yo|y)\b",
    "clearance": r"m(?:l|illiliters?) ?(?:/|per|par) ?min\w*",
    "gestation": r"(?:e(?:me)? )?(?:semaines? d.amenorrhee|sa\b|weeks?(?: of)? (?:gestation|pregnan\w*))",
}
# What a column of a table is called when its unit stands above the figures only.
_TITLES = {
    "weight": re.compile(r"\(kgs?\)|kilogram|\bkgs?\b(?! ?[/)])|\bbody weight|\bpoids\b"),
    "age": re.compile(r"\bage\b(?! group)|\(years|\(ans\)"),
    "gestation": re.compile(r"\bgestational age|\bage gestationnel"),
    "clearance": re.compile(r"\bcrcl\b|\bclcr\b|clairance|creatinine clearance|\begfr\b|\bdfg\b"),
}
_STATED = {
    "weight": re.compile(r"(?<![\d.,/])\b(\d{1,3}(?:[.,]\d)?) ?(?:kgs?|kilos?)\b(?! ?/)"),
    "age": re.compile(
        r"(?<!il y a )(?<!depuis )(?<!pendant )(?<!for )(?<!since )"
        r"\b(\d{1,3})[ -]?(ans?|y|yo|yrs?|years?|mois|months?)\b(?! (?:apres|after|ago|of|de traitement|plus tard|later))"
    ),
    "clearance": re.compile(r"\b(?:dfg|egfr|gfr|clcr|crcl|clairance|clearance)\D{0,15}(\d{1,3})\b|\b(\d{1,3}) ?ml ?/ ?min"),
}
_ASIDE = re.compile(r" ?\([^()]*\b(?:lbs?|pounds)\b[^()]*\)")  # the same figure in another unit
_CELL = " | "
_STATED["gestation"] = GESTATION
_NUMBER = r"\b(\d{1,3}(?:[.,]\d+)?)(?![\d.,]*\d)"
_OVER = (
    r"(?:>|>=|≥|greater than(?: or equal to)?|more than|over|above|at least|from"
    r"|plus de|au.dela de|superieure? (?:ou egale? )?a|au moins|a partir de|des)"
)
_UNDER = (
    r"(?:<|<=|≤|less than(?: or equal to)?|under|below|up to|younger than"
    r"|moins de|inferieure? (?:ou egale? )?a|jusqu.a)"
)
_MORE = "older|above|over|more|greater|plus|heavier"
_TO = r"(?:to(?: less than| <)?|-|a(?: moins de)?|et|and|through|< ?)"
COVERS = 0.25  # what a range that holds the figure adds, as figures do where an amount is asked
COVERED_ROW = 0.5  # the same for the row of a table that is about this patient
NAMES_ITS_PATIENTS = 2  # cells at the start of a row
EXCLUDES = 0.65  # and what is left of a sentence whose ranges all leave it out


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a patient: `kind` is weight (kg), age (years), clearance (mL/min) or gestation (weeks)."""

    kind: str
    value: float


def stated(message: Message) -> list[Figure]:
    """The figures of the patient that a question gives, one of a kind: the first."""
    found: list[Figure] = []
    for kind, pattern in _STATED.items():
        if said := pattern.search(message.plain):
            number = next(group for group in said.groups() if group and group[0].isdigit())
            in_months = kind == "age" and said[2].startswith("mo")
            found.append(Figure(kind, float(number.replace(",", ".")) / (12 if in_months else 1)))
    return found


def fits(figures: Iterable[Figure], source: Source) -> npt.NDArray[np.float32]:
    """For each sentence 1 when a range of it holds a figure, -1 when ranges of that kind all leave it out, else 0."""
    found = np.zeros(len(source.spans), dtype=np.float32)
    columns: dict[int, dict[str, int]] = {}
    figures = list(figures)
    for sentence, place in enumerate(source.passage_of.tolist() if figures else ()):
        passage = source.edition.passages[place]
        text = _ASIDE.sub("", fold(source.text(sentence)))
        if passage.table and place not in columns:
            columns[place] = _columns(passage.text.partition("\n")[0])
        verdicts = [verdict for figure in figures if (verdict := _verdict(figure, text, columns.get(place, {})))]
        found[sentence] = min(verdicts, default=0)
    return found


def _columns(header: str) -> dict[str, int]:
    """In which column of a table the figures of a kind stand."""
    cells = fold(header).split(_CELL)
    return {kind: at for kind, title in _TITLES.items() for at, cell in enumerate(cells) if title.search(cell)}


def _verdict(figure: Figure, text: str, columns: Mapping[str, int]) -> int:
    ranges = list(_ranges(figure.kind, text, columns.get(figure.kind)))
    if not ranges:
        return 0
    return 1 if any(low <= figure.value <= high for low, high in ranges) else -1


def _ranges(kind: str, text: str, column: int | None) -> Iterator[tuple[float, float]]:
    """The ranges of a kind in a folded text. Of a row only its `column` is read, where figures may stand without their
    unit; without one the first cells, which say whom the row is about."""
    if not any(character.isdigit() for character in text):
        return
    unit = _UNITS[kind]
    if _CELL in text:
        cells = text.split(_CELL)
        if column is None:
            text = _CELL.join(cells[:NAMES_ITS_PATIENTS])
        else:
            text, unit = cells[min(column, len(cells) - 1)], f"(?:{unit})?(?! ?/)"
    both = re.compile(rf"{_NUMBER} ?({unit})? ?{_TO} ?{_NUMBER} ?({unit})")
    for found in both.finditer(text):
        yield _number(found[1], found[2] or found[4], kind), _number(found[3], found[4], kind)
    rest = both.sub(" ", text)
    for found in re.finditer(rf"{_OVER} ?{_NUMBER} ?({unit})", rest):
        yield _number(found[1], found[2], kind), float("inf")
    for found in re.finditer(rf"{_NUMBER} ?({unit})(?: of age)?,? (?:and|or|et|ou) (?:{_MORE})", rest):
        yield _number(found[1], found[2], kind), float("inf")
    for found in re.finditer(rf"{_UNDER} ?{_NUMBER} ?({unit})", rest):
        yield 0.0, _number(found[1], found[2], kind)


def _number(said: str, unit: str, kind: str) -> float:
    return float(said.replace(",", ".")) / (12 if kind == "age" and unit.startswith("mo") else 1)
