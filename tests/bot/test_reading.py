"""Which section a question asks for, on the example sentences and on others written apart; language and names."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import intents
from bot import Library
from bot.language import detect
from bot.reading import read
from bot.words import Message, words

APART = [
    (topic, sentence)
    for topic, sentences in yaml.safe_load((Path(__file__).parent / "questions.yaml").read_text("utf-8")).items()
    for sentence in sentences
]
EXAMPLES = [
    (topic, sentence)
    for topic, entry in intents.load("sentences").items()
    for language in ("fr", "en")
    for sentence in entry[language]
]


def is_read(library: Library, topic: str, sentence: str) -> bool:
    question = read(sentence.format(x="Nortavel"), library, (), None)
    return topic in [asked.value for asked in question.asked[:2]]


@pytest.mark.parametrize(("topic", "sentence"), APART)
def test_the_section_asked_for_is_read(library: Library, topic: str, sentence: str) -> None:
    assert is_read(library, topic, sentence)


def test_the_example_sentences_are_read(library: Library) -> None:
    unread = [sentence for topic, sentence in EXAMPLES if not is_read(library, topic, sentence)]

    assert len(unread) <= len(EXAMPLES) // 20, unread


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("quelle dose chez l'enfant ?", "fr"),
        ("what dose in children?", "en"),
        ("posologie max", "fr"),
        ("how long once opened", "en"),
        ("et pendant la grossesse", "fr"),
    ],
)
def test_the_language_is_told_by_small_words(text: str, language: str) -> None:
    assert detect(Message.read(text))[0] == language


def test_without_any_sign_the_interface_decides() -> None:
    assert detect(Message.read("INR 4"), "en") == ("en", 0.0)


def test_numbers_have_one_spelling() -> None:
    assert words("50 000 UI, 50,000 IU, 0,5 mg, 20mg") == ["50000", "ui", "50000", "iu", "0.5", "mg", "20", "mg"]


def test_words_know_their_place_in_the_original() -> None:
    text = "L’Œdème, 2 j"
    message = Message.read(text)

    assert [(word.form, text[word.start : word.end]) for word in message.words] == [
        ("l", "L"),
        ("oedeme", "Œdème"),
        ("2", "2"),
        ("j", "j"),
    ]
