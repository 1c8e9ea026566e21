"""What we stand on: versions without the known holes, and lock files that say exactly which bytes."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from server.store.embedded import sqlite

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
# Below these, advisories are open: requirement S22 and its table of sources.
FLOORS = {"aiohttp": "3.14.3", "python-socketio": "5.16.3", "python-engineio": "4.13.3"}


@pytest.mark.parametrize("package", FLOORS)
def test_the_installed_version_has_no_known_hole(package: str) -> None:
    assert Version(version(package)) >= Version(FLOORS[package])


def test_the_sqlite_in_use_has_no_known_corruption() -> None:
    assert Version(sqlite.sqlite_version) >= Version("3.51.3")


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("package", FLOORS)
def test_the_locked_version_has_no_known_hole(package: str, lock: str) -> None:
    assert Version(_locked(lock)[package][0]) >= Version(FLOORS[package])


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_its_hashes(lock: str) -> None:
    assert [name for name, (_, hashes) in _locked(lock).items() if not hashes] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_names_no_registry(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    assert re.findall(r"https?://\S+|--(?:extra-)?index-url|--find-links|--trusted-host", text) == []


def test_the_engine_parses_in_c() -> None:
    """Several holes of the past were in the slower parser alone."""
    from aiohttp import http_parser

    assert http_parser.HttpRequestParser is not http_parser.HttpRequestParserPy


def _locked(lock: str) -> dict[str, tuple[str, list[str]]]:
    """Version and hashes of each package."""
    entries = re.sub(r"\\\n", " ", (ROOT / lock).read_text(encoding="utf-8")).splitlines()
    found = {}
    for entry in entries:
        if entry and not entry.startswith(("#", " ")):
            requirement = Requirement(re.sub(r"--hash\S+", "", entry).split(" #")[0].strip())
            exact = str(requirement.specifier).removeprefix("==")
            found[requirement.name.lower()] = (exact, re.findall(r"--hash=sha256:[0-9a-f]{64}", entry))
    return found
