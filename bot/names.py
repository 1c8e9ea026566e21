"""Names of medicines the assistant knows of, covered by an approved document or not (public lists, see intents/names)."""

from __future__ import annotations

from functools import cache

import intents
from bot.words import words


class NameBook:
    """Brand and substance names → the substances they stand for, French and English spelled alike where the lists pair them."""

    def __init__(self) -> None:
        pairs = intents.names("substances_fr_en")
        self._english = {name: english for name, english in pairs.items() if english}
        self._french: dict[str, str] = {}
        for name, english in self._english.items():
            self._french.setdefault(english, name)
        self._meaning: dict[str, frozenset[str]] = {}
        for name in pairs:
            self._meaning[name] = frozenset([self._english.get(name, name)])
        for name, substance in intents.names("names_en").items():
            self._meaning.setdefault(name, frozenset([substance]))
        for name, substances in intents.names("brands_fr").items():
            self._meaning.setdefault(name, frozenset(self._english.get(s, s) for s in substances.split("+") if s))

    def meaning(self, name: str) -> frozenset[str]:
        """The English names of the substances behind a folded name; empty when the name is not known."""
        return self._meaning.get(name, frozenset())

    def spellings(self, substance: str) -> frozenset[str]:
        """How a substance is written in either language, folded."""
        key = " ".join(words(substance))
        english = self._english.get(key, key)
        return frozenset({key, english, self._french.get(english, english)})

    def singles(self) -> list[str]:
        """Every one-word name, for the search of misspelt ones."""
        return sorted(name for name in self._meaning if " " not in name)


@cache
def name_book() -> NameBook:
    """The one book, read at first use."""
    return NameBook()
