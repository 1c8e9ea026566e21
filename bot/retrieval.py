"""Finding the sentences that answer: BM25-like scores per concept, over the sentence, its headings and its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.concepts import Concept, concept_book
from bot.indexing import Source, is_home
from bot.library import Library
from bot.ranges import COVERED_ROW, COVERS, EXCLUDES, fits
from bot.reading import Question, asks_amount
from bot.words import STEMS, words
from content.model import Kind
from content.sections import Topic, codes_for

Scores = npt.NDArray[np.float32]

OTHER_WORD = 0.85  # a concept under another name than the question's own word
IN_HEADING = 0.8  # a concept in the title above counts nearly as in the sentence itself
IN_SECTION = 0.6  # a concept that names a section, in any sentence of that section
MAIN_TOPIC = 0.9
BY_CLASS = 0.85  # a medicine named by its class only
WITHOUT_NEEDED = 0.6  # a sentence without the other medicine, or the act, that the question is about
UNASKED_KINETICS = 0.7  # what the body does with a medicine, when that was not asked
UNASKED_EFFECTS = 0.85  # what happened to patients in studies, likewise
FOR_PATIENTS = 0.85  # a leaflet, where a text for professionals says the same
PAGED = 0.97  # of two copies of a text the one without pages is the cleaner
NEARBY = 0.2  # and in the sentence before or after, a fifth
TAKEN_UP = 0.5  # but half in the sentence before, when this one takes it up (`These reactions …`); and so another medicine
OTHER_PATIENTS = 0.85  # a dose for patients of another kind than those asked about
MOST_SAID = 14.0  # weight of all a question says; beyond it every word found counts as much as in a shorter question
STANDING = 0.75  # what stands in every text of its kind
SECTION = 0.5  # share of the question's whole weight that the right section is worth
HOME = 0.12  # extra fit of the section that the standard gives to what is asked
FIGURE = 0.25  # the same for an amount or a time where one is asked
MEANING = 0.3  # and for the sentence nearest in meaning, where an encoder tells

# Parts of US labels that repeat or summarise the label proper, and what is no information for prescribing.
_SECONDARY = {
    "recent_major_changes": 0.3,
    "spl_medguide": 0.75,
    "spl_medguide_table": 0.6,
    "spl_patient_package_insert": 0.75,
    "information_for_patients": 0.85,
    "package_label_principal_display_panel": 0.5,
    "spl_product_data_elements": 0.5,
    "clinical_studies": 0.8,
    "nonclinical_toxicology": 0.8,
    "spl_unclassified_section": 0.85,
    "leaflet:0": 0.5,
    "1": 0.6,
}
_KINETICS = frozenset({Topic.PHARMACOKINETICS, Topic.PHARMACODYNAMICS, Topic.CLINICAL_STUDIES, Topic.PRECLINICAL})
_ASKS_AMOUNT = frozenset({"posology", "starting_dose", "maximum", "loading_dose", "maintenance", "titration", "dose_reduction"})
_ASKS_TIME = frozenset(
    {
        "interval",
        "duration",
        "missed_dose",
        "hours",
        "shelf_life",
        "onset",
        "half_life",
        "timing",
        "per_day",
        "per_week",
        "per_month",
    }
)
_ASKS_RATE = frozenset({"frequency", "adverse_effects"})
_ASKS_STANDING = frozenset({"disposal", "shelf_life", "holder"})
_DOSE_TOPICS = frozenset({Topic.POSOLOGY, Topic.ADMINISTRATION})
_PATIENTS = {"renal": Topic.RENAL, "hepatic": Topic.HEPATIC, "child": Topic.CHILDREN, "elderly": Topic.ELDERLY}


@dataclass(frozen=True, slots=True)
class Ranked:
    """The sentences of one edition with their scores. `seen[c, s]`: concept c stands in sentence s, above it or next to it."""

    source: Source
    scores: Scores
    seen: npt.NDArray[np.float32]
    own: npt.NDArray[np.bool_]
    weights: Scores
    heard: npt.NDArray[np.bool_]  # any document of the language holds the concept


def rank(question: Question, source: Source, library: Library, concepts: Sequence[Concept]) -> Ranked:
    """Scores every sentence of an edition against a question."""
    language = "fr" if source.edition.language == "fr" else "en"
    count = len(source.spans)
    slots = np.zeros(len(library.vocabulary), dtype=np.int8)
    weights = np.zeros(len(concepts), dtype=np.float32)
    heard = np.zeros(len(concepts), dtype=np.bool_)
    for index, concept in enumerate(concepts):
        terms = [term for term in sorted(concept.terms[language]) if term in library.vocabulary]
        for term in terms:
            number = library.vocabulary[term]
            if not slots[number]:
                slots[number] = index + 1
        heard[index] = any(library.frequency(term, source.edition.language) for term in terms)
        weights[index] = concept.weight * min(7.0, library.rarity(concept.terms[language], source.edition.language))
    own = _incidence(slots[source.terms], source.sentence_of, len(concepts), count)
    exact = _said(concepts, source, library, language) if language == question.language else own
    heading = (
        _incidence(slots[source.heading_terms], source.heading_passage, len(concepts), len(source.topics))[:, source.passage_of]
        if count
        else own
    )
    _leave_out_titles_of_tables(heading, concepts, source)
    related = _related(concepts, source, library, language)
    same = np.zeros(count, dtype=np.bool_)
    same[1:] = source.passage_of[1:] == source.passage_of[:-1]
    near = np.zeros_like(own)
    near[:, 1:] |= own[:, :-1] & same[1:]
    near[:, :-1] |= own[:, 1:] & same[1:]
    around = np.where(near, NEARBY, 0.0)
    drugs = np.array([[concept.drug] for concept in concepts], dtype=np.bool_).reshape(-1, 1)
    around[:, 1:] = np.where(
        own[:, :-1] & same[1:] & (source.leans[1:] | (drugs & ~_in_tables(source)[1:])), TAKEN_UP, around[:, 1:]
    )
    inside = np.maximum(np.where(exact, 1.0, own * OTHER_WORD), related * BY_CLASS)
    seen = np.maximum(inside, np.maximum(heading * IN_HEADING, around)).astype(np.float32)
    for index, concept in enumerate(concepts):
        if main := [topic for topic, weight in concept.topics.items() if weight >= MAIN_TOPIC and not concept.must]:
            about = np.array([any(topics.get(topic, 0.0) > 0.5 for topic in main) for topics in source.topics], dtype=np.float32)
            seen[index] = np.maximum(seen[index], about[source.passage_of] * IN_SECTION)
    whole = min(float(weights.sum()), MOST_SAID) or 1.0
    scores = weights @ seen / whole
    scores = scores / (1 + 0.0035 * np.maximum(0, source.lengths - 30))
    scores += SECTION * _section_scores(question, source)
    scores += FIGURE * _figures(question, source)
    patient = fits(question.patient, source)
    scores += np.where(_in_tables(source), COVERED_ROW, COVERS * source.doses) * ((patient > 0) & _on_doses(source))
    if library.meaning is not None:
        scores += MEANING * library.meaning.nearness(question.message.text, source)
    scores *= _worth(question, source) * _right_patients(question, source, library, language)
    scores *= np.where(patient < 0, EXCLUDES, 1.0)
    for index, concept in enumerate(concepts):
        if concept.drug or concept.must:
            scores *= np.where(seen[index] > NEARBY, 1.0, np.where(seen[index] > 0, 0.85, WITHOUT_NEEDED))
    if not {concept.name for concept in question.concepts} & _ASKS_STANDING:
        scores *= np.where(source.standing, STANDING, 1.0)
    scores -= 0.15 * (source.lengths < 4)
    return Ranked(source, scores.astype(np.float32), seen, own, weights, heard)


def is_asked(concept: Concept) -> bool:
    """Whether a concept names a section."""
    return max(concept.topics.values(), default=0.0) >= MAIN_TOPIC


def _leave_out_titles_of_tables(heading: npt.NDArray[np.bool_], concepts: Sequence[Concept], source: Source) -> None:
    """The first row of a table may name one medicine and the next rows others: only its own row speaks of a medicine,
    unless the title of the first column names it (`Current tetrabenazine dose | …`)."""
    tables = _in_tables(source)
    language = "fr" if source.edition.language == "fr" else "en"
    for index, concept in enumerate(concepts):
        if concept.drug:
            heading[index] &= ~(tables & ~_rows_of(concept.terms[language], source))


def _in_tables(source: Source) -> npt.NDArray[np.bool_]:
    tables = np.array([passage.table for passage in source.edition.passages], dtype=np.bool_)
    return tables[source.passage_of] if len(tables) else tables


def _rows_of(stems: frozenset[str], source: Source) -> npt.NDArray[np.bool_]:
    """Which sentences are rows of a table whose first column is titled with one of these words; a name alone is a row."""
    stem = STEMS["fr" if source.edition.language == "fr" else "en"]
    firsts = [passage.text.partition("\n")[0].partition(" | ")[0] if passage.table else "" for passage in source.edition.passages]
    cut = [words(first) for first in firsts]
    named = [len(title) > 1 and any(stem(word) in stems for word in title) for title in cut]
    return np.array(named, dtype=np.bool_)[source.passage_of]


def _on_doses(source: Source) -> npt.NDArray[np.bool_]:
    about = [any(topics.get(topic, 0.0) > 0.5 for topic in _DOSE_TOPICS) for topics in source.topics]
    return np.array(about, dtype=np.bool_)[source.passage_of]


def _related(concepts: Sequence[Concept], source: Source, library: Library, language: str) -> npt.NDArray[np.bool_]:
    """Where a medicine is meant by the name of its class."""
    found = np.zeros((len(concepts), len(source.spans)), dtype=np.bool_)
    for index, concept in enumerate(concepts):
        if kin := concept.kin.get(language):
            found[index] = _holds(kin, source, library)
    return found


def _incidence(slots: npt.NDArray[np.int8], place: npt.NDArray[np.int32], concepts: int, places: int) -> npt.NDArray[np.bool_]:
    found = np.zeros((concepts, places), dtype=np.bool_)
    hit = np.flatnonzero(slots)
    found[slots[hit] - 1, place[hit]] = True
    return found


def _said(concepts: Sequence[Concept], source: Source, library: Library, language: str) -> npt.NDArray[np.bool_]:
    """Where a concept stands under the question's own word."""
    slots = np.zeros(len(library.vocabulary), dtype=np.int8)
    for index, concept in enumerate(concepts):
        for word in words(concept.said):
            if (stem := STEMS[language](word)) in concept.terms[language] and stem in library.vocabulary:
                slots[library.vocabulary[stem]] = index + 1
    return _incidence(slots[source.terms], source.sentence_of, len(concepts), len(source.spans))


