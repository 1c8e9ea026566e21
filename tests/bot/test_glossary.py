"""The glossary: words that mean the same, in both languages."""

from __future__ import annotations

import intents
from bot import Library, reply
from bot.model import Answer
from bot.words import STEMS, words
from content.model import Kind
from tests.bot.conftest import edition


def test_no_word_of_the_glossary_means_two_things() -> None:
    """Red with a word that stands in two groups of its language."""
    for side, language in enumerate(("en", "fr")):
        told = [" ".join(STEMS[language](word) for word in words(term)) for group in intents.glossary() for term in group[side]]
        assert sorted({term for term in told if told.count(term) > 1}) == []


def test_a_word_of_one_language_finds_its_like_in_the_other() -> None:
    """Red without the glossary: `hiccups` and « hoquet » share no letter that tells."""
    made = edition(
        "HOQUETAL",
        "hoquetanil",
        "fr",
        Kind.SMPC,
        [("4.8", ("4.8. Effets indésirables",), "Un hoquet est survenu chez 3 % des patients. Une toux est survenue chez 4 %.")],
    )
    item = reply("hoquetal and hiccups?", Library.of([("hoquetal.fr", made)]))

    assert isinstance(item, Answer)
    assert "hoquet" in item.citations[0].text
