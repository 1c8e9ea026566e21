"""The words of the pages, in French and English: one JSON file per language and page, shared by server and browser."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from server.store import Refusal

FOLDER = Path(__file__).with_name("translations")
LANGUAGES = ("fr", "en")
# Market of the first release: times are said in the zone of metropolitan France.
ZONE = ZoneInfo("Europe/Paris")
LOCALES = {"fr": "fr_FR", "en": "en_GB"}

_NARROW = "\u202f"
_NO_BREAK = "\u00a0"
_UNITS = "mg|g|ml|mL|µg|kg|h|min|ans|an|mois|jours|€|°C|%"
_RULES = (
    (re.compile(r"[ \u00a0]+([;!?])"), _NARROW + r"\1"),
    (re.compile(r" +([:»%])"), _NO_BREAK + r"\1"),
    (re.compile(r"« +"), "«" + _NO_BREAK),
    (re.compile(rf"(\d) (?=(?:{_UNITS})(?!\w))"), r"\1" + _NO_BREAK),
    (re.compile(r"\.\.\."), "…"),
    (re.compile(r"([^\W\d_])'(?=[^\W\d_])"), r"\1’"),
)


def typography(text: str, language: str) -> str:
    """The text as it should stand on the page: French gets its no-break spaces, what is stored stays plain.

    The same rule as `widget/typography.js`; a test holds them together.
    """
    if language == "fr":
        for pattern, replacement in _RULES:
            text = pattern.sub(replacement, text)
    return text


@cache
def catalogue(language: str, page: str) -> dict[str, str]:
    """The words of one page in one language."""
    words: dict[str, str] = json.loads((FOLDER / language / f"{page}.json").read_text(encoding="utf-8"))
    return words


def say(language: str, key: str, **values: object) -> str:
    """The words of `page.key`, their `{names}` filled in. Raises `KeyError` for words that nobody wrote."""
    page, _, name = key.partition(".")
    words = catalogue(language, page)[name]
    filled = re.sub(r"\{(\w+)\}", lambda hole: str(values[hole[1]]), words)
    return typography(filled, language)


def refusal_words(language: str, code: str, details: dict[str, str]) -> str:
    """What a person is told when something cannot be done; an unknown code is told as such, never hidden."""
    words = catalogue(language, "refusals")
    text = words.get(code, words["malformed"])
    return typography(re.sub(r"\{(\w+)\}", lambda hole: details.get(hole[1], ""), text).strip(), language)


def refused(refusal: Refusal, language: str) -> dict[str, Any]:
    """The acknowledgement of a command that was not carried out. `retry_after`: in so many seconds the same one may be."""
    later = {} if refusal.retry_after is None else {"retry_after": refusal.retry_after}
    return {"ok": False, "code": refusal.code, "message": refusal_words(language, refusal.code, refusal.details), **later}


def moment(value: datetime | str, language: str) -> str:
    """Date and time in words, in `ZONE`."""
    value = datetime.fromisoformat(value) if isinstance(value, str) else value
    return format_datetime(value.astimezone(ZONE), "d MMMM y HH:mm", locale=LOCALES[language])


def hour(value: datetime | str, language: str) -> str:
    """The hour of a moment whose day is told elsewhere, in `ZONE`."""
    value = datetime.fromisoformat(value) if isinstance(value, str) else value
    return format_datetime(value.astimezone(ZONE), "HH:mm", locale=LOCALES[language])


def day(value: date | datetime, language: str) -> str:
    """A date in words; a moment is first brought to `ZONE`."""
    value = value.astimezone(ZONE).date() if isinstance(value, datetime) else value
    return format_date(value, "long", locale=LOCALES[language])


def preferred(accept_language: str) -> str:
    """The first of our languages that the browser asks for; French when it asks for neither."""
    wanted = []
    for position, part in enumerate(accept_language.split(",")):
        tag, _, quality = part.strip().partition(";q=")
        if tag[:2].lower() in LANGUAGES:
            weight = float(quality) if re.fullmatch(r"[01](\.\d{1,3})?", quality) else 1.0
            wanted.append((-weight, position, tag[:2].lower()))
    return min(wanted)[2] if wanted else "fr"