def _right_patients(question: Question, source: Source, library: Library, language: str) -> Scores:
    """Less for doses of patients of another kind than those asked about (renal impairment, dialysis, children …)."""
    fits = np.ones(len(source.spans), dtype=np.float32)
    if not question.asked or question.asked[0] not in _DOSE_TOPICS:
        return fits
    names = {concept.name for concept in question.concepts}
    book = concept_book()
    everybody = _holds(book.concept("adult", "").terms[language], source, library)
    for name, topic in _PATIENTS.items():
        if name in names or topic in question.topics:
            continue
        about = np.array([topics.get(topic, 0.0) == 1.0 for topics in source.topics], dtype=np.bool_)[source.passage_of]
        speaks = _holds(book.concept(name, "").terms[language], source, library) & ~everybody
        fits[about | speaks] = OTHER_PATIENTS
    if "dialysis" not in names:
        fits[_holds(book.concept("dialysis", "").terms[language], source, library)] = OTHER_PATIENTS
    return fits


def _holds(stems: frozenset[str], source: Source, library: Library) -> npt.NDArray[np.bool_]:
    """Which sentences hold one of these stems."""
    found = np.zeros(len(source.spans), dtype=np.bool_)
    numbers = [library.vocabulary[stem] for stem in sorted(stems) if stem in library.vocabulary]
    found[source.sentence_of[np.isin(source.terms, numbers)]] = True
    return found


