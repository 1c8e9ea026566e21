"""The example sentences are enough in number, and the reading they make holds on sentences written apart from them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import intents
from bot import Library
from bot.reading import read

ENOUGH = 40
# When first read by the model 86.5 % (French) and 85.4 % (English) of 192 sentences; two points are left for gains elsewhere.
HELD = 0.834

EXAMPLES: dict[str, dict[str, list[str]]] = intents.load("sentences")
MIRRORED: dict[str, dict[str, list[str]]] = yaml.safe_load((Path(__file__).parent / "mirrored.yaml").read_text("utf-8"))


@pytest.mark.parametrize("topic", EXAMPLES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_section_has_forty_different_examples(topic: str, language: str) -> None:
    assert len({sentence.lower() for sentence in EXAMPLES[topic][language]}) >= ENOUGH


def test_every_section_is_mirrored_by_eight_sentences() -> None:
    assert {topic: {language: len(set(told)) for language, told in entry.items()} for topic, entry in MIRRORED.items()} == {
        topic: {"fr": 8, "en": 8} for topic in EXAMPLES
    }


def test_no_mirrored_sentence_is_an_example() -> None:
    """A copied sentence would be read from memory: one put among the examples fails here."""

    def said(entries: dict[str, dict[str, list[str]]]) -> set[str]:
        return {sentence.lower() for entry in entries.values() for told in entry.values() for sentence in told}

    assert not (said(EXAMPLES) | said(intents.load("sentences_more"))) & said(MIRRORED)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_section_is_read_first_on_sentences_written_apart(library: Library, language: str) -> None:
    """Fails with the nearest example in the model's place (72 % French, 71 % English) and with concepts alone (57 %, 54 %)."""
    asked = [(topic, sentence.format(x="Nortavel")) for topic, entry in MIRRORED.items() for sentence in entry[language]]
    missed = [
        (topic, sentence)
        for topic, sentence in asked
        if [found.value for found in read(sentence, library, (), None).asked[:1]] != [topic]
    ]

    assert 1 - len(missed) / len(asked) >= HELD, missed
