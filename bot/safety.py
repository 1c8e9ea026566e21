"""The safety screening: does a message tell of something that happened to someone, or to a product? Looked for first, by recall.

The patterns are data (`intents/safety`), readable by a pharmacovigilance officer; `fired` names those that did.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import intents
from bot import language as languages
from bot.classifier import REPORT, Classifier, classifier, features_of
from bot.marks import Marks, read_marks
from bot.model import Screening
from bot.words import Message

REPORT_LABELS = frozenset(
    """adverse_event lack_of_effect pregnancy_exposure lactation_exposure overdose misuse_abuse medication_error
    occupational_exposure off_label_use
    drug_interaction_event product_quality_complaint""".split()
)
REQUESTS = ("medical_information_request", "off_label_request", "human_request")
# A missed report is the costly error: from a likelihood of one in eight a person in safety looks at the message,
# and from half of it where a pattern of a report fires. Chosen on the folds that bot/README.md gives the figures of.
REPORT_THRESHOLD = 0.12
THRESHOLD_WITH_PATTERN = 0.06
LABEL_THRESHOLD = 0.4
EVEN = 0.5
# A name that leaves the house is worse than one removed in vain.
IDENTIFIER_THRESHOLD = 0.3
REASONS = 4
BARE_DENIAL = 8  # words
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


def marks_of(text: str, language: str | None = None) -> Marks:
    """The marks of a message, read in its language; in both where that is not sure."""
    message = Message.read(text)
    detected, sure = languages.detect(message, language)
    return read_marks(message, (detected,) if sure >= _SURE_OF_LANGUAGE else ("fr", "en"))


def fired_patterns(marks: Marks) -> list[Pattern]:
    """The patterns that these marks make true; a fallback only where no other pattern of a report is."""
    fired = [pattern for pattern in patterns() if pattern.fires(marks)]
    if any(pattern.label in REPORT_LABELS and not pattern.fallback for pattern in fired):
        return [pattern for pattern in fired if not pattern.fallback]
    return fired


def screen(text: str, *, speaker: str = "hcp", language: str | None = None) -> Screening:
    """Screens one message of an `hcp`, `rep` or `msl`. Deterministic; about a millisecond, some thirty for the longest text."""
    return judge(marks_of(text, language), speaker, classifier())


def judge(marks: Marks, speaker: str, reader: Classifier) -> Screening:
    """What these marks of a message, read by a classifier, come to."""
    fired = fired_patterns(marks)
    features = features_of(marks, [pattern.name for pattern in fired], speaker)
    likely = reader.probabilities(features)
    sure = any(pattern.label in REPORT_LABELS and not pattern.fallback for pattern in fired)
    threshold = THRESHOLD_WITH_PATTERN if sure else REPORT_THRESHOLD
    is_report = likely[REPORT] >= threshold and not _says_nothing_happened(marks, fired)
    labels = _labels(likely, is_report)
    reacted = is_report and bool({"adverse_event", "lack_of_effect"} & set(labels))
    patient = marks.first("person")
    return Screening(
        is_report=is_report,
        labels=labels,
        criteria={
            "reporter": is_report and likely["reporter"] >= EVEN,
            "patient": likely["patient"] >= EVEN if is_report else patient is not None,
            "product": "product" in marks,
            "reaction": reacted,
        },
        product=marks.first("product", "product_class"),
        reaction=marks.first("reaction", "value", "body_complaint", "lack_of_effect") if reacted else None,
        patient=patient,
        serious=_serious(likely) if reacted else None,
        contains_patient_identifier="identifier" in marks or likely["identifier"] >= IDENTIFIER_THRESHOLD,
        fired=(
            f"report: {likely[REPORT]:.2f} (from {threshold})",
            *(f"{pattern.label}: {pattern.name}" for pattern in fired),
            *((f"shows: {', '.join(reader.reasons(features, REASONS))}",) if is_report else ()),
        ),
    )


def _says_nothing_happened(marks: Marks, fired: list[Pattern]) -> bool:
    """Small talk, or a few words that deny and tell nothing else, where no pattern of a report fires.

    None of the labelled messages that are reports looks so; the classifier alone is not sure of them.
    """
    if any(pattern.label in REPORT_LABELS for pattern in fired):
        return False
    only_denies = "denied_only" in marks and "person" not in marks and len(marks.message.words) <= BARE_DENIAL
    return "chat_only" in marks or only_denies


def _labels(likely: dict[str, float], is_report: bool) -> tuple[str, ...]:
    """The labels that are likely enough, the likeliest first; a report has at least the likeliest of its kind."""
    kept = [label for label in REQUESTS if likely[label] >= LABEL_THRESHOLD]
    if is_report:
        of_reports = sorted(REPORT_LABELS, key=lambda label: (-likely[label], label))
        kept = [label for label in of_reports if likely[label] >= LABEL_THRESHOLD] or of_reports[:1]
        kept += [label for label in REQUESTS if likely[label] >= LABEL_THRESHOLD]
    return tuple(kept)


def _serious(likely: dict[str, float]) -> bool | None:
    if likely["serious"] >= EVEN:
        return True
    return False if likely["not_serious"] >= EVEN else None
