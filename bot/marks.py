"""What a message shows, mark by mark: words and patterns of `intents/safety`, and what only the structure of a message tells."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache

import intents
from bot.concepts import concept_book
from bot.lexicon import Lexicon
from bot.names import name_book
from bot.words import Message, Word

Span = tuple[int, int]

_CLAUSE_END = re.compile(r"[.;!?:,()\n]|\b(?:mais|cependant|toutefois|sauf|but|however|although|except|though)\b")
_DRUG_SHAPE = re.compile(
    r"[a-z]{2,24}(?:mab|nib|tinib|ciclib|parib|pril|sartan|statine?|olol|azole?|conazole|cilline?|mycine?|micine?|prazole|gliptine?|gliflozine?|setron|triptan|navir|tegravir"
    r"|buvir|ciclovir|floxacine?|parine?|xaban|gatran|lukast|zepam|zolam|dipine|semide|thiazide|glutide|terol|solone|metasone|cept|profene?|oxetine|triptyline|azepine|azepam|lidone|peridol"
    r"|curium|caine|formine|dronate|dronique|trexate?|platine?|taxel|rubicine?|bicine|mustine|fungine?|cycline|barbital|oxicam|coxib|fibrate|vaptan|limus|tropium|kinra|stim|poetine?)"
)
_WINDOW = 45  # characters between a medicine and the words that say it was taken: farther apart they belong to other things
_DENIAL_REACH = 60
SHORTEST_SYMPTOM = 5  # letters
_PLAN_REACH = 25
_BREAK = re.compile(r"[,.;:!?\n]")
_TELLING = ("person", "staff", "batch", "reaction", "value", "medication_error", "occupational", "lack_of_effect", "took_place")
_CLAUSE = re.compile(r"[^,.;!?\n]+[,.;!?\n]?")
_NAMED_LATER = re.compile(
    r"\b(?:sous|avec|depuis|on|with|since|started|taking|prend|de|after|apres) (?:le |la |l'|un |une |the )?$"
)
_NEVER = re.compile(r"\b(?:jamais|pas|never|not|no|sans|without)\b[^,.;]{0,6}$")
_SENTENCE = re.compile(r"[^.;!?\n]+[.;!?\n]*")
_FEARED = re.compile(
    r"\b(?:risques?|frequences?|incidence|prevalence|taux|proportion|pourcentage|nombre|prevention|prevenir|eviter"
    r"|depist\w+|surveill\w+|craint|crainte|peur|risk|risks|rate|rates"
    r"|frequency|proportion|prevent\w*|avoid\w*|screening|likelihood|potential|threshold|in case|en cas|fear of|worried about"
    r"|warning)\b[^.;!?]{0,30}$"
)
_PURPOSE = re.compile(
    r"(?<!hospitalise )(?<!hospitalisee )(?<!admis )(?<!admise )(?<!admitted )"
    r"(?<!opere )(?<!operee )(?<!seen )(?<!vue )(?<!urgences )(?<!arrete )(?<!stopped )"
    r"\b(?:pour(?: (?:le|la|les|l|un|une|son|sa|ses))?|contre|for(?: (?:the|his|her|a|an))?|against"
    r"|traitement d\w*|treatment of|traitee? pour|treated for|indique\w* dans"
    r"|dans (?:la|le|les|l)"
    r"|antecedents? d\w*|atcd d\w*|history of|hx of|known|connue? pour|prophylaxie d\w*|prophylaxis of) ?'?(?:\w+ ){0,1}$"
)


@dataclass(slots=True)
class Marks:
    """The marks of one message and where each was seen (places in the original text)."""

    message: Message
    spans: dict[str, list[Span]] = field(default_factory=dict)

    def add(self, name: str, span: Span | None = None) -> None:
        """Notes a mark; without a span it is only known to be there."""
        self.spans.setdefault(name, []).extend([span] if span else [])

    def __contains__(self, name: str) -> bool:
        return any(part in self.spans for part in name.split("|"))

    def first(self, *names: str) -> str | None:
        """The words of the earliest span of the first of these marks that has any."""
        for name in names:
            if spans := self.spans.get(name):
                start, end = min(spans, key=lambda span: (span[0], -span[1]))
                return self.message.text[start:end]
        return None


class _Language:
    """The marks of one language, ready to be looked for."""

    def __init__(self, language: str) -> None:
        marks = intents.load(f"safety/marks.{language}")
        reactions = intents.load("safety/reactions")
        lists = {name: mark["terms"] for name, mark in marks.items() if "terms" in mark}
        self.lexicon = Lexicon(language, {**lists, "symptom": reactions[language]})
        self.patterns = [(name, re.compile(pattern)) for name, mark in marks.items() for pattern in mark.get("patterns", ())]
        self.endings = tuple(reactions["endings"])
        self.not_endings = frozenset(reactions["not_endings"])

    def look(self, message: Message, marks: Marks) -> None:
        """Adds every mark of this language that the message shows."""
        for name, first, last in self.lexicon.find(message.words):
            marks.add(name, (message.words[first].start, message.words[last - 1].end))
        for name, pattern in self.patterns:
            for found in pattern.finditer(message.plain):
                marks.add(name, (message.places[found.start()], message.places[max(found.start(), found.end() - 1)] + 1))
        for word in message.words:
            if len(word.form) > SHORTEST_SYMPTOM and word.form.endswith(self.endings) and word.form not in self.not_endings:
                marks.add("symptom", (word.start, word.end))


@cache
def _language(code: str) -> _Language:
    return _Language(code)


def read_marks(message: Message, languages: tuple[str, ...]) -> Marks:
    """All marks of a message, those of its structure included."""
    marks = Marks(message)
    for code in languages:
        _language(code).look(message, marks)
    _products(message, marks)
    _values(message, marks)
    _assertions(message, marks)
    _structure(marks)
    return marks


def _products(message: Message, marks: Marks) -> None:
    book = name_book()
    short = intents.load("short_names")
    symptoms = set(marks.spans.get("symptom", ()))
    seen: set[frozenset[str]] = set()
    for word in message.words:
        meaning = book.meaning(short.get(word.form, word.form)) if len(word.form) > 2 else frozenset()
        if not meaning and _is_unknown_name(word, message):
            meaning = frozenset([word.form])
        if meaning or (len(word.form) > 5 and _DRUG_SHAPE.fullmatch(word.form)):
            if (word.start, word.end) in symptoms:
                continue
            marks.add("product", (word.start, word.end))
            seen.add(meaning or frozenset([word.form]))
    if len(seen) > 1:
        marks.add("two_products")
    if "product" in marks or "product_class" in marks or "understood" in marks:
        marks.add("subject")


def _is_unknown_name(word: Word, message: Message) -> bool:
    """A capitalised word no list knows, right after a word that says a medicine is taken (`sous Rivotil`)."""
    if len(word.form) < 5 or not message.text[word.start].isupper() or word.form in concept_book().ordinary:
        return False
    return _NAMED_LATER.search(message.plain[max(0, word.start - 20) : word.start]) is not None


@cache
def _ranges() -> tuple[re.Pattern[str], dict[str, list[list[float]]]]:
    """The names of laboratory and vital values with the number behind them, and what is normal for each."""
    normal = {name: row["normal"] for row in intents.load("safety/ranges") for name in row["names"]}
    names = "|".join(sorted(normal, key=len, reverse=True))
    return re.compile(
        rf"\b({names})\b\W{{0,3}}(?:\w+ ){{0,2}}?[<>=~]? ?(\d{{1,3}}(?: \d{{3}})+|\d+(?:[.,]\d+)?)(?! ?(?:ans|mg|y))"
    ), normal


def _values(message: Message, marks: Marks) -> None:
    """Which values are named with a number, and whether the number is normal: `INR 2.4` is no event, `INR 9` is."""
    pattern, normal = _ranges()
    for found in pattern.finditer(message.plain):
        value = float(found[2].replace(" ", "").replace(",", "."))
        inside = any(low <= value <= high for low, high in normal[found[1]])
        span = (message.places[found.start()], message.places[found.end() - 1] + 1)
        marks.add("normal_value" if inside else "abnormal_value", span)


def _clauses(message: Message) -> list[int]:
    return [0, *(found.end() for found in _CLAUSE_END.finditer(message.plain))]


def _assertions(message: Message, marks: Marks) -> None:
    """A symptom counts as a reaction unless it is denied, feared or the reason of the treatment."""
    starts = _clauses(message)
    back = {place: index for index, place in reversed(list(enumerate(message.places)))}
    denials = [back.get(start, 0) for start, _ in marks.spans.get("denied", ())]
    serene = [(back.get(start, 0), back.get(start, 0) + end - start) for start, end in marks.spans.get("causal_negation", ())]
    for start, end in sorted(set(marks.spans.get("symptom", ()))):
        place = back.get(start, 0)
        clause = starts[bisect_right(starts, place) - 1]
        before = message.plain[max(clause, place - 60) : place]
        if any(a <= start < b for a, b in marks.spans.get("status", ())):
            continue
        if any(
            clause <= denial < place and place - denial < _DENIAL_REACH and not any(a <= denial < b for a, b in serene)
            for denial in denials
        ):
            marks.add("denied_reaction", (start, end))
        elif _FEARED.search(before) or _PURPOSE.search(before):
            marks.add("feared_reaction", (start, end))
        else:
            marks.add("reaction", (start, end))


def _linked(plain: str, first: Span, second: Span) -> bool:
    """Whether two spans belong together: near each other with no punctuation between."""
    left, right = sorted((first, second))
    between = plain[left[1] : right[0]]
    return len(between) <= _WINDOW and not _BREAK.search(between)


def _segments(marks: Marks) -> tuple[bool, bool]:
    """Whether some sentence of the message tells something, and whether one that does names a medicine."""
    told = about_product = False
    medicines = marks.spans.get("product", []) + marks.spans.get("product_class", []) + marks.spans.get("understood", [])
    asking = marks.spans.get("asks", [])
    topics = marks.spans.get("label_topic", [])
    # What a label speaks of asks for it, unless the same sentence tells of somebody or something that took place.
    telling = [span for name in _TELLING for span in marks.spans.get(name, ())]
    for found in _SENTENCE.finditer(marks.message.plain):
        start, end = marks.message.places[found.start()], marks.message.places[found.end() - 1] + 1
        if found[0].count(" ") < 2 or any(start <= span[0] < end for span in asking):
            continue
        if any(start <= span[0] < end for span in topics) and not any(start <= span[0] < end for span in telling):
            continue
        told = True
        about_product = about_product or (found[0].count(" ") >= 3 and any(start <= span[0] < end for span in medicines))
    return told, about_product


def _case_clause(marks: Marks, medicines: list[Span]) -> bool:
    """Whether a clause without a question mark tells of a person, a medicine and something that happened."""
    plain, places = marks.message.plain, marks.message.places
    for found in _CLAUSE.finditer(plain):
        start, end = places[found.start()], places[found.end() - 1] + 1
        holds = {
            name for name in ("person", "happened", "taken") if any(start <= span[0] < end for span in marks.spans.get(name, ()))
        }
        asks = found[0].endswith("?") or any(start <= span[0] < end for span in marks.spans.get("asks", ()))
        if len(holds) == 3 and not asks and any(start <= medicine[0] < end for medicine in medicines):
            return True
    return False


def _structure(marks: Marks) -> None:
    """Marks that follow from others."""
    plain = marks.message.plain
    medicines = marks.spans.get("product", []) + marks.spans.get("product_class", [])
    proposed = marks.spans.get("proposed", [])
    # "start with X" proposes: the same words would else say that X is taken.
    taken = [
        span
        for span in marks.spans.pop("taken", [])
        if not any(p[0] <= span[0] < p[1] + 8 for p in proposed) and not _NEVER.search(plain[max(0, span[0] - 12) : span[0]])
    ]
    # What is only planned for a medicine is not taken yet.
    planned = [
        m for m in medicines if any(0 <= m[0] - p[1] <= _PLAN_REACH and not _BREAK.search(plain[p[1] : m[0]]) for p in proposed)
    ]
    medicines = [medicine for medicine in medicines if medicine not in planned]
    linked = (
        [span for span in taken if any(_linked(plain, span, medicine) for medicine in medicines)]
        if medicines or planned
        else taken
    )
    if linked:
        marks.spans["taken"] = linked
    asks = "asks|label_topic" in marks
    case_clause = asks and _case_clause(marks, medicines)
    told, about_product = _segments(marks)
    derived = {
        "event": "reaction|value|body_complaint" in marks,
        "told": told,
        "case_clause": case_clause,
        "told_about_product": about_product,
        "denied_only": "denied_reaction" in marks and "event|lack_of_effect|overdose" not in marks,
        "label_topic_only": "label_topic" in marks and "happened|batch|person" not in marks,
        "asks_principle": asks and "principle" in marks and not told,
        "principle_only": "principle|label_topic" in marks and "person" not in marks,
        "chat_only": "chat" in marks and "subject" not in marks,
        "asks_only": asks and not told,
        "proposed_only": bool(proposed) and not linked,
        "good_news": "good_outcome" in marks and "concession|reaction|value" not in marks,
        "good_news_only": "good_outcome" in marks and "concession|serious" not in marks,
        "pregnancy_planned_only": asks and "pregnancy_planned" in marks and ("principle" in marks or not linked),
        "lactation_planned_only": asks and "lactation_planned" in marks and not linked,
        "case": told and "person" in marks and "subject" in marks,
        "human_only": "human_idiom" in marks and "subject|principle" not in marks,
    }
    for name, true in derived.items():
        if true:
            marks.add(name)
