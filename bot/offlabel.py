"""Questions on a use outside the approved one: looked for before any sentence is, never answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

import intents
from bot.concepts import concept_book
from bot.indexing import Source
from bot.kinds import other_aim, other_kind
from bot.lexicon import Lexicon
from bot.library import Library
from bot.reading import Question, asks_amount, concept_names
from bot.retrieval import is_asked
from bot.subject import Subject, concepts_for
from bot.unheard import unheard
from bot.uses import APPROVED_USE, DOSED_IN, INDICATIONS, TAKEN, Uses, age_asked, ages_from, ages_under, amounts, times_a_day
from bot.words import STEMS, Message, Word, fold, skeleton, words
from content.sections import Topic

_SETTLED = frozenset(
    """pregnancy breast_feeding renal hepatic elderly overdose allergy dialysis interaction food crush feeding_tube
    surgery missed_dose storage shelf_life""".split()
)
ADULT = 18  # years
HAPPENED = 0.5  # a topic surer than this
_HAPPENS = frozenset({Topic.ADVERSE_EFFECTS, Topic.OVERDOSE})
_BY_MOUTH = "by mouth"
_ASKS_DOSE = frozenset({"posology", "starting_dose", "maximum", "loading_dose", "maintenance", "titration"})
_HOW_MUCH = re.compile(
    r"\b(?:combien|how (?:much|many|often)|regimen|schema|protocole?|schedule|rythme|(?:mg|mcg|µg|ug)/kg)\b"
    r"|\b(?:which|what|quel) (?:strength|dosage)\b|\bsame (?:dose|\d+)|\bmeme dose\b"
    r"|\b\d+(?:[.,]\d+)? ?(?:mg|mcg|cp)? ?(?:daily|a day|per day|par jour|bds?|bid|tds|tid|qds?|qid|od|x ?\d|/ ?j|weekly)\b"
    r"|\b(?:une?|deux|demi|one|two|half) (?:gelules?|comprimes?|cps?|tablets?|capsules?|ampoules?) (?:par jour|a day|daily)"
)
_HOW_LONG = re.compile(r"\bhow long\b|\bduree\b|\bduration\b|\bjusqu.ou\b")
# An aim of treatment named outright; then what is said of the patient does not settle the matter.
_AIM = re.compile(
    r"\b(?:pour (?:traiter|ralentir|freiner|stabiliser|prevenir|soulager|calmer|ameliorer|reduire|faire|stimuler)"
    r"|to (?:treat|slow|prevent|relieve|improve|reduce|help|stimulate))\b"
)
# What happens under treatment, or happened before, is not what the medicine is given for.
_CIRCUMSTANCE = re.compile(
    r"\b(?:si|if|when|quand|apres|after|post|en cas d[e']|in case of|avec|with|grade|induced|sous|on"
    r"|antecedents? d[e']|history of|pas de|no|prior)"
    r"(?: (?:une?|an?|the|la|le|l|des|du|severe|grade|\d))* ?$"
)


# A disease that another medicine is given for (`zona traité par brivudine`).
_TREATED = re.compile(r" (?:\w+ )?(?:traitee? par|treated with)\b")


@cache
def _rules() -> dict[str, list[re.Pattern[str]]]:
    data = intents.load("off_label")
    return {
        name: [re.compile(pattern) for patterns in data[name].values() for pattern in patterns]
        for name in ("openly", "asks_use", "asks_amount", "purpose")
    }


@cache
def _routes() -> dict[str, re.Pattern[str]]:
    return {route: re.compile(pattern) for route, pattern in intents.load("off_label")["routes"].items()}


@cache
def _not_conditions() -> frozenset[str]:
    return frozenset(
        word for terms in intents.load("off_label")["no_condition"].values() for term in terms for word in words(term)
    )


@cache
def _conditions(language: str) -> Lexicon:
    return Lexicon(language, {term: [term] for term in intents.load("conditions")[language]})


def off_label(question: Question, subject: Subject, library: Library) -> str | None:
    """Why a question asks for a use outside the approved indications and posology; None when nothing says so."""
    plain = question.message.plain
    rules = _rules()
    for pattern in rules["openly"]:
        if found := pattern.search(plain):
            return f"asks openly: {found[0]}"
    names = concept_names(question.concepts)
    # An extract without its indications rules nothing out.
    sources = [source for place in subject.editions if Uses(source := library.sources[place], INDICATIONS)]
    if not sources:
        return None
    dosed = bool(names & _ASKS_DOSE or _HOW_MUCH.search(plain) or asks_amount(question.message, question.found))
    schemed = dosed or _HOW_LONG.search(plain) is not None
    used = dosed or any(pattern.search(plain) for pattern in rules["asks_use"])
    if not schemed and not used:
        return None
    if dosed and (reason := _too_young(question, sources) or _not_for_children(question, sources, library)):
        return reason
    if subject.matches and not frozenset.intersection(*(match.editions for match in subject.matches)):
        return None  # several medicines
    indications = [Uses(source, INDICATIONS) for source in sources]
    if schemed and (reason := other_kind(plain, indications)):
        return reason
    approved = [Uses(source, DOSED_IN) for source in sources]
    if schemed and (reason := other_aim(plain, approved)):
        return reason
    if dosed and (reason := _unlisted(question, approved, library) or _ruled_out(question, indications, library)):
        return reason
    if reason := _unheard_of(question, subject, library):
        return reason
    if names & _SETTLED and not _AIM.search(plain):
        return None
    if any(concept.drug for concept in question.concepts):
        return None
    if not used:
        return None
    for pattern in rules["purpose"]:
        for found in pattern.finditer(plain):
            uses = indications if _AIM.search(found[0]) else approved
            if reason := _outside(found["condition"], question, uses, library, dosed):
                return reason
    return _other_route(plain, sources, dosed) or _too_much(question, sources)


def _too_young(question: Question, sources: Sequence[Source]) -> str | None:
    """Whether a dose is asked for a child younger than any that the approved uses speak of."""
    age = age_asked(question.message)
    if age is None:
        return None
    if all(_is_too_young(age, question, Uses(source, APPROVED_USE)) for source in sources):
        return "a dose for a child younger than those the label doses"
    return None


def _is_too_young(age: float, question: Question, uses: Uses) -> bool:
    everywhere = [from_age for text in uses.granted.values() for from_age in ages_from(text)]
    language = "fr" if uses.source.edition.language == "fr" else "en"
    stems = frozenset[str]().union(*(concept.terms[language] for concept in question.concepts if not concept.generic))
    # Of several diseases with ages of their own, the one asked about decides.
    theirs = [
        from_age
        for text in uses.granted.values()
        if stems & {STEMS[language](word) for word in words(text)}
        for from_age in ages_from(text)
    ]
    lowest = min(theirs or everywhere, default=None)
    under = [under for text in uses.denied.values() for under in ages_under(text)]
    if lowest is not None:
        if any(age < limit <= lowest for limit in under):
            return True
        # « Moins de 6 ans : 5 mg » has no lowest age; "6 months to less than 6 years" has.
        return age < lowest and not any(
            age < limit for text in uses.granted.values() if not ages_from(text) for limit in ages_under(text)
        )
    return age < max(under, default=0.0)


def _not_for_children(question: Question, sources: Sequence[Source], library: Library) -> str | None:
    """Whether a dose is asked for a child although every edition rules children out and gives them no dose."""
    if not concept_names(question.concepts) & {"child", "premature"}:
        return None
    age = age_asked(question.message)
    if age is not None and any(_speaks_of(age, Uses(source, DOSED_IN)) for source in sources):
        return None
    if all(_rules_children_out(source, library) for source in sources):
        return "a dose for children, whom the label rules out"
    return None


def _speaks_of(age: float, uses: Uses) -> bool:
    """Whether an edition grants a use from an age that a child has reached, short of that of adults."""
    return any(from_age <= age for text in uses.granted.values() for from_age in ages_from(text) if from_age < ADULT)


def _rules_children_out(source: Source, library: Library) -> bool:
    language = "fr" if source.edition.language == "fr" else "en"
    book = concept_book()
    terms = book.concept("child", "").terms[language] | book.concept("premature", "").terms[language]
    numbers = [library.vocabulary[term] for term in sorted(terms) if term in library.vocabulary]
    speaks = np.zeros(len(source.spans), dtype=np.bool_)
    speaks[source.sentence_of[np.isin(source.terms, numbers)]] = True
    headed = set(source.heading_passage[np.isin(source.heading_terms, numbers)].tolist())
    uses = Uses(source, APPROVED_USE)
    dosed = Uses(source, DOSED_IN)
    if any(speaks[sentence] and source.doses[sentence] for sentence in dosed.granted):
        return False
    return any(speaks[sentence] or int(source.passage_of[sentence]) in headed for sentence in uses.denied)


def _unheard_of(question: Question, subject: Subject, library: Library) -> str | None:
    """Whether a dose or a use is asked beside a rare word that no label of the medicine holds and that is no circumstance."""
    if any(question.topics.get(topic, 0.0) > HAPPENED for topic in _HAPPENS):
        return None  # told of what happened, not of what it is given for
    strange: list[str] = []
    for place in subject.editions:
        words_left = [
            concept.said
            for concept in unheard(question, concepts_for(question, subject, place, library), place, library)
            if concept.said not in _not_conditions() and not _is_circumstance(concept.said, question)
        ]
        if not words_left:
            return None
        strange = strange or words_left
    return f"nothing on: {' '.join(strange)}" if strange else None


def _is_circumstance(said: str, question: Question) -> bool:
    start = question.message.plain.find(said)
    if start >= 0 and _TREATED.match(question.message.plain, start + len(said)):
        return True
    return start >= 0 and _CIRCUMSTANCE.search(question.message.plain[max(0, start - 40) : start]) is not None


def _unlisted(question: Question, approved: Sequence[Uses], library: Library) -> str | None:
    """Whether a dose is asked beside a disease that no approved use names."""
    long = concept_book().abbreviations[question.language]
    short = {word.form: Message.read(long[word.form]).words for word in question.message.words if word.form in long}
    for start, said in (("", question.message.words), *short.items()):
        for name, first, last in _conditions(question.language).find(said):
            if _is_circumstance(start or said[first].form, question):
                continue
            if not any(_named(said[first:last], uses, library, question.language) for uses in approved):
                return f"not among the approved uses: {name}"
    return None


def _named(condition: Sequence[Word], uses: Uses, library: Library, language: str) -> bool:
    """Whether an approved use names a disease, all its words in one sentence or above it."""
    if not all(_approved(word, uses, library, language) for word in condition):
        return False
    if len(condition) == 1:
        return True
    other = "fr" if uses.source.edition.language == "fr" else "en"
    stems = [_forms(word.form, language, other, library) for word in condition]
    return any(all(_any_of(forms, uses.terms_of(sentence), library) for forms in stems) for sentence in uses.granted)


def _ruled_out(question: Question, indications: Sequence[Uses], library: Library) -> str | None:
    """Whether a dose is asked for what the indications rule out in so many words (limitations of use), and grant nowhere."""
    reason = None
    for uses in indications:
        language = "fr" if uses.source.edition.language == "fr" else "en"
        telling = [concept for concept in question.concepts if not concept.generic and not concept.drug and not is_asked(concept)]
        told = [
            (concept.said, [library.vocabulary[term] for term in concept.terms[language] if term in library.vocabulary])
            for concept in telling
        ]
        granted = {said for said, terms in told if uses.terms.intersection(terms)}
        denied = [
            {said for said, terms in told if np.isin(uses.source.terms[uses.source.sentence_of == sentence], terms).any()}
            for sentence in uses.denied
        ]
        against = next((said for said in denied if len(said) > 1 and said - granted), None)
        if against is None:
            return None
        reason = f"ruled out: {' '.join(sorted(against))}"
    return reason


def _outside(condition: str, question: Question, approved: Sequence[Uses], library: Library, dosed: bool) -> str | None:
    """Whether no approved use among the editions asked about speaks of this condition."""
    book = concept_book()
    said = [
        word
        for word in question.message.words
        if word.form in condition.split()
        and (len(word.form) > 2 or word.form in book.abbreviations[question.language])
        and not word.form[0].isdigit()
        and word.form not in book.phrasing["fr"] | book.phrasing["en"] | _not_conditions()
        and not book.is_everyday(word.form, question.language)
    ]
    said = [word for word in said if not any(word.form in (match.said, match.name) for match in question.found.matches)]
    generic = {
        w
        for name, first, last in book.find(said, question.language)
        if book.concept(name, "").generic or name in {"child", "elderly", "adult", "maximum", "starting_dose", "posology"}
        for w in (x.form for x in said[first:last])
    }
    missing = [
        word
        for word in said
        if word.form not in generic and not any(_approved(word, uses, library, question.language) for uses in approved)
    ]
    if not missing:
        return None
    if not dosed and any(
        all(_holds(word, uses, uses.denied_terms, library, question.language) for word in missing) for uses in approved
    ):
        return None  # whether it may be used is asked, and the label rules on it
    return f"not among the approved uses: {' '.join(word.form for word in missing)}"


def _approved(word: Word, uses: Uses, library: Library, language: str) -> bool:
    """Whether the approved uses hold a word, other than one that the indications only rule out."""
    ruled_out = _holds(word, uses, uses.indications.denied_terms, library, language)
    granted = uses.indications if ruled_out else uses
    return _holds(word, uses, granted.terms, library, language)


def _holds(word: Word, uses: Uses, terms: frozenset[int], library: Library, language: str) -> bool:
    """Whether sentences of an edition hold a word, in any of its forms or under its concept's other names."""
    book = concept_book()
    other = "fr" if uses.source.edition.language == "fr" else "en"
    stems = _forms(word.form, language, other, library)
    for name, _, _ in book.find([word], language):
        concept = book.concept(name, word.form)
        if not concept.generic and Topic.ADMINISTRATION not in concept.topics:  # « goutte » is gout here, and no drop
            stems |= concept.terms[other]
    if _any_of(stems, terms, library):
        return True
    long = [part for part in fold(book.abbreviations[language].get(word.form, "")).split() if len(part) > 4]
    return bool(long) and all(_any_of(_forms(part, language, other, library), terms, library) for part in long)


