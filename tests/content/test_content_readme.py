"""The README of the folder says what the folder is."""

from __future__ import annotations

import re
from pathlib import Path

import content
from content import readers

FOLDER = Path(content.__file__).parent
README = (FOLDER / "README.md").read_text("utf-8")
# Readers are the modules that give an edition; the others are what readers are made of.
GIVES_AN_EDITION = re.compile(r"^def (?:read|from)\w*\(.*\) -> Edition:", re.MULTILINE)


def test_the_table_of_formats_names_every_reader():
    modules = {path.stem for path in (FOLDER / "readers").glob("[a-z]*.py") if GIVES_AN_EDITION.search(path.read_text("utf-8"))}

    assert set(re.findall(r"^\| `(\w+)` \|", README.partition("## Formats")[2], re.MULTILINE)) == modules


def test_the_table_of_files_names_every_file():
    named = set(re.findall(r"`([\w./]+)`", README.partition("## Formats")[0]))

    assert {path.name for path in FOLDER.glob("[a-z]*.py")} <= named


def test_every_code_of_a_refusal_is_documented_at_the_door():
    raised = {
        code for path in FOLDER.rglob("*.py") for code in re.findall(r'UnreadableContent\(\s*"(\w+)"', path.read_text("utf-8"))
    }

    assert raised <= set(re.findall(r"`(\w+)`", readers.read.__doc__ or "")) | {"encrypted"}
