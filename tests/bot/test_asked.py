"""The sections that words ask for: what the model says, and that its weights are those of the example sentences."""

from __future__ import annotations

import numpy as np
import pytest

import intents
from bot import Library
from bot.asked import WEIGHTS, Sections, features_of, sections
from bot.asked_training import FILES, examples
from bot.reading import read
from content.sections import Topic


def likely(said: str, language: str) -> dict[Topic, float]:
    return sections().likely(features_of(said.split(), (), language), {})


@pytest.mark.parametrize(
    ("said", "language", "topic"),
    [
        ("le flacon a dormi sur la paillasse", "fr", Topic.STORAGE),
        ("how soon does it kick in", "en", Topic.PHARMACODYNAMICS),
        ("reprise du volant ce soir", "fr", Topic.DRIVING),
        ("what do the pills look like", "en", Topic.PRESENTATION),
    ],
)
def test_a_section_is_heard_that_no_concept_names(said: str, language: str, topic: Topic) -> None:
    """Fails with the weights of two sections exchanged."""
    chances = likely(said, language)

    assert max(chances, key=lambda section: chances[section]) is topic


def test_words_never_learnt_ask_for_nothing() -> None:
    """Fails when the bias is left out of the scores."""
    assert max(likely("zzgh qwrtz vvkl", "en").values()) < 0.3


def test_a_slip_of_the_keyboard_is_heard_too() -> None:
    """Fails without the pieces of words."""
    chances = likely("alaitement", "fr")

    assert max(chances, key=lambda section: chances[section]) is Topic.BREAST_FEEDING


def test_the_name_of_the_medicine_changes_nothing(library: Library) -> None:
    """Fails when the names are not masked."""
    asked = [
        read(f"{name}: can she get behind the wheel", library, (), "en").evidence["likely"] for name in ("Nortavel", "Veliprax")
    ]

    assert asked[0] == asked[1]
    assert "driving" in asked[0]


def test_the_evidence_names_the_words_that_asked(library: Library) -> None:
    """Fails when the reasons are those against a section."""
    chance, *reasons = read("Nortavel reprise du volant", library, (), "fr").evidence["likely"]["driving"]

    assert chance >= 0.4
    assert "driving" in reasons


def test_no_example_is_told_twice() -> None:
    """A sentence in both files would be held out and learnt at once: one copied fails here."""
    told = [
        (language, sentence.lower())
        for file in FILES
        for entry in intents.load(file).values()
        for language, sentences in entry.items()
        for sentence in sentences
    ]

    assert len(told) == len(set(told))


def test_the_weights_are_of_the_example_sentences() -> None:
    """Sentences changed without `python -m bot train sections` leave others unlearnt: fails with a file of examples left out."""
    held = sections()
    rows = examples()[::7]
    chances = [(row, held.likely(row.features, row.hinted)) for row in rows]
    right = sum(max(chance, key=lambda topic: chance[topic]) is row.topic for row, chance in chances)

    assert right / len(rows) > 0.95


def test_the_weights_hold_no_object() -> None:
    """What can be loaded only as a pickle is refused: fails with an array of objects in the file."""
    with np.load(WEIGHTS, allow_pickle=False) as file:
        assert {file[name].dtype.kind for name in file.files} <= set("Ufu")


def test_a_model_without_weights_follows_the_concepts() -> None:
    """Fails when the concepts' sections are not added."""
    empty = Sections(
        (Topic.STORAGE, Topic.DRIVING),
        np.zeros(1 << 18, np.int32),
        np.zeros(1, np.float32),
        np.zeros((2, 1), np.float32),
        np.zeros(2, np.float32),
        2.0,
    )

    assert empty.likely({"w:x": 1.0}, {Topic.DRIVING: 1.0})[Topic.DRIVING] > 0.8
