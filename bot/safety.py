"""The safety screening: does a message tell of something that happened to someone, or to a product? Looked for first, by recall.

The patterns are data (`intents/safety`), readable by a pharmacovigilance officer; `fired` names those that did.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import intents
from bot import language as languages
from bot.marks import Marks, read_marks
from bot.model import Screening
from bot.words import Message

REPORT_LABELS = frozenset(
    """adverse_event lack_of_effect pregnancy_exposure lactation_exposure overdose misuse_abuse medication_error
    occupational_exposure off_label_use
    drug_interaction_event product_quality_complaint""".split()
)
# Below this share of telling words a message is read in both languages.
_SURE_OF_LANGUAGE = 0.5


@dataclass(frozen=True, slots=True)
class Pattern:
    """One named pattern: fires when the message shows all of `needs` (alternatives joined by `|`) and none of `without`."""

    label: str
    name: str
    needs: tuple[str, ...]
    without: tuple[str, ...]
    fallback: bool = False

    def fires(self, marks: Marks) -> bool:
        """Whether these marks make the pattern true."""
        return all(need in marks for need in self.needs) and not any(mark in marks for mark in self.without)


@cache
def patterns() -> tuple[Pattern, ...]:
    """Every pattern of `intents/safety/patterns.yaml`."""
    return tuple(
        Pattern(label, entry["name"], tuple(entry["needs"]), tuple(entry["without"]), bool(entry.get("fallback")))
        for label, entries in intents.load("safety/patterns").items()
        for entry in entries
    )


def screen(text: str, *, speaker: str = "hcp", language: str | None = None) -> Screening:
    """Screens one message of an `hcp`, `rep` or `msl`. Deterministic; a few milliseconds at most, however long the text."""
    message = Message.read(text)
    detected, sure = languages.detect(message, language)
    marks = read_marks(message, (detected,) if sure >= _SURE_OF_LANGUAGE else ("fr", "en"))
    fired = [pattern for pattern in patterns() if pattern.fires(marks)]
    if any(pattern.label in REPORT_LABELS and not pattern.fallback for pattern in fired):
        fired = [pattern for pattern in fired if not pattern.fallback]
    labels = tuple(dict.fromkeys(pattern.label for pattern in fired))
    is_report = bool(REPORT_LABELS & set(labels))
    reacted = bool({"adverse_event", "lack_of_effect"} & set(labels))
    return Screening(
        is_report=is_report,
        labels=labels,
        criteria={
            "reporter": is_report and _has_reporter(marks, speaker),
            "patient": "person" in marks,
            "product": "product" in marks,
            "reaction": reacted and is_report,
        },
        product=marks.first("product", "product_class"),
        reaction=marks.first("reaction", "value", "body_complaint", "lack_of_effect") if reacted else None,
        patient=marks.first("person"),
        serious=_serious(marks) if reacted else None,
        contains_patient_identifier="identifier" in marks,
        fired=tuple(f"{pattern.label}: {pattern.name}" for pattern in fired),
    )


def _has_reporter(marks: Marks, speaker: str) -> bool:
    if speaker == "hcp":
        return "second_hand" not in marks
    return "source" in marks and "second_hand" not in marks


def _serious(marks: Marks) -> bool | None:
    if "serious" in marks:
        return True
    return False if "minor" in marks else None
