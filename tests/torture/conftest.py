"""Torture runs on the embedded database unless a test says otherwise; each reports a line of the table printed at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from report import LONG, Row, table

ROWS: list[Row] = []


@pytest.fixture
def database(tmp_path: Path) -> str:
    """An empty SQLite database: a file's path."""
    return str(tmp_path / "relais.db")


@pytest.fixture
def report() -> Callable[..., None]:
    """`report("R1", "what was done", runs=…, acked=…)`: one line of the table, with the time since the test began."""
    began = time.monotonic()

    def keep(item: str, what: str, **found: Any) -> None:
        ROWS.append(Row(item, what, seconds=round(time.monotonic() - began, 1), **found))

    return keep


def pytest_configure(config: pytest.Config) -> None:
    """What `make torture` alone runs is marked `long`."""
    config.addinivalue_line("markers", "long: runs in `make torture`, never in `make test`")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A short run knows nothing of the long ones: it leaves no skipped test behind."""
    if not LONG:
        items[:] = [item for item in items if item.get_closest_marker("long") is None]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table, after everything else."""
    if ROWS:
        terminalreporter.write_sep("=", "torture")
        terminalreporter.write_line(table(ROWS))
