"""The documents that tests of reading run on: the samples always, the shared data where it is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from content import readers
from content.model import Edition
from content.samples import FOLDER

SHARED = Path(__file__).parents[3] / "shared" / "data"
FOLDERS = (
    "labels_openfda",
    "labels_openfda_versions",
    "notices_fr_md",
    "rcp_fr",
    "rcp_fr_more",
    "epi_fhir",
    "labels_spl_xml",
    "decks",
)
# Not content of ours to read: one PDF opens only with a password, one text is a deck in another program's Markdown.
UNREADABLE = frozenset({"pdf_libreoffice-writer-password.pdf", "vaccin_fr.marp.md"})


@pytest.fixture(scope="session")
def samples() -> dict[str, Edition]:
    """Every sample by its file name."""
    return {path.name: readers.read(path) for path in readers.find([FOLDER])}


@pytest.fixture(scope="session")
def documents(samples: dict[str, Edition]) -> dict[str, Edition]:
    """Every document at hand by its file name: the samples, and the shared data when present."""
    shared = readers.find(SHARED / folder for folder in FOLDERS if (SHARED / folder).is_dir())
    return samples | {path.name: readers.read(path) for path in shared if path.name not in UNREADABLE}


@pytest.fixture(scope="session")
def pdfs() -> list[Path]:
    """Every PDF at hand, whether or not it can be read."""
    return [*FOLDER.rglob("*.pdf"), *(SHARED / "decks").glob("*.pdf")]
