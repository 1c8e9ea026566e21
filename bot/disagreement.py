"""What a quotation states that another label of the same substance may state otherwise: figures, and whether a use is allowed."""

from __future__ import annotations

import re
from enum import IntEnum

from bot.words import fold
from content.sections import Topic

# Where a label says whether a medicine may be used, not how.
RULED_ON = frozenset(
    {
        Topic.CONTRAINDICATIONS,
        Topic.PREGNANCY,
        Topic.BREAST_FEEDING,
        Topic.FERTILITY,
        Topic.CHILDREN,
        Topic.ELDERLY,
        Topic.RENAL,
        Topic.HEPATIC,
        Topic.INTERACTIONS,
        Topic.DRIVING,
    }
)

_FIGURE = re.compile(
    r"\d+(?:[.,]\d+)?\s?(?:mg|g|ml|µg|μg|mcg|ui|%|°\s?c|c\b|ans?|jours?|mois|semaines?|heures?|days?|weeks?|months?|years?|hours?)(?![a-z])"
)
_PLACE = re.compile(r"\b(?:refrigerat(?:eur|or)|congelateur|freezer|pas de precautions? particulieres? de conservation)\b")


class Verdict(IntEnum):
    """How a label rules on a use; the strictest of several counts."""

    ALLOWED = 1
    ADVISED_AGAINST = 2
    FORBIDDEN = 3


_RULINGS = (
    (
        Verdict.FORBIDDEN,
        re.compile(
            r"\bcontre.indiqu\w+|\bcontraindicat\w+|\bn[e'] ?(?:utilisez|prenez|donnez) jamais|\bne doit (?:pas|jamais) etre"
            r"|\bmust not\b|\bdo not (?:use|take|give)\b|\bne (?:prenez|donnez|utilisez) pas\b"
        ),
    ),
    (
        Verdict.ADVISED_AGAINST,
        re.compile(r"\bdeconseill\w+|\b(?:non |pas )recommande\w*|\bnot recommended|\bavoid\b|\beviter\b|\bshould not\b"),
    ),
    (
        Verdict.ALLOWED,
        re.compile(
            r"\bpeut etre (?:utilise|pris|prescrit|envisage|poursuivi|administre)\w*"
            r"|\b(?:may|can) be (?:used|taken|given|continued)"
        ),
    ),
)


def figures(text: str) -> set[str]:
    """The amounts, times, rates and temperatures of a quotation, and where it is to be kept."""
    plain = fold(text)
    found = {"".join(figure[0].split()).replace(",", ".").replace("°", "") for figure in _FIGURE.finditer(plain)}
    return found | {place[0] for place in _PLACE.finditer(plain)}


def verdict(text: str) -> Verdict | None:
    """The strictest ruling of a quotation on a use; None when it rules on none."""
    plain = fold(text)
    return next((ruling for ruling, pattern in _RULINGS if pattern.search(plain)), None)
