"""Reading a question: its language, the medicines it names, the sections it asks for and the words that matter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from bot import language as languages
from bot.asked import NAMED, OTHER, features_of, sections
from bot.concepts import AMOUNT, Concept, concept_book, population
from bot.library import Library
from bot.model import Turn
from bot.products import SALTS, Found
from bot.ranges import Figure, stated
from bot.words import STEMS, Message, Word
from content.model import Kind
from content.sections import Topic, topics_of

CARRIED = 0.5  # weight of what an earlier question asked, when a follow-up does not say it again
_WHO = frozenset({Topic.CHILDREN, Topic.ELDERLY, Topic.RENAL, Topic.HEPATIC})  # for whom something is asked, not what
_WHOM = frozenset({"renal", "hepatic", "dialysis", "asthma", "glaucoma", "heart_failure", "seizures", "bleeding", "stroke"})
SETTLED_ELSEWHERE = frozenset({Topic.PREGNANCY, Topic.BREAST_FEEDING, Topic.DRIVING})  # whatever else a patient has
_ADDED = re.compile(
    r"\b(?:avec|with|plus|associe\w*|together|combin\w*|interact\w*|aussi|also|deja|already|sous|relais|switch\w*|coming off|from"
    r"|arret\w*|stopp\w*)\b|\+"
)  # the medicine comes on top of the one spoken of
_WHOSE = frozenset({"child", "elderly", "premature"})  # concepts that say of whom something is asked
_TOGETHER = frozenset({Topic.INTERACTIONS, Topic.CONTRAINDICATIONS})
ASKS = 0.5  # a concept that points to a section this surely asks for it
ANSWERED = 0.7  # weight of the section that the answer before came from, when a follow-up names none
_SECTION = re.compile(
    r"\b(?:sections?|rubriques?|rcp|smpc|notice|leaflet|chapitre)\W{0,3}(?:rubrique |section )?(\d{1,2}(?:\.\d{1,2})?)\b"
)
_US_SECTIONS = {
    "1": "indications_and_usage",
    "2": "dosage_and_administration",
    "3": "dosage_forms_and_strengths",
    "4": "contraindications",
    "5": "warnings_and_cautions",
    "6": "adverse_reactions",
    "7": "drug_interactions",
    "8": "use_in_specific_populations",
    "10": "overdosage",
    "11": "description",
    "12": "clinical_pharmacology",
    "14": "clinical_studies",
    "16": "how_supplied",
}
CLEAR = 0.7  # a section asked for this surely is the one
HINT = 0.5
# Of a patient who has something, and nothing else said, it is asked whether the medicine may be given.
_PATIENT_WITH = re.compile(
    r"\bchez (?:une?|l[ea]s?|mon|ma|mes|ce|cette|l|d)?\b|\bin (?:an?|my|patients?|someone|those|people)\b"
    r"|\bpt with\b|\bpatiente? (?:avec|with)\b"
)
BESIDE = 0.6  # share of what a dose counts for beside pregnancy, breast-feeding or driving
MAY_BE_GIVEN = 1.1  # whether a patient with a disease may take it: the contraindications say first
SHORT = 5  # words
LIKELY = 0.4  # a section less likely than this is not asked for because of the words alone
ASKED_FOR = 1.2  # weight of a section surely asked for, beside those the concepts point to
RARE_WORD = 40  # a word found in fewer passages than this (or in none) is no everyday word


@dataclass(slots=True)
class Question:
    """A question as the assistant understood it."""

    message: Message
    language: str
    concepts: list[Concept]
    found: Found
    topics: dict[Topic, float]
    carried: bool = False  # the medicine comes from an earlier turn
    patient: list[Figure] = field(default_factory=list)  # what is said of the patient, in this message or the one before
    evidence: dict[str, Any] = field(default_factory=dict)

    @property
    def asked(self) -> tuple[Topic, ...]:
        """The topics asked for, the surest first."""
        return tuple(sorted(self.topics, key=lambda topic: (-self.topics[topic], topic.value)))


def read(text: str, library: Library, context: Sequence[Turn], prior: str | None) -> Question:
    """Reads the last message of a conversation."""
    message = Message.read(text)
    language, sure = languages.detect(message, prior or _language_of(context))
    found = _find(message, library)
    if not sure and prior is None:
        language = _more_telling(message, found, library)
    concepts = concepts_of(message, language, found, library)
    topics = hinted_by(concepts, message, found)
    features = features_of(*asked_words(message, found, concepts), language)
    likely = {topic: chance for topic, chance in sections().likely(features, topics).items() if chance >= LIKELY}
    for topic, chance in likely.items():
        topics[topic] = max(topics.get(topic, 0.0), ASKED_FOR * chance)
    if any(topics.get(topic, 0.0) >= 1.0 for topic in SETTLED_ELSEWHERE) and Topic.POSOLOGY in topics:
        # « l'allaitement, combien après la dernière prise » asks no dose.
        topics[Topic.POSOLOGY] *= BESIDE
    if not topics and found.matches and len(message.words) <= SHORT:
        topics = {Topic.INDICATIONS: 0.6, Topic.POSOLOGY: 0.3}  # a bare name asks what the medicine is
    question = Question(message, language, concepts, found, topics, patient=stated(message))
    question.evidence["language"] = {"detected": language, "sure": round(sure, 2)}
    question.evidence["likely"] = {
        topic.value: [round(chance, 2), *sections().reasons(features, topic)]
        for topic, chance in sorted(likely.items(), key=lambda item: (-item[1], item[0].value))
    }
    if context:
        _carry(question, library, context)
    question.evidence["concepts"] = [concept.name for concept in question.concepts]
    question.evidence["topics"] = {
        topic.value: round(weight, 2) for topic, weight in sorted(question.topics.items(), key=lambda kv: (-kv[1], kv[0].value))
    }
    question.evidence["products"] = [
        {"said": m.said, "name": m.name, "kind": m.kind, "distance": m.distance} for m in found.matches
    ]
    question.evidence["not_covered"] = [name for name, _ in found.uncovered]
    question.evidence["unknown_words"] = [name for name, _ in found.unknown]
    return question


def hinted_by(concepts: Sequence[Concept], message: Message, found: Found) -> dict[Topic, float]:
    """The sections that concepts point to, alone or together."""
    topics = _topics(concepts)
    names = concept_names(concepts)
    if "may_use" in names and names & _WHOM and not topics.keys() & SETTLED_ELSEWHERE:
        topics[Topic.CONTRAINDICATIONS] = max(topics.get(Topic.CONTRAINDICATIONS, 0.0), MAY_BE_GIVEN)
    clear = max((weight for topic, weight in topics.items() if topic not in _WHO), default=0.0) >= CLEAR
    if not clear and _PATIENT_WITH.search(message.plain) and any(_is_condition(concept) for concept in concepts):
        topics[Topic.CONTRAINDICATIONS] = max(topics.get(Topic.CONTRAINDICATIONS, 0.0), CLEAR)
        topics[Topic.WARNINGS] = max(topics.get(Topic.WARNINGS, 0.0), HINT)
    if asks_amount(message, found) and not names & {"overdose", "presentation"}:
        topics[Topic.POSOLOGY] = max(topics.get(Topic.POSOLOGY, 0.0), 0.6)
    return topics


def _is_condition(concept: Concept) -> bool:
    return not concept.generic and not concept.drug and max(concept.topics.values(), default=0.0) < CLEAR


def asked_words(message: Message, found: Found, concepts: Sequence[Concept]) -> tuple[list[str], list[str]]:
    """The words of a question with its medicines masked, and the names of its concepts, other medicines made alike."""
    named = {place for match in found.matches for place in range(match.first, match.last)}
    other = {place for _, place in found.uncovered}
    forms = [NAMED if place in named else OTHER if place in other else word.form for place, word in enumerate(message.words)]
    return forms, ["medicine" if concept.drug else concept.name for concept in concepts]


def asks_amount(message: Message, found: Found) -> bool:
    """Whether a question speaks of an amount, other than the strength that follows a medicine's name (`Nortavel 5 mg`)."""
    strengths = {message.words[match.last].start for match in found.matches if match.last < len(message.words)}
    return any(message.places[amount.start()] not in strengths for amount in AMOUNT.finditer(message.plain))


