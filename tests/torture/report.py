"""What a run of the torture tests found, as one table; and how long a run is asked for."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields

# `make torture` asks for the long forms; `make test` runs the short ones.
LONG = os.environ.get("RELAIS_TORTURE") == "long"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `runs` counts what was done to the server: kills, cuts, faults, sequences."""

    item: str
    what: str
    runs: int
    acked: int
    lost: int = 0
    doubled: int = 0
    gaps: int = 0
    seconds: float = 0.0
    note: str = ""


def table(rows: list[Row]) -> str:
    """The rows in the order of their items, as Markdown."""
    heads = [field.name for field in fields(Row)]
    cells = [[str(getattr(row, head)) for head in heads] for row in sorted(rows, key=_order)]
    lines = [heads, ["---"] * len(heads), *cells]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _order(row: Row) -> tuple[int, str]:
    return int(row.item.lstrip("R")), row.what
