"""Which of several editions of one medicine is meant: the pharmaceutical form and the strength a question names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.words import Message, fold
from content.model import Edition

# How questions and titles write the forms that decide on another document. The first that fits a title is its form.
_FORMS = {
    "eye drops": re.compile(r"\b(?:collyre|gouttes ophtalmiques|eye ?drops?|ophthalmic)\b"),
    "inhaled": re.compile(r"\b(?:inhalation|inhale\w*|inhaler|nebulis\w*|nebuliz\w*|nebs?|autohaler|spray nasal|nasal spray)\b"),
    "injected": re.compile(r"\b(?:injectable|injection|injectee?|inj|iv|im|sc|perfusion|infusion|seringue|syringe|stylo|pen)\b"),
    "on the skin": re.compile(r"\b(?:creme|cream|gel|pommade|ointment|mousse|foam|topique|topical|patch|solution cutanee)\b"),
    "drunk": re.compile(r"\b(?:sirop|syrup|solution buvable|suspension buvable|oral (?:solution|suspension)|sachets?)\b"),
    "swallowed": re.compile(r"\b(?:comprimes?|cps?|gelules?|capsules?|caps|tablets?|tabs?|per os|po)\b"),
}
_STRENGTH = re.compile(r"\b(\d+(?:[.,]\d+)?) ?(mg|g|mcg|µg|microgrammes|ui|iu|%)(?![a-z])")


def closest(message: Message, editions: Iterable[tuple[int, Edition]]) -> frozenset[int]:
    """Of several editions those whose title does not contradict a message's form and strength; all where none is left."""
    left = {place: fold(f"{edition.product} {edition.title}") for place, edition in editions}
    asked = {name for name, form in _FORMS.items() if form.search(message.plain)}
    if asked:
        left = _fitting(left, lambda title: _form(title) is None or _form(title) in asked)
    if strengths := _strengths(message.plain):
        left = _fitting(left, lambda title: bool(_strengths(title) & strengths))
    return frozenset(left)


def form_of(edition: Edition) -> str | None:
    """The pharmaceutical form that an edition's title names, as far as it decides on another document."""
    return _form(fold(f"{edition.product} {edition.title}"))


def _fitting(titles: dict[int, str], fits: Callable[[str], bool]) -> dict[int, str]:
    return {place: title for place, title in titles.items() if fits(title)} or titles


def _form(title: str) -> str | None:
    return next((name for name, form in _FORMS.items() if form.search(title)), None)


def _strengths(text: str) -> set[tuple[str, str]]:
    return {(number.replace(",", ".").removesuffix(".0"), unit) for number, unit in _STRENGTH.findall(text)}
