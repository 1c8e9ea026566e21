"""The screening: reports reach a person in safety, questions do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import intents
from bot import screen
from bot.safety import REPORT_LABELS, marks_of

MESSAGES: dict[str, list[dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "messages.yaml").read_text("utf-8"))
EXAMPLES = [
    (label, entry["name"], language, entry[language])
    for label, entries in intents.load("safety/patterns").items()
    for entry in entries
    for language in ("fr", "en")
]


@pytest.mark.parametrize(("label", "name", "language", "text"), EXAMPLES)
def test_each_pattern_fires_on_its_example(label: str, name: str, language: str, text: str) -> None:
    assert f"{label}: {name}" in screen(text, language=language).fired


def test_written_reports_are_caught() -> None:
    missed = [row["text"] for row in MESSAGES["reports"] if not screen(row["text"], speaker=row.get("speaker", "hcp")).is_report]

    assert len(missed) <= len(MESSAGES["reports"]) // 25, missed


def test_questions_and_chat_are_no_reports() -> None:
    false = [row["text"] for row in MESSAGES["no_reports"] if screen(row["text"]).is_report]

    # One in nine, rather than miss a report: two of them are good news on a medicine, told like a case.
    assert len(false) <= len(MESSAGES["no_reports"]) // 9, false


def test_a_report_names_who_took_what_and_what_happened() -> None:
    found = screen("Femme de 40 ans, urticaire géante sous amoxicilline ce matin")

    assert (found.patient, found.product, found.reaction) == ("Femme de 40 ans", "amoxicilline", "urticaire")
    assert found.criteria == {"reporter": True, "patient": True, "product": True, "reaction": True}


@pytest.mark.parametrize(("language", "recall", "false_alarms"), [("fr", 0.98, 0.41), ("en", 0.95, 0.46)])
def test_messages_written_apart_are_told_as_often_as_measured(language: str, recall: float, false_alarms: float) -> None:
    """Never trained on, and hard on purpose: good news told like cases, bare questions, understated reports.

    The bounds are a little under what was measured. A threshold of 0.6 fails both recalls, one of 0.01 both false alarms.
    """
    lines = (Path(__file__).parent / "messages" / f"{language}.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    flagged = [screen(row["text"], speaker=row["speaker"]).is_report for row in rows]
    reports = [hit for row, hit in zip(rows, flagged, strict=True) if row["is_report"]]
    others = [hit for row, hit in zip(rows, flagged, strict=True) if not row["is_report"]]

    assert sum(reports) / len(reports) >= recall
    assert sum(others) / len(others) <= false_alarms


def test_a_screening_names_the_marks_behind_it() -> None:
    """Empty reasons fail it: planted by letting no mark through."""
    assert screen("Urticaire géante chez une femme de 34 ans sous amoxicilline").fired[-1].startswith("shows: ")
    assert "person" in screen("Urticaire géante chez une femme de 34 ans sous amoxicilline").fired[-1]


@pytest.mark.parametrize(
    ("text", "mark"), [("INR 9 sous warfarine", "abnormal_value"), ("INR 2,4 sous warfarine", "normal_value")]
)
def test_a_value_is_normal_or_not(text: str, mark: str) -> None:
    """Ranges read the wrong way round fail both."""
    marks = marks_of(text)

    assert mark in marks
    assert {"abnormal_value", "normal_value"} & set(marks.spans) == {mark}


@pytest.mark.parametrize(
    "text", ["aucune toux sous ramipril", "no rash on lamotrigine so far", "pas de diarrhée ni de nausées sous metformine"]
)
def test_what_is_denied_is_no_reaction(text: str) -> None:
    assert not screen(text).is_report


def test_a_death_is_serious_and_a_mild_rash_is_not() -> None:
    assert screen("patient décédé d'une hépatite sous flutamide").serious is True
    assert screen("mild rash on amoxicillin in my 20F, settled").serious is False


def test_a_rumour_has_no_reporter() -> None:
    assert screen("il paraît qu'un patient a fait une hépatite sous lamotrigine").criteria["reporter"] is False


def test_names_and_birth_dates_are_seen_as_identifiers() -> None:
    assert screen("Mme Durand, née le 03/04/1950, éruption sous allopurinol").contains_patient_identifier
    assert not screen("femme de 70 ans, éruption sous allopurinol").contains_patient_identifier


def test_only_labels_of_the_guideline_are_given() -> None:
    known = REPORT_LABELS | {"medical_information_request", "off_label_request", "human_request"}

    assert {label for row in MESSAGES["reports"] for label in screen(row["text"]).labels} <= known


def test_the_same_message_gives_the_same_screening() -> None:
    text = MESSAGES["reports"][0]["text"]

    assert screen(text) == screen(text)