def _any_of(stems: Iterable[str], terms: frozenset[int], library: Library) -> bool:
    return any(library.vocabulary.get(stem) in terms for stem in stems)


def _forms(form: str, language: str, other: str, library: Library) -> set[str]:
    """A word's stem in the language of an edition, and there the words that look like it."""
    stems = {STEMS[other](form)}
    if other != language:
        prefix = next((prefix for prefix in ("hyper", "hypo") if form.startswith(prefix)), "")
        rest = skeleton(form.removeprefix(prefix))
        # Words that begin with `hyper` or `hypo` look alike at first: what follows decides.
        stems |= {near for near in library.cognates(form, other) if skeleton(near.removeprefix(prefix)) == rest}
    return stems


def _other_route(plain: str, sources: Sequence[Source], dosed: bool) -> str | None:
    """Whether a dose is asked by a route that the labels, which name others, do not name."""
    asked = {route for route, pattern in _routes().items() if pattern.search(plain)}
    if not asked or not dosed:
        return None
    for source in sources:
        form = _named_routes(source, frozenset({Topic.FORM, Topic.COMPOSITION, Topic.NAME}))
        named = form if _BY_MOUTH in form else form | _named_routes(source, TAKEN)
        if not named or named & asked:
            return None
    return f"not a route of the label: {', '.join(sorted(asked))}"


def _named_routes(source: Source, about: frozenset[Topic]) -> set[str]:
    text = " \n".join([fold(source.edition.title), *Uses(source, about).granted.values()])
    return {route for route, pattern in _routes().items() if pattern.search(text)}


def _too_much(question: Question, sources: Sequence[Source]) -> str | None:
    """Whether an amount is asked for that is above every amount the posology lets a day hold."""
    plain = question.message.plain
    if not any(pattern.search(plain) for pattern in _rules()["asks_amount"]):
        return None
    asked = [(amount.unit, amount.much * (1 if amount.a_day else times_a_day(plain))) for amount in amounts(plain)]
    for source in sources:
        most: dict[str, float] = {}
        for text in (fold(source.edition.title), *Uses(source, DOSED_IN).granted.values()):
            for amount in amounts(text):
                times = 1 if amount.a_day else times_a_day(text)
                most[amount.unit] = max(most.get(amount.unit, 0.0), amount.much * times)
        if not any(unit in most and much > most[unit] for unit, much in asked):
            return None
    return "an amount above those of the label"
