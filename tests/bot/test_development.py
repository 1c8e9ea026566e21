"""The scores on the development sets do not fall. The sets stand beside the project and are no part of it: without them, skipped.

Every figure is a floor that was reached on the day it was written; a better one is written down in its place. The questions and
messages were read while building: a new set would score less.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot import Library, reply, screen
from bot.model import Answer, Clarification, Reply, Turn
from content import readers
from content.model import Edition, UnreadableContent

DATA = Path(__file__).parents[3] / "shared" / "data"
CONTENT = ("rcp_fr", "rcp_fr_more", "notices_fr_md", "labels_openfda", "labels_spl_xml", "epi_fhir")
FOUND = 0.8  # share of the three-word runs of the evidence that an answer must hold
REPORTS = frozenset(
    """adverse_event lack_of_effect pregnancy_exposure lactation_exposure overdose misuse_abuse medication_error
    occupational_exposure off_label_use drug_interaction_event product_quality_complaint""".split()
)
FLAGGED = {"adverse_event": REPORTS, "product_complaint": frozenset({"product_quality_complaint"})}
NOT_ANSWERED = ("off_label", "unknown_product", "off_topic", "human", "refuse_no_evidence", "clarify")

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the development sets are not beside the project")

Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines() if line.strip()]


@pytest.fixture(scope="module")
def everything() -> Library:
    """All documents of the sets, in every format."""

    def editions() -> Iterator[tuple[str, Edition]]:
        for file in readers.find([DATA / folder for folder in CONTENT]):
            try:
                yield str(file), readers.read(file)
            except UnreadableContent:
                continue

    return Library.of(editions())


@pytest.fixture(scope="module")
def replies(everything: Library) -> list[tuple[Row, Reply]]:
    """Each development question with what the assistant says."""
    return [
        (row, reply(row["question"], everything, context=[Turn(t["role"], t["text"]) for t in row.get("context") or ()]))
        for row in rows("hcp_questions/questions.jsonl")
    ]


def document(reference: str) -> str:
    """The file meant; a record of a collection (`notices.jsonl.gz#cis=N`) is the Markdown file made of it."""
    path, _, record = reference.partition("#cis=")
    file = DATA.parent.parent / path
    if record:
        file = next(file.parent.with_name(f"{file.parent.name}_md").glob(f"{record}_*.md"), file)
    return os.path.realpath(file)


def holds(evidence: str, texts: Sequence[str]) -> bool:
    held = {run for text in texts for run in runs(text)}
    wanted = runs(evidence)
    return sum(run in held for run in wanted) >= FOUND * len(wanted)


def runs(text: str) -> list[tuple[str, ...]]:
    cut = re.findall(r"\w+", text.lower().replace("’", "'"))
    return [tuple(cut[place : place + 3]) for place in range(max(1, len(cut) - 2))]


def in_section(section: str, expected: Sequence[str]) -> bool:
    return any(section == one or section.startswith(f"{one}.") or one.startswith(f"{section}.") for one in expected)


@pytest.mark.parametrize(
    ("asked", "document_first", "section_first", "answered_right"),
    [("fr", 37, 34, 37), ("en", 30, 27, 26), ("follow-up", 11, 11, 11), ("cross-lingual", 10, 8, 10)],
)
def test_the_sentence_that_answers_is_found(
    replies: list[tuple[Row, Reply]], asked: str, document_first: int, section_first: int, answered_right: int
) -> None:
    scores: Counter[str] = Counter()
    for row, item in replies:
        groups = {row["lang"], "follow-up" if row.get("context") else "", "cross-lingual" if row.get("cross_lingual") else ""}
        if row["kind"] != "answer" or asked not in groups or not isinstance(item, Answer):
            continue
        here = os.path.realpath(item.citations[0].document) == document(row["doc"])
        scores["document"] += here
        scores["section"] += here and in_section(item.citations[0].section, row["sections"])
        scores["answer"] += all(holds(one, [citation.text for citation in item.citations]) for one in row["evidence"])

    assert scores["document"] >= document_first
    assert scores["section"] >= section_first
    assert scores["answer"] >= answered_right


def test_what_must_not_be_answered_is_not(replies: list[tuple[Row, Reply]]) -> None:
    answered = [(row["id"], row["kind"]) for row, item in replies if row["kind"] in NOT_ANSWERED and isinstance(item, Answer)]

    assert answered == []
    assert all(isinstance(item, Clarification) for row, item in replies if row["kind"] == "clarify")


def test_reports_and_complaints_among_the_questions_are_flagged(replies: list[tuple[Row, Reply]]) -> None:
    missed = [row["id"] for row, item in replies if row["kind"] in FLAGGED and not FLAGGED[row["kind"]] & set(item.safety.labels)]

    assert missed == []


def test_the_expected_section_of_a_label_is_quoted_first(everything: Library) -> None:
    """Consumer questions on a covered medicine; 29 cases."""
    right = 0
    for row in rows("e2e_medication_qa/cases.jsonl"):
        if not (row["expected_section_present"] and row["full_label"] and row["scope"] == "label"):
            continue
        item = reply(row["question"], everything)
        labels = {os.path.realpath(DATA.parent.parent / label["set"] / label["doc"]): label for label in row["labels"]}
        if isinstance(item, Answer) and (label := labels.get(os.path.realpath(item.citations[0].document))):
            expected = [*row["loinc_expected"], *row["smpc_expected"], *label["expected_sections_present"]]
            expected += [best["section"] for best in label.get("answer_best_sections") or () if best["containment"] >= FOUND]
            right += in_section(item.citations[0].section, expected)

    assert right >= 21


def test_no_safety_message_is_missed() -> None:
    """The shipped weights saw these messages: this keeps what was learnt, it measures nothing."""
    told = [(row, screen(row["text"], speaker=row["speaker"]).is_report) for row in rows("safety_messages/messages.jsonl")]

    assert [row["id"] for row, is_report in told if row["is_report"] and not is_report] == []
    assert sum(is_report for row, is_report in told if not row["is_report"]) <= 4
