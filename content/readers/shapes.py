"""Values of a stranger's JSON, taken only in the shape asked for: anything else counts as absent."""

from __future__ import annotations

from typing import Any


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; empty for what is not a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
