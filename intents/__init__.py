"""What is asked: example sentences, lexica and safety patterns as data, per language. Read once, never written."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@cache
def load(name: str) -> Any:
    """The content of one YAML file of this folder, by its path without the ending (`safety/patterns`). Not to be changed."""
    with (FOLDER / f"{name}.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader)


def glossary() -> list[tuple[list[str], list[str]]]:
    """Groups of words that mean the same: English words and phrases, and French ones."""
    with (FOLDER / "glossary.tsv").open(encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if "\t" in line]
    return [(_listed(english), _listed(french)) for english, french in rows]


def _listed(terms: str) -> list[str]:
    return [term.strip() for term in terms.split(",") if term.strip()]


def names(name: str) -> dict[str, str]:
    """One list of `names/`: folded name → what it means (see names/README.md)."""
    with gzip.open(FOLDER / "names" / f"{name}.tsv.gz", "rt", encoding="utf-8") as file:
        return dict(line.rstrip("\n").split("\t", 1) for line in file)