def _more_telling(message: Message, found: Found, library: Library) -> str:
    """The language whose lists know more words of a message without function words; else that of the medicine's documents."""
    known = {
        language: sum(last - first for _, first, last in concept_book().find(message.words, language))
        for language in ("fr", "en")
    }
    for language, table in concept_book().abbreviations.items():
        known[language] += sum(word.form in table for word in message.words)
        known[language] += sum(concept_book().corrected(word.form, language) != word.form for word in message.words)
    if known["fr"] != known["en"]:
        return max(known, key=lambda language: known[language])
    spoken = {library.sources[place].edition.language for match in found.matches for place in match.editions}
    return spoken.pop() if len(spoken) == 1 and spoken <= {"fr", "en"} else "fr"


def concept_names(concepts: Sequence[Concept]) -> set[str]:
    """The names of some concepts."""
    return {concept.name for concept in concepts}


def _language_of(context: Sequence[Turn]) -> str | None:
    for turn in reversed(context):
        if turn.role == "hcp":
            language, sure = languages.detect(Message.read(turn.text))
            if sure:
                return language
    return None


def _find(message: Message, library: Library) -> Found:
    """The medicines a message names; what the documents write often, or the lists know as a plain word, is no misspelt name."""
    frequent = frozenset(
        word.form
        for word in message.words
        for language in ("fr", "en")
        if (stem := STEMS[language](word.form)) not in library.catalogue.stems and library.frequency(stem, language) >= RARE_WORD
    )
    return library.catalogue.find(message.words, concept_book().ordinary, frequent)


