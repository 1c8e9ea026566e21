"""A register (`sources.yaml`) near a document says of it what its file does not: source, date, licence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from content.model import Edition, UnreadableContent
from content.readers import plain_yaml

NAME = "sources.yaml"
# A register stands in the document's folder or the one above, never further away.
_REACH = 2


class Entry(BaseModel):
    """One document of a register. `sections` lists what a partial copy has; without it the document is whole."""

    model_config = ConfigDict(extra="forbid")

    file: str
    source: str
    publisher: str
    dated: date
    licence: str
    copied_from: str | None = None
    sections: tuple[str, ...] = ()


def entries(register: Path) -> tuple[Entry, ...]:
    """All entries of a register; `bad_register` when it does not have this form."""
    try:
        data = plain_yaml.load(register.read_text("utf-8"))
        return tuple(Entry.model_validate(entry) for entry in data["documents"])
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, ValidationError) as error:
        raise UnreadableContent("bad_register", f"{register.name}: {error}") from error


def completed(edition: Edition, path: Path) -> Edition:
    """The edition with what the register knows; what the document says of itself stands."""
    entry = _entry_of(path.resolve())
    if entry is None:
        return edition
    names_a_page = edition.source is not None and edition.source.startswith("http")
    return replace(
        edition,
        source=edition.source if names_a_page else entry.source,
        dated=edition.dated or entry.dated,
        licence=edition.licence or entry.licence,
    )


def _entry_of(path: Path) -> Entry | None:
    for folder in path.parents[:_REACH]:
        register = folder / NAME
        if register.is_file():
            return next((entry for entry in entries(register) if folder / entry.file == path), None)
    return None
