"""Which language a message is written in: function words and accents tell French from English better than any model here."""

from __future__ import annotations

import re

import intents
from bot.words import Message

ACCENTED = re.compile(r"[éèêëàâîïôûùçœ]", re.IGNORECASE)

FRENCH = frozenset(intents.load("function_words")["fr"])
ENGLISH = frozenset(intents.load("function_words")["en"])
# Words of both languages say nothing.
_SHARED = FRENCH & ENGLISH


def detect(message: Message, prior: str | None = None) -> tuple[str, float]:
    """The language, `fr` or `en`, and how sure: at 0 nothing told and `prior` decided (the interface's language, else French)."""
    french = sum(word.form in FRENCH and word.form not in _SHARED for word in message.words)
    english = sum(word.form in ENGLISH and word.form not in _SHARED for word in message.words)
    french += 2 * min(2, len(ACCENTED.findall(message.text)))
    if french == english:
        return prior or "fr", 0.0
    return ("fr" if french > english else "en"), abs(french - english) / (french + english)