def concepts_of(message: Message, language: str, found: Found, library: Library) -> list[Concept]:
    """What the words of a message speak of, besides the medicine asked about."""
    book = concept_book()
    named = {place for match in found.matches for place in range(match.first, match.last)}
    spelt = tuple(
        Word(NAMED, word.start, word.end)
        if index in named
        else word
        if library.frequency(STEMS[language](word.form), language) > 3
        else Word(book.corrected(word.form, language), word.start, word.end)
        for index, word in enumerate(message.words)
    )
    expanded: list[Word] = []
    salts = {after.form for before, after in pairwise(spelt) if before.form == NAMED and after.form in SALTS}
    short: set[str] = set()
    shares: dict[str, float] = {}
    for word in spelt:
        expanded.append(word)
        if long := book.abbreviations[language].get(word.form):
            parts = Message.read(long).words
            expanded.extend(parts)
            short.add(word.form)
            shares.update({part.form: 1 / len(parts) for part in parts})
    concepts: dict[str, Concept] = {}
    covered: set[str] = set()
    for name, first, last in book.find(expanded, language):
        forms = [word.form for word in expanded[first:last]]
        listed = book.concept(name, " ".join(forms))
        share = sum(shares.get(form, 1.0) for form in forms) if shares.keys() >= set(forms) else 1.0
        concepts.setdefault(name, replace(listed, weight=listed.weight * min(1.0, share)))
        covered.update(forms)
    for name, said in population(message):
        concepts.setdefault(name, book.concept(name, said))
        covered.update(Message.read(said).plain.split())
    for said in book.classes([word for word in expanded if word.form not in covered]):
        concepts.setdefault(f"medicine {said}", book.family(said))
    for form, place in found.uncovered:
        if place not in named:
            concepts.setdefault(f"medicine {form}", book.medicine(form))
    for name, first, last in book.alike(expanded, language):
        forms = [word.form for word in expanded[first:last]]
        if covered.isdisjoint(forms) and not any(book.is_everyday(form, language) for form in forms):
            alike = book.group(name, " ".join(forms))
            concepts.setdefault(
                alike.name, replace(alike, weight=alike.weight * min(1.0, sum(shares.get(f, 1.0) for f in forms)))
            )
            covered.update(forms)
    uncovered = {place for _, place in found.uncovered}
    for word in expanded[:60]:
        if (
            word.form == NAMED
            or word.form in salts
            or word.form in covered
            or word.form in book.phrasing[language]
            or _is_name(word, message, uncovered)
        ):
            continue
        if concept := _plain(word.form, language, library):
            share = 0.5 if word.form in short else shares.get(word.form, 1.0)
            concepts.setdefault(concept.name, replace(concept, weight=concept.weight * share))
    return list(concepts.values())


def _is_name(word: Word, message: Message, places: set[int]) -> bool:
    return any(message.words[place].start == word.start and message.words[place].form == word.form for place in places)


