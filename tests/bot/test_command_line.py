"""`python -m bot`: the contract of the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LABEL = """---
title: "Nortavel 5 mg"
kind: smpc
product: "Nortavel 5 mg, comprimé"
substances: ["nortavanil"]
language: fr
country: FR
---

## 4.2. Posologie et mode d'administration

La dose initiale est de 5 mg une fois par jour. La dose maximale est de 20 mg par jour.

## 4.9. Surdosage

Il n'existe pas d'antidote.
"""


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=True
    )


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def without_times(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [{key: value for key, value in row.items() if key != "ms"} for row in lines(done)]


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where indexes are kept."""
    folder = tmp_path / "kept"
    monkeypatch.setenv("RELAIS_CACHE", str(folder))
    return folder


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "nortavel.md").write_text(LABEL, "utf-8")
    (folder / "broken.json").write_text("{", "utf-8")
    return folder


def batch(tmp_path: Path, *rows: dict[str, Any]) -> Path:
    file = tmp_path / "batch.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return file


def test_a_batch_of_questions_is_answered_line_by_line(tmp_path: Path, content: Path) -> None:
    context = [{"role": "hcp", "text": "nortavel dose initiale ?"}, {"role": "bot", "text": "5 mg."}]
    questions = batch(
        tmp_path,
        {"id": "a", "question": "nortavel dose max"},
        {"id": "b", "question": "et en cas de surdosage ?", "context": context},
    )

    first, second = lines(run("reply", "--content", content, "--batch", questions))

    assert first["kind"] == "answer"
    assert first["citations"][0]["section"] == "4.2"
    assert Path(first["citations"][0]["document"]) == content / "nortavel.md"
    assert "antidote" in second["citations"][0]["text"]
    assert first["ms"] >= 0


def test_a_file_that_cannot_be_read_is_named_and_skipped(tmp_path: Path, content: Path) -> None:
    done = run("reply", "--content", content, "--batch", batch(tmp_path, {"id": "a", "question": "nortavel dose max"}))

    assert "broken.json: broken_json" in done.stderr


def test_the_same_batch_gives_the_same_bytes(tmp_path: Path, content: Path) -> None:
    questions = batch(tmp_path, {"id": "a", "question": "nortavel dose max"}, {"id": "b", "question": "Trulicity oubli ?"})
    command = ("reply", "--content", content, "--batch", questions)

    assert without_times(run(*command)) == without_times(run(*command))


def test_a_batch_of_messages_is_screened_line_by_line(tmp_path: Path) -> None:
    messages = batch(tmp_path, {"id": "m", "text": "Femme de 40 ans, urticaire sous amoxicilline", "speaker": "hcp"})

    (row,) = lines(run("screen", "--batch", messages))

    assert row["is_report"] is True
    assert row["labels"] == ["adverse_event"]
    assert set(row) >= {"criteria", "product", "reaction", "patient", "serious", "contains_patient_identifier", "ms"}


def test_explain_shows_why(content: Path) -> None:
    shown = json.loads(run("explain", "nortavel dose max", "--content", content).stdout)

    assert shown["evidence"]["topics"]["posology"] > 0.5
    assert shown["kind"] == "answer"


def test_ask_prints_the_words_and_where_they_stand(content: Path) -> None:
    assert "La dose maximale est de 20 mg par jour." in run("ask", "nortavel dose max", "--content", content).stdout


def test_a_kept_index_gives_the_same_bytes_as_a_fresh_one(tmp_path: Path, content: Path, kept: Path) -> None:
    command = ("reply", "--content", content, "--batch", batch(tmp_path, {"id": "a", "question": "nortavel dose max"}))

    fresh = run(*command)
    again = run(*command)

    assert len(list(kept.iterdir())) == 1
    assert "reading" in fresh.stderr
    assert "reading" not in again.stderr
    assert "broken.json: broken_json" in again.stderr
    assert without_times(again) == without_times(fresh)


def test_a_changed_document_is_read_again(content: Path) -> None:
    run("ask", "nortavel dose max", "--content", content)
    (content / "nortavel.md").write_text(LABEL.replace("20 mg par jour", "15 mg par jour"), "utf-8")

    assert "15 mg par jour" in run("ask", "nortavel dose max", "--content", content).stdout


def test_a_damaged_index_is_made_again(content: Path, kept: Path) -> None:
    run("ask", "nortavel dose max", "--content", content)
    (index,) = kept.iterdir()
    index.write_bytes(index.read_bytes()[:500])

    assert "20 mg par jour" in run("ask", "nortavel dose max", "--content", content).stdout