def _section_scores(question: Question, source: Source) -> Scores:
    if not question.topics:
        return np.zeros(len(source.spans), dtype=np.float32)
    top = max(question.topics.values())
    home = codes_for(question.asked[0])
    per_passage = np.array(
        [
            _topic_fit(question.topics, topics) / top + (HOME if passage.section in home else 0.0)
            for topics, passage in zip(source.topics, source.edition.passages, strict=True)
        ],
        dtype=np.float32,
    )
    return per_passage[source.passage_of]


def _topic_fit(asked: dict[Topic, float], topics: dict[Topic, float]) -> float:
    """How well a passage's topics fit those asked: its best topic counts fully, the next one asked by half."""
    fits = sorted((asked[topic] * sure for topic, sure in topics.items() if topic in asked), reverse=True)
    return sum(fit * share for fit, share in zip(fits, (0.75, 0.35, 0.1), strict=False))


def _figures(question: Question, source: Source) -> Scores:
    names = {concept.name for concept in question.concepts}
    figures = np.zeros(len(source.spans), dtype=np.float32)
    if names & _ASKS_AMOUNT or asks_amount(question.message, question.found):
        figures = np.maximum(figures, source.doses.astype(np.float32))
    if names & _ASKS_TIME:
        figures = np.maximum(figures, source.times.astype(np.float32))
    if names & _ASKS_RATE:
        figures = np.maximum(figures, source.rates.astype(np.float32))
    return figures


def _worth(question: Question, source: Source) -> Scores:
    kinetics = (
        1.0
        if max(question.topics.get(Topic.PHARMACOKINETICS, 0.0), question.topics.get(Topic.PHARMACODYNAMICS, 0.0)) >= 0.5
        else UNASKED_KINETICS
    )
    effects = 1.0 if question.topics.get(Topic.ADVERSE_EFFECTS, 0.0) >= 0.3 or not question.topics else UNASKED_EFFECTS
    asked_studies = Topic.CLINICAL_STUDIES in question.topics or Topic.PHARMACODYNAMICS in question.topics
    per_passage = np.array(
        [
            (1.0 if asked_studies and passage.section == "clinical_studies" else _SECONDARY.get(passage.section, 1.0))
            * (kinetics if any(topics.get(topic, 0.0) > 0.5 for topic in _KINETICS) else 1.0)
            * (effects if is_home(passage.section, Topic.ADVERSE_EFFECTS) else 1.0)
            * (PAGED if passage.page is not None else 1.0)
            * (FOR_PATIENTS if source.edition.kind is Kind.LEAFLET else 1.0)
            for passage, topics in zip(source.edition.passages, source.topics, strict=True)
        ],
        dtype=np.float32,
    )
    return per_passage[source.passage_of] if len(source.spans) else per_passage[:0]