def _plain(form: str, language: str, library: Library) -> Concept | None:
    """A word no list knows: searched as it is, and in the other language under the words that look like it."""
    if len(form) < 3 and not form[0].isdigit():
        return None
    terms = {}
    for other in ("fr", "en"):
        own = frozenset([STEMS[other](form)])
        own = own if library.frequency(STEMS[other](form), other) > (30 if len(form) < 5 else 0) else own | library.longer(form)
        terms[other] = own if other == language else own | library.cognates(form, other)
    everyday = form[0].isdigit() or concept_book().is_everyday(form, language)
    return Concept(form, form, terms, generic=everyday, weight=0.3 if everyday else 1.0)


def _topics(concepts: Sequence[Concept]) -> dict[Topic, float]:
    topics: dict[Topic, float] = {}
    for concept in concepts:
        for topic, weight in concept.topics.items():
            topics[topic] = max(topics.get(topic, 0.0), weight) + (0.15 * weight if topic in topics else 0.0)
    return topics


def _carry(question: Question, library: Library, context: Sequence[Turn]) -> None:
    """A follow-up keeps the medicine, and what was asked of it unless it asks something else."""
    added = _ADDED.search(question.message.plain) is not None or _is_the_next_one(question, library, context)
    if not added and (question.found.uncovered or any(match.kind != "maker" for match in question.found.matches)):
        return
    for turn in reversed(context):
        earlier = Message.read(turn.text)
        found = _find(earlier, library)
        if any(match.kind != "maker" for match in found.matches):
            known = {match.name for match in question.found.matches}
            question.found.matches[:0] = [match for match in found.matches if match.name not in known]
            question.found.rivals.extend(found.rivals)
            question.carried = True
            question.evidence["carried_from"] = turn.text[:80]
            break
    asked = [turn for turn in context if turn.role == "hcp"]
    if not (question.carried and asked):
        return
    earlier = Message.read(asked[-1].text)
    before = concepts_of(earlier, question.language, _find(earlier, library), library)
    known = {figure.kind for figure in question.patient}
    question.patient += [figure for figure in stated(earlier) if figure.kind not in known]
    names = concept_names(question.concepts)
    strongest = max((weight for topic, weight in question.topics.items() if topic not in _WHO), default=0.0)
    share = 1.0 if strongest < 0.7 else CARRIED
    kept = [concept for concept in before if concept.name not in names]
    for topic, weight in _topics(kept).items():
        if topic not in _WHO:
            question.topics[topic] = question.topics.get(topic, 0.0) + weight * share
    if not names & _WHOSE:
        question.concepts += [concept for concept in kept if concept.name in _WHOSE]
    if share == 1.0:
        for topic in _answered_from(context, question, library):
            question.topics[topic] = max(question.topics.get(topic, 0.0), ANSWERED)
        # What was asked is asked again (`over how long?` … `and the next one?`); of whom or for what is said anew.
        question.concepts += [
            replace(concept, weight=concept.weight * CARRIED)
            for concept in kept
            if not concept.drug and max((w for t, w in concept.topics.items() if t not in _WHO), default=0.0) >= ASKS
        ]


def _answered_from(context: Sequence[Turn], question: Question, library: Library) -> tuple[Topic, ...]:
    """What the section is about that the answer before names, if it names one: a follow-up asks more of the same."""
    said = next((Message.read(turn.text).plain for turn in reversed(context) if turn.role == "bot"), "")
    if (named := _SECTION.search(said)) is None:
        return ()
    kinds = {library.sources[place].edition.kind for match in question.found.matches for place in match.editions}
    number = named[1]
    if kinds == {Kind.US_LABEL}:
        number = _US_SECTIONS.get(number.partition(".")[0], "")
    elif "." not in number and Kind.LEAFLET in kinds:
        number = f"leaflet:{number}"
    return topics_of(number)[:1]


def _is_the_next_one(question: Question, library: Library, context: Sequence[Turn]) -> bool:
    """Whether a medicine without documents is named after a question on an interaction (`ok, and maalox?`)."""
    asks_else = {topic for topic, weight in question.topics.items() if weight >= ASKS} - _TOGETHER
    if not question.found.uncovered or asks_else or len(question.message.words) > SHORT:
        return False
    before = next((turn for turn in reversed(context) if turn.role == "hcp"), None)
    if before is None:
        return False
    earlier = Message.read(before.text)
    found = _find(earlier, library)
    several = len({match.name for match in found.matches if match.kind != "maker"}) > 1
    return several or any(concept.drug for concept in concepts_of(earlier, question.language, found, library))
