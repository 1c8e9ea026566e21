"""The medicine a question is about: which approved editions may answer, or why none can yet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import intents
from bot.concepts import Concept, concept_book
from bot.forms import closest, form_of
from bot.library import Library
from bot.names import name_book
from bot.near_words import with_near_words
from bot.products import SALTS, Match
from bot.reading import Question, concept_names
from bot.words import STEMS, words
from content.sections import Topic

_SCHEDULE = frozenset({Topic.POSOLOGY, Topic.ADMINISTRATION})
_DOSE = frozenset({"posology", "duration", "starting_dose"})
CLEAR_TOPIC = 0.6  # a topic asked this surely makes a question without a medicine one to ask back about
OPTIONS = 6

_OTHER_ONE = re.compile(r"\bl.autre\b(?! [a-z]{4,})|\bthe other(?: one)?\b(?! [a-z]{4,})")
_FAMILIES = frozenset(
    """insulin insuline vitamin vitamine vaccin vaccine immunoglobulin immunoglobuline interferon facteur factor
    toxine toxin""".split()
)
_NAME_SHAPE = re.compile(
    r"[a-z]{3,24}(?:mab|nib|pril|sartan|statine?|olol|azole|cilline?|mycine?|prazole|gliptine?|gliflozine?|triptan|vir|floxacine?|xaban|zepam|dipine|glutide|solone|cept|xan|trexan|lumab|stat|parin|coxib)"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """`kind`: resolved, missing, ambiguous, unknown (not covered) or none (not about a medicine).

    `editions` are places in the library, the preferred first; `matches` the names that led to them.
    """

    kind: str
    editions: tuple[int, ...] = ()
    options: tuple[str, ...] = ()
    said: frozenset[str] = frozenset()
    matches: tuple[Match, ...] = field(default=())


def resolve(question: Question, library: Library, country: str, cross_lingual: bool) -> Subject:
    """Decides which editions the question is about."""
    named = [match for match in question.found.matches if match.kind != "maker"]
    if question.found.rivals and not any(match.distance == 0 and match.kind == "brand" for match in named):
        rivals = {place for match in (*named, *question.found.rivals) for place in match.editions}
        return Subject("ambiguous", options=_options(library, rivals))
    if not named:
        return _without_name(question, library)
    if _OTHER_ONE.search(question.message.plain):
        return Subject("ambiguous", options=_options(library, {p for m in named for p in m.editions}))
    if len(named) == 1 and named[0].kind == "substance" and _is_dosed_apart(question, named[0], library):
        return Subject("ambiguous", options=_options(library, named[0].editions))
    makers = [match.editions for match in question.found.matches if match.kind == "maker"]
    editions: set[int] = set()
    for match in named:
        places = _narrow(match, makers, question, library)
        if places is None:
            return Subject("ambiguous", options=_options(library, match.editions))
        editions |= places
    brands = set().union(*(match.editions for match in named if match.kind == "brand"))
    if len(named) == 1:
        editions = set(closest(question.message, ((place, library.sources[place].edition) for place in sorted(editions))))
    editions = _preferred(editions, brands, question, library, cross_lingual)
    # Of editions that answer alike the first is quoted: that of the viewer's country.
    ordered = sorted(editions, key=lambda place: (library.sources[place].edition.country != country, place))
    return Subject("resolved", tuple(ordered), said=frozenset(match.said for match in named), matches=tuple(named))


def _is_dosed_apart(question: Question, match: Match, library: Library) -> bool:
    """Whether a dose is asked of a substance whose editions are dosed apart, and nothing tells which is meant.

    For nobody and nothing in particular (`metoprolol dose?`) another salt or a combination counts as well as another form.
    """
    names = concept_names(question.concepts)
    if len(question.found.matches) > 1 or question.carried or not names & _DOSE or "form" in names or "route" in names:
        return False
    editions = [library.sources[place].edition for place in match.editions]
    own = [edition for edition in editions if edition.language == question.language] or editions
    if len({form for edition in own if (form := form_of(edition))}) > 1:
        return True
    if not names <= _DOSE:
        return False
    kinds = set()
    for place, edition in zip(match.editions, editions, strict=True):
        salts = frozenset(word for name in edition.substances for word in words(name) if word in SALTS)
        kinds.add((library.catalogue.whole_substances[place], salts, form_of(edition)))
    return len(kinds) > 1


def _narrow(match: Match, makers: Iterable[frozenset[int]], question: Question, library: Library) -> set[int] | None:
    """The editions one name can mean; None when it is only part of the names of several medicines."""
    places = set(match.editions)
    for maker in makers:
        if places & maker:
            places &= maker
    if match.kind == "brand":
        said = {word.form for word in question.message.words}
        extra = {place: len(library.catalogue.brands[place] - said - {match.name}) for place in places}
        fewest = min(extra.values())
        return {place for place in places if extra[place] == fewest}
    whole = {place for place in places if _is_whole_substance(match, place, library)}
    alone = {place for place in whole if len(library.sources[place].edition.substances) == 1}
    if whole:
        return alone or whole
    # A word that is only part of the names of substances (`insulin`, `vitamine`) means none of them yet.
    said_words = {word.form for word in question.message.words} - {match.said, match.name} - concept_book().ordinary
    closer = {place for place in places if library.catalogue.names_of(place) & said_words}
    if closer or match.distance > 1 or match.name in _FAMILIES:
        return closer or None
    return places if len({library.catalogue.substances[place] for place in places}) == 1 else None


def _is_whole_substance(match: Match, place: int, library: Library) -> bool:
    book = name_book()
    spellings = {spelling for meaning in book.meaning(match.name) for spelling in book.spellings(meaning)} | {
        match.name,
        match.said,
    }
    return any(name in spellings for name in library.catalogue.whole_substances[place])


def _preferred(editions: set[int], brands: set[int], question: Question, library: Library, cross_lingual: bool) -> set[int]:
    """The editions in the language of the question where there are any of the same substance, unless a brand was named."""
    sources = library.sources
    own = {place for place in editions if sources[place].edition.language == question.language}
    if not cross_lingual:
        return own
    return own | (editions & brands) if own else editions


def _without_name(question: Question, library: Library) -> Subject:
    if question.found.uncovered and not _is_only_added(question):
        return Subject("unknown", options=tuple(name for name, _ in question.found.uncovered))
    if places := _of_class(question, library):
        return Subject("ambiguous", options=_options(library, places))
    sure = max(question.topics.values(), default=0.0) >= CLEAR_TOPIC
    strange = [name for name, place in question.found.unknown if _looks_like_a_name(name, place, question, library)]
    if strange and (sure or any(_NAME_SHAPE.fullmatch(name) for name in strange)):
        return Subject("unknown", options=tuple(strange))
    if sure and len({place for source in library.sources for place in (source.edition.product,)}) == 1:
        return Subject("resolved", tuple(range(len(library.sources))))
    return Subject("missing") if sure else Subject("none")


def _is_only_added(question: Question) -> bool:
    """Whether the medicine named comes on top of another, which is not named (« une interaction avec le millepertuis ? »)."""
    first = min(place for _, place in question.found.uncovered)
    before = question.message.words[:first]
    return any(word.form in ("avec", "with") for word in before) and "interaction" in concept_names(question.concepts)


def _looks_like_a_name(word: str, place: int, question: Question, library: Library) -> bool:
    if len(word) < 6 or any(library.frequency(word, language) for language in ("fr", "en")):
        return False
    start = question.message.words[place].start
    return place == 0 or question.message.text[start].isupper() or _NAME_SHAPE.fullmatch(word) is not None


def _of_class(question: Question, library: Library) -> set[int]:
    said = {word.form.rstrip("s") for word in question.message.words}
    pairs = {f"{a.form} {b.form}" for a, b in zip(question.message.words, question.message.words[1:], strict=False)}
    places: set[int] = set()
    for entry in intents.load("classes").values():
        names = {" ".join(words(name)) for name in entry.get("asked", entry["names"])}
        if any(name.rstrip("s") in said or name in pairs for name in names):
            members = {w for member in entry["members"] for w in words(member)}
            places |= {place for place, substances in enumerate(library.catalogue.substances) if substances & members}
    return places


def _options(library: Library, places: Iterable[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(library.sources[place].edition.product for place in sorted(places)))[:OPTIONS]


def concepts_for(question: Question, subject: Subject, place: int, library: Library) -> list[Concept]:
    """The concepts to look for in one edition: those of the question, and the other medicines it names."""
    book = concept_book()
    own = library.catalogue.names_of(place)
    concepts = [with_near_words(_apart_from(concept, own), place, library) for concept in question.concepts]
    known = {concept.name for concept in concepts}
    for match in subject.matches:
        if place not in match.editions and match.name not in own:
            other = book.medicine(match.name)
            if other.name not in known:
                concepts.append(other)
    return concepts


def _apart_from(concept: Concept, own: frozenset[str]) -> Concept:
    """Another medicine without the words that name this one too: not every `insulin` speaks of degludec."""
    if not concept.drug:
        return concept
    terms = {language: stems - {STEMS[language](name) for name in own | SALTS} for language, stems in concept.terms.items()}
    return replace(concept, terms=terms) if all(terms.values()) else concept


def names_other_medicine(concepts: Iterable[Concept]) -> bool:
    """Whether a question is about two medicines."""
    return any(concept.drug for concept in concepts)


def interaction_topics(topics: dict[Topic, float]) -> dict[Topic, float]:
    """The topics of a question on two medicines: their interaction first."""
    topics = {topic: weight if topic in _SCHEDULE and weight >= 1.0 else 0.7 * weight for topic, weight in topics.items()}
    asks_leave = topics.get(Topic.CONTRAINDICATIONS, 0.0) > 0.3
    return {
        **topics,
        Topic.INTERACTIONS: max(0.9, topics.get(Topic.INTERACTIONS, 0.0)),
        Topic.CONTRAINDICATIONS: 0.95 if asks_leave else 0.55,
    }
