"""Words as the assistant compares them: folded (no case, accents or look-alikes), cut and stemmed, with the way back."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

LONGEST_MESSAGE = 4_000  # characters read of one message: the rest cannot change what is asked, only the time it takes

_LIGATURES = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l"}
_PUNCTUATION = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "`": "'",
    "´": "'",
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "−": "-",
    "…": ".",
    "«": '"',
    "»": '"',
}
# Letters of other scripts that look like Latin ones: a product name written with them is still that name.
_LOOKALIKES = dict(zip("авекмнорстухіјѕԁһԛԝαορντικχγ", "abekmhopctyxijsdhqwaopvtikxy", strict=True))
_INVISIBLE = dict.fromkeys(
    [
        0x00AD,
        0x034F,
        0x061C,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        *range(0xFE00, 0xFE10),
    ]
)
_WORD = re.compile(r"[a-z][a-z0-9]*|[1-9]\d{0,2}(?:[ ,]\d{3}){1,4}(?![\d,])|\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[ ,]\d{3})+")
_PLAIN = str.maketrans({**_LIGATURES, **_PUNCTUATION, **{chr(code): None for code in _INVISIBLE}})
_COMBINING = re.compile(r"[\u0300-\u036f]+")


def fold(text: str) -> str:
    """Lower case without accents, ligatures or invisible characters."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN))
    return plain if plain.isascii() else _COMBINING.sub("", plain)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a message: its folded form and its place in the original text (`text[start:end]`)."""

    form: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if ord(character) in _INVISIBLE:
        return ""
    plain = unicodedata.normalize("NFKD", character.lower())
    plain = "".join(_LIGATURES.get(c, _PUNCTUATION.get(c, _LOOKALIKES.get(c, c))) for c in plain)
    return "".join(c for c in plain if not unicodedata.combining(c))


@dataclass(frozen=True, slots=True)
class Message:
    """A message cut into words. `plain` is the folded text for patterns, `places[i]` where `plain[i]` stands in `text`."""

    text: str
    plain: str
    places: tuple[int, ...]
    words: tuple[Word, ...]

    @classmethod
    def read(cls, text: str) -> Message:
        """Folds and cuts the first `LONGEST_MESSAGE` characters of `text`."""
        text = text[:LONGEST_MESSAGE]
        letters: list[str] = []
        places: list[int] = []
        for place, character in enumerate(text):
            for letter in _fold_character(character):
                letters.append(letter if not letter.isspace() else " ")
                places.append(place)
        plain = "".join(letters)
        places.append(len(text))
        words = tuple(Word(_number(m[0]), places[m.start()], places[m.end() - 1] + 1) for m in _WORD.finditer(plain))
        return cls(text, plain, tuple(places), words)

    def quote(self, start: int, end: int) -> str:
        """The original words behind `plain[start:end]`."""
        return self.text[self.places[start] : self.places[end - 1] + 1] if end > start else ""


def _number(form: str) -> str:
    """One spelling for a number: `50 000` and `50,000` are `50000`, `0,5` is `0.5`."""
    if form.isalnum():
        return form
    return re.sub("[ ,]", "", form) if _THOUSANDS.fullmatch(form) else form.replace(",", ".")


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return [word if word[0] > "9" else _number(word) for word in _WORD.findall(fold(text))]


class Stems:
    """Snowball stems of folded words, remembered, in one language."""

    def __init__(self, language: str) -> None:
        self._stemmer = Stemmer.Stemmer("french" if language == "fr" else "english", 0)
        self._known: dict[str, str] = {}

    def __call__(self, word: str) -> str:
        stem = self._known.get(word)
        if stem is None:
            stem = word if word[0].isdigit() or len(word) < 4 else self._stemmer.stemWord(word)
            if len(self._known) < 400_000:
                self._known[word] = stem
        return stem


STEMS = {"fr": Stems("fr"), "en": Stems("en")}


_SPELLINGS = (
    ("ph", "f"),
    ("th", "t"),
    ("rh", "r"),
    ("qu", "c"),
    ("ck", "c"),
    ("ae", "e"),
    ("oe", "e"),
    ("k", "c"),
    ("y", "i"),
    ("z", "s"),
    ("x", "s"),
)


def skeleton(word: str) -> str:
    """The start of a word in the spelling both languages share (`thyroïdien`, `thyroid` → `tiroi`)."""
    for written, shared in _SPELLINGS:
        word = word.replace(written, shared)
    return re.sub(r"(.)\1", r"\1", word)[:5]
