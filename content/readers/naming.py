"""What else a document calls its product, next to the name and the substances it gives."""

from __future__ import annotations

import re
from collections.abc import Iterable

_STRENGTH_AND_FORM = re.compile(
    r"\s+\d[\d ,./]*\s*(?:mg|g|microgrammes?|micrograms?|mcg|µg|UI|IU|U\.I\.|units?|ml|mL|%|POUR CENT)(?!\w).*$|,.*$",
    re.IGNORECASE,
)
_MARK = re.compile(r"\s*[®™]")


def short_name(product: str) -> str:
    """The name without strength, form and trade mark sign: `UVEDOSE` for “UVEDOSE 50 000 UI, capsule molle”."""
    return _MARK.sub("", _STRENGTH_AND_FORM.sub("", product)).strip()


def other_names(product: str, substances: Iterable[str], candidates: Iterable[str]) -> tuple[str, ...]:
    """The short name and the candidates, each once and none that the product or its substances already say."""
    known = {name.casefold() for name in (product, *substances)}
    found: dict[str, str] = {}
    for name in (short_name(product), *candidates):
        if name and name.casefold() not in known:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())
