"""The screening: reports reach a person in safety, questions do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import intents
from bot import screen
from bot.safety import REPORT_LABELS

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

    # One in seven, rather than miss a report: three of them are good news on a medicine, told like a case.
    assert len(false) <= len(MESSAGES["no_reports"]) // 7, false


def test_a_report_names_who_took_what_and_what_happened() -> None:
    found = screen("Femme de 40 ans, urticaire géante sous amoxicilline ce matin")

    assert (found.patient, found.product, found.reaction) == ("Femme de 40 ans", "amoxicilline", "urticaire")
    assert found.criteria == {"reporter": True, "patient": True, "product": True, "reaction": True}


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
