"""Questions on a use outside the approved one: looked for before any sentence is, never answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np

import intents
from bot.concepts import concept_book
from bot.indexing import Source
from bot.lexicon import Lexicon
from bot.library import Library
from bot.reading import Question, asks_amount, concept_names
from bot.subject import Subject
from bot.uses import APPROVED_USE, DOSED_IN, INDICATIONS, TAKEN, Uses, age_asked, ages_from, ages_under, amounts, times_a_day
from bot.words import STEMS, Word, fold, skeleton, words
from content.sections import Topic

_SETTLED = frozenset(
    """pregnancy breast_feeding renal hepatic elderly overdose allergy dialysis interaction food crush feeding_tube
    surgery missed_dose storage shelf_life""".split()
)
_BY_MOUTH = "by mouth"
_ASKS_DOSE = frozenset({"posology", "starting_dose", "maximum", "loading_dose", "maintenance", "titration"})
_HOW_MUCH = re.compile(r"\b(?:combien|how (?:much|many|often)|regimen|schema|protocole?|schedule)\b")
# An aim of treatment named outright; then what is said of the patient does not settle the matter.
_AIM = re.compile(
    r"\b(?:pour (?:traiter|ralentir|prevenir|soulager|calmer|ameliorer|reduire|faire|stimuler)"
    r"|to (?:treat|slow|prevent|relieve|improve|reduce|help|stimulate))\b"
)
# What happens under treatment, or happened before, is not what the medicine is given for.
_CIRCUMSTANCE = re.compile(
    r"\b(?:si|if|when|quand|apres|after|post|en cas d[e']|in case of|avec|with|grade|induced|sous|on"
    r"|antecedents? d[e']|history of|pas de|no|prior)"
    r"(?: (?:une?|an?|the|la|le|l|des|du|severe|grade|\d))* ?$"
)
_MARKER = re.compile(
    r"\b(?P<marker>her.?2|hr|er|rh|ph|alk|ros.?1|egfr|braf|k.?ras|brca\d?|flt3|idh\d|pd.?l1|ntrk|met|fgfr\d?|philadelphia)\b\W{0,2}"
    r"(?:[a-z0-9()+/-]+ ){0,7}?(?P<sign>negati\w+|neg\b|low\b|wild.?type|sauvage|non mute\w*"
    r"|positi\w+|pos\b|mut\w+|amplif\w+|overexpress\w*|surexpr\w+|rearrange\w*|deletions?)"
    r"|\b(?P<first>wild.?type|sauvage|non.?mut\w+) (?P<of>braf|k.?ras|egfr|flt3)\b"
    r"|\b(?P<short>her.?2|hr|er|rh|ph|alk|ros.?1)(?P<mark>[+-])(?=[\s,./)]|$)"
)
# What patients had before is not what the medicine is given for.
_BEFORE = re.compile(r"\b(?:who (?:have|has)|having|previously|after|following|ayant|prealablement|apres)\b[^.;\n]*")
_NEGATIVE = re.compile(r"neg|low|wild|sauvage|non|-")


@cache
def _rules() -> dict[str, list[re.Pattern[str]]]:
    data = intents.load("off_label")
    return {
        name: [re.compile(pattern) for patterns in data[name].values() for pattern in patterns]
        for name in ("openly", "asks_use", "asks_amount", "purpose")
    }


@cache
def _opposites() -> dict[str, dict[str, re.Pattern[str]]]:
    return {
        axis: {kind: re.compile(pattern) for kind, pattern in kinds.items()}
        for axis, kinds in intents.load("off_label")["opposites"].items()
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
    if not dosed and not any(pattern.search(plain) for pattern in rules["asks_use"]):
        return None
    if dosed and (reason := _too_young(question, sources) or _not_for_children(names, sources, library)):
        return reason
    if subject.matches and not frozenset.intersection(*(match.editions for match in subject.matches)):
        return None  # several medicines
    indications = [Uses(source, INDICATIONS) for source in sources]
    if dosed and (reason := _other_kind(plain, indications)):
        return reason
    approved = [Uses(source, DOSED_IN) for source in sources]
    if dosed and (reason := _unlisted(question, approved, library)):
        return reason
    if names & _SETTLED and not _AIM.search(plain):
        return None
    if any(concept.drug for concept in question.concepts):
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


def _not_for_children(names: set[str], sources: Sequence[Source], library: Library) -> str | None:
    """Whether a dose is asked for a child although every edition rules children out and gives them no dose."""
    if names & {"child", "premature"} and all(_rules_children_out(source, library) for source in sources):
        return "a dose for children, whom the label rules out"
    return None


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


def _other_kind(plain: str, indications: Sequence[Uses]) -> str | None:
    """Whether the question is on one kind of a disease, or of patient, where only another is approved."""
    asked = _kinds(plain)
    granted = [_kinds(_BEFORE.sub(" ", " \n".join(uses.granted.values()))) for uses in indications]
    for axis, kinds in sorted(asked.items()):
        if all(theirs.get(axis) and not theirs[axis] & kinds for theirs in granted):
            return f"approved for another kind: {axis} {', '.join(sorted(kinds))}"
    return None


def _kinds(text: str) -> dict[str, set[str]]:
    found = {axis: {kind for kind, pattern in kinds.items() if pattern.search(text)} for axis, kinds in _opposites().items()}
    for sign in _MARKER.finditer(text):
        marker = re.sub(r"\W", "", sign["marker"] or sign["of"] or sign["short"])
        shown = sign["sign"] or sign["first"] or sign["mark"]
        found.setdefault(marker, set()).add("negative" if _NEGATIVE.match(shown) else "positive")
    return {axis: kinds for axis, kinds in found.items() if kinds}


def _unlisted(question: Question, approved: Sequence[Uses], library: Library) -> str | None:
    """Whether a dose is asked beside a disease that no approved use names."""
    said = question.message.words
    for name, first, last in _conditions(question.language).find(said):
        start = question.message.places.index(said[first].start)
        if _CIRCUMSTANCE.search(question.message.plain[max(0, start - 40) : start]):
            continue
        if all(any(not _approved(word, uses, library, question.language) for word in said[first:last]) for uses in approved):
            return f"not among the approved uses: {name}"
    return None


def _outside(condition: str, question: Question, approved: Sequence[Uses], library: Library, dosed: bool) -> str | None:
    """Whether no approved use among the editions asked about speaks of this condition."""
    book = concept_book()
    said = [
        word
        for word in question.message.words
        if word.form in condition.split()
        and len(word.form) > 2
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
