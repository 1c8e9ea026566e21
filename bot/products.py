"""Which medicine is meant: brand, substance, misspelt or short, over the approved catalogue and the public name lists."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

import intents
from bot.concepts import concept_book
from bot.names import name_book
from bot.words import STEMS, Word, words
from content.model import Edition

SHORTEST_TYPO = 5  # letters: shorter words are one typo away from too many others
SHORTEST_STUB = 5  # letters of a shortened name (`rosuva`)

# A name is searched before its strength; what follows says form and packaging.
_STRENGTH = re.compile(r"(?<=\D)\s*\d[\d\s.,]*\s*(?:mg|g|ml|µg|microgrammes?|UI|U\.I\.|IU|%|units?)\b.*|[,(].*", re.IGNORECASE)
SALTS = frozenset(intents.load("no_names"))


@dataclass(frozen=True, slots=True)
class Match:
    """One word (or two) of a question that names a medicine of the catalogue: `editions` are places in the library."""

    said: str
    name: str
    editions: frozenset[int]
    kind: str  # brand, substance, maker or class
    distance: int
    first: int
    last: int


@dataclass(slots=True)
class Found:
    """What a question names: medicines of the catalogue, known ones that are not covered, words that look like a name."""

    matches: list[Match] = field(default_factory=list)
    rivals: list[Match] = field(default_factory=list)  # other readings of a misspelt word, as near as the best
    uncovered: list[tuple[str, int]] = field(default_factory=list)  # (word, place)
    unknown: list[tuple[str, int]] = field(default_factory=list)


class Catalogue:
    """The names of the approved editions."""

    def __init__(self, editions: Sequence[Edition]) -> None:
        self._names: dict[str, dict[int, str]] = defaultdict(dict)
        self.heads: list[str] = []
        self.brands: list[frozenset[str]] = []
        self.substances: list[frozenset[str]] = []
        self.whole_substances: list[frozenset[str]] = []
        for place, edition in enumerate(editions):
            self._add(place, edition)
        self._brand_heads = frozenset(
            head for head in self.heads if self._names.get(head) and "brand" in self._names[head].values()
        )
        self.stems = frozenset(STEMS[language](name) for name in self._names for language in ("fr", "en"))
        plain = concept_book().ordinary
        self._spelt = sorted(
            name
            for name, where in self._names.items()
            if len(name) >= SHORTEST_TYPO
            and (name not in plain or name in self._brand_heads)
            and any(k != "maker" for k in where.values())
        )

    def _add(self, place: int, edition: Edition) -> None:
        book = name_book()
        brand = [
            w
            for w in words(re.sub(r"(?<=[A-Za-z])(?=\d)", " ", _STRENGTH.sub("", edition.product)))
            if w not in SALTS and len(w) > 1
        ]
        substances: set[str] = set()
        for name in edition.substances:
            cut = [w for w in words(name) if w not in SALTS and len(w) > 3]
            substances.update(cut)
            for whole in {" ".join(cut), *cut}:
                substances.update(
                    part
                    for meaning in book.meaning(whole)
                    for s in book.spellings(meaning)
                    for part in words(s)
                    if len(part) > 3 and part not in SALTS
                )
        for name in edition.names:
            if name.endswith("]"):  # a pharmacologic class of the FDA: `HMG-CoA Reductase Inhibitor [EPC]`
                continue
            for word in words(name):
                if word not in SALTS and len(word) > 3 and not word[0].isdigit():
                    self._names[word].setdefault(place, "substance" if book.meaning(word) else "maker")
        for word in words(edition.holder or ""):
            if len(word) > 2 and word not in SALTS:
                self._names[word].setdefault(place, "maker")
        brand = [word for word in brand if not word[0].isdigit()]
        for position, word in enumerate(brand):
            kind = (
                "substance"
                if word in substances
                or any(word in book.spellings(meaning) for meaning in book.meaning(word))
                or (book.meaning(word) & {w for s in substances for w in book.meaning(s)} and position == 0 and len(brand) > 1)
                else "brand"
            )
            self._names[word][place] = kind if position == 0 or kind == "substance" else "maker"
        for word in substances:
            self._names[word].setdefault(place, "substance")
        self.heads.append(brand[0] if brand else "")
        self.brands.append(frozenset(brand))
        self.substances.append(frozenset(substances))
        self.whole_substances.append(frozenset(" ".join(w for w in words(name) if w not in SALTS) for name in edition.substances))

    def names_of(self, place: int) -> frozenset[str]:
        """Every word that names an edition."""
        return self.brands[place] | self.substances[place]

    def find(self, said: Sequence[Word], plain: frozenset[str], frequent: frozenset[str]) -> Found:
        """Reads the words of a question. `plain` are words of the language, no name unless a brand begins with them;
        `frequent` are words the documents use often, never taken for a misspelt name."""
        found = Found()
        book = name_book()
        abbreviations = _short_names()
        for place, word in enumerate(said):
            form = abbreviations.get(word.form, word.form)
            if form[0].isdigit() or (form in SALTS and found.matches and found.matches[-1].last == place):
                continue
            if form in plain and form not in self._brand_heads:
                if maker := self._maker_of_last(form, place, found):
                    found.matches.append(maker)
                continue
            if exact := self._match(word.form, form, 0, place, place + 1):
                found.matches.append(exact)
            elif len(form) < 4 or form in plain:
                continue
            elif (spelt := self._by_meaning(word.form, place)) is not None:
                found.matches.append(spelt)
            elif form in SALTS:
                continue
            elif same := self._same_substance(word.form, form, place):
                found.matches.append(same)
            elif book.meaning(form):
                found.uncovered.append((word.form, place))
            elif form not in frequent:
                self._misspelt(form, place, found)
        self._joined(said, plain, found)
        return found

    def _match(self, said: str, name: str, distance: int, first: int, last: int) -> Match | None:
        where = self._names.get(name)
        if not where:
            return None
        kinds = set(where.values())
        kind = "brand" if "brand" in kinds else "substance" if "substance" in kinds else "maker"
        editions = frozenset(
            place for place, as_kind in where.items() if as_kind == kind or (kind != "maker" and as_kind != "maker")
        )
        return Match(said, name, editions, kind, distance, first, last)

    def _maker_of_last(self, form: str, place: int, found: Found) -> Match | None:
        """An everyday word that is a maker's name right after a medicine of theirs (`tobramycine Sun`)."""
        last = found.matches[-1] if found.matches else None
        if last is None or last.last != place:
            return None
        match = self._match(form, form, 0, place, place + 1)
        return match if match and match.kind == "maker" and match.editions & last.editions else None

    def _by_meaning(self, said: str, place: int) -> Match | None:
        """A substance written in the other language, or in the plural (`enoxaparine`, `enoxaparin`)."""
        book = name_book()
        for meaning in book.meaning(said):
            if said in book.spellings(meaning):
                for spelling in sorted(book.spellings(meaning)):
                    if match := self._match(said, spelling, 0, place, place + 1):
                        return match
        for other in (said + "e", said.removesuffix("e"), said.removesuffix("s")):
            if len(other) > 4 and (match := self._match(said, other, 0, place, place + 1)) and match.kind != "maker":
                return match
        return None

    def _same_substance(self, said: str, form: str, place: int) -> Match | None:
        """A brand without a document of its own whose one substance other documents have: they answer under their own names."""
        book = name_book()
        meanings = book.meaning(form)
        if len(meanings) != 1:
            return None
        spellings = sorted(spelling for meaning in meanings for spelling in book.spellings(meaning))
        editions = frozenset(
            place for place, whole in enumerate(self.whole_substances) if len(whole) == 1 and whole & frozenset(spellings)
        )
        return Match(said, next(iter(spellings)), editions, "substance", 0, place, place + 1) if editions else None

    def _misspelt(self, form: str, place: int, found: Found) -> None:
        if len(form) < SHORTEST_TYPO or concept_book().is_typo(form):
            return
        allowed = 1 if len(form) < 7 else 2
        near = process.extract(form, self._spelt, scorer=OSA.distance, score_cutoff=allowed, limit=6)
        # Two slips leave the start of a name alone: « étaient » is no Effient, « africaine » no articaine.
        near = [entry for entry in near if entry[1] == 1 or (entry[0][:2] == form[:2] and self._is_full_name(entry[0]))]
        if near:
            best = min(distance for _, distance, _ in near)
            matches = [
                m
                for name, distance, _ in near
                if distance == best and (m := self._match(form, name, int(distance), place, place + 1)) and m.kind != "maker"
            ]
            if matches:
                found.matches.append(matches[0])
                found.rivals.extend(m for m in matches[1:] if not self._same(m, matches[0]))
                return
        stubs = [name for name in self._spelt if name.startswith(form)] if len(form) >= SHORTEST_STUB else []
        stub_matches = [m for name in stubs if (m := self._match(form, name, 0, place, place + 1)) and m.kind != "maker"]
        if stub_matches:
            found.matches.append(stub_matches[0])
            found.rivals.extend(m for m in stub_matches[1:] if not self._same(m, stub_matches[0]))
            return
        known = process.extractOne(form, _known_names(), scorer=OSA.distance, score_cutoff=1) if len(form) > 6 else None
        if known is not None:
            found.uncovered.append((form, place))
        else:
            found.unknown.append((form, place))

    def _is_full_name(self, name: str) -> bool:
        """Whether a word is a brand or a substance of its own, not one of several words of a name (`plasminogen activator`)."""
        return "brand" in self._names[name].values() or bool(name_book().meaning(name))

    def _same(self, one: Match, other: Match) -> bool:
        return bool(one.editions & other.editions)

    def _joined(self, said: Sequence[Word], plain: frozenset[str], found: Found) -> None:
        """Names cut in two by the writer (`depa kote`)."""
        taken = {place for match in found.matches for place in range(match.first, match.last)}
        for place in range(len(said) - 1):
            if {place, place + 1} & taken or said[place].form[0].isdigit() or said[place].form in plain:
                continue
            both = said[place].form + said[place + 1].form
            if len(both) >= 6 and (match := self._match(both, both, 0, place, place + 2)) and match.kind != "maker":
                found.matches.append(match)
                found.unknown = [u for u in found.unknown if u[1] not in (place, place + 1)]


_KNOWN: list[str] = []


def _known_names() -> list[str]:
    if not _KNOWN:
        _KNOWN.extend(name for name in name_book().singles() if len(name) > 5)
    return _KNOWN


def _short_names() -> dict[str, str]:
    return dict(intents.load("short_names"))
