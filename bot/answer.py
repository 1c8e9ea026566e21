"""Composing an answer: the fewest verbatim sentences that hold what was asked, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bot.concepts import Concept
from bot.disagreement import RULED_ON, Verdict, figures, verdict
from bot.indexing import Source, is_home
from bot.library import Library
from bot.model import Citation
from bot.reading import SETTLED_ELSEWHERE, Question
from bot.retrieval import MAIN_TOPIC, NEARBY, Ranked, is_asked, rank
from bot.subject import Subject, concepts_for, interaction_topics, names_other_medicine
from content.sections import Topic

MOST_CITATIONS = 5
WORDS = 64  # an answer grows to about this length while its sentences still score well
AS_GOOD = 0.93  # a sentence this near the best is shown even beyond that length: nothing tells which of them is meant
ALONGSIDE = 0.75  # or this near, next to the best
MOST_WORDS = 130
KEPT = 0.6  # share of the best score that a further sentence needs
TABLE_WORDS = 70  # a table this short is quoted whole, as its rows mean little alone
ELSEWHERE = 0.4  # share of its weight that a word counts for when it stands in the document, but not in what is quoted
ABSENT = 3.5  # weight of a word the document does not hold
UNHEARD = 1.2  # the same when no document holds it, or this one is in another language: a turn of phrase, or just not translated
ASKED = 3.0  # the section asked for, and what names one, tell as much as a rare word
COVERAGE = 0.42  # share of the weight of the telling words that the answer must hold
AT_HOME = 1.3  # of sections that answer alike, the one the standard gives to the subject is shown first
AS_SURE = 0.85  # share of the best score from which another label of the same substance is heard too
MOST_BESIDE = 2
FIRST_NAMED = 1.1  # of two medicines asked about, the one named first is more often the subject
LIST_HEAD = 25  # words between the opening of a list and an item, to quote them in one piece
LONGEST_LIST = 30  # items
LONGEST_HEADER = 25  # words: a longer first row is no header
_BULLETS = frozenset("-•▪◦·–*o")
SHORTEST = 3  # letters
LONGEST = 120  # words of one citation
NOWHERE_ELSE = frozenset({Topic.CLINICAL_STUDIES, Topic.LEGAL_STATUS, Topic.HOLDER, Topic.PRECLINICAL, Topic.INCOMPATIBILITIES})
_WHOM = frozenset({Topic.RENAL, Topic.HEPATIC})
_DOSED_IN = frozenset({Topic.POSOLOGY, Topic.ADMINISTRATION, Topic.CONTRAINDICATIONS})


@dataclass(slots=True)
class Chosen:
    """Sentences of one passage that stand side by side, first to last."""

    ranked: Ranked
    first: int
    last: int
    score: float

    def section(self) -> str:
        """The code of the section it stands in."""
        return self.ranked.source.edition.passages[int(self.ranked.source.passage_of[self.first])].section

    def text(self) -> str:
        """The words quoted."""
        start, end = self.ranked.source.spans[self.first][0], self.ranked.source.spans[self.last][1]
        return self.ranked.source.edition.text[start:end]

    def words(self) -> int:
        """How long the quotation is."""
        return int(self.ranked.source.lengths[self.first : self.last + 1].sum())


_Candidate = tuple[Ranked, list[Concept], int, Question]  # an edition ranked, for what, its place, and the question put to it


def compose(question: Question, subject: Subject, library: Library, evidence: dict[str, Any]) -> tuple[Citation, ...]:
    """The citations that answer, best first; empty when the approved content does not say."""
    ranking: list[_Candidate] = []
    for place in subject.editions:
        concepts = concepts_for(question, subject, place, library)
        asked = replace(question, topics=interaction_topics(question.topics)) if names_other_medicine(concepts) else question
        if len(library.sources[place].spans):
            ranking.append((rank(asked, library.sources[place], library, concepts), concepts, place, asked))
    if not ranking:
        return ()
    foremost = subject.matches[0].editions if subject.matches else frozenset()
    best, concepts, _, asked = max(
        ranking, key=lambda entry: float(entry[0].scores.max()) * (FIRST_NAMED if entry[2] in foremost else 1.0)
    )
    chosen = _choose(best)
    reason = _abstain(best, concepts, chosen, question)
    evidence["source"] = best.source.reference
    evidence["scores"] = [round(choice.score, 3) for choice in chosen]
    if reason:
        evidence["abstained"] = reason
        return ()
    shown = _in_order(chosen, asked)
    beside = _beside(best, shown, ranking, library)
    if beside:
        evidence["beside"] = [choice.ranked.source.reference for choice in beside]
    return tuple(_cite(choice) for choice in [*shown[: MOST_CITATIONS - len(beside)], *beside])


def _beside(best: Ranked, shown: Sequence[Chosen], ranking: Sequence[_Candidate], library: Library) -> list[Chosen]:
    """What other approved labels of the same substance say otherwise: nobody but the reader may choose between them."""
    place = library.sources.index(best.source)
    substance = library.catalogue.whole_substances[place]
    said, ruling = _figures(shown), _verdict(shown)
    beside: list[Chosen] = []
    for ranked, concepts, other, asked in sorted(ranking, key=lambda entry: -float(entry[0].scores.max())):
        if (
            other == place
            or len(beside) == MOST_BESIDE
            or best.source.edition.language != ranked.source.edition.language
            or not any(substance)
            or library.catalogue.whole_substances[other] != substance
            or float(ranked.scores.max()) < AS_SURE * float(best.scores.max())
        ):
            continue
        chosen = _choose(ranked)
        top = int(ranked.scores.argmax())
        told = _figures([Chosen(ranked, top, top, 0.0)])
        theirs = _verdict(chosen) if RULED_ON & set(asked.asked[:1]) else None
        otherwise = bool(ruling and theirs and theirs != ruling)
        if (otherwise or told - said) and _abstain(ranked, concepts, chosen, asked) is None:
            beside.append(next(choice for choice in chosen if not otherwise or _verdict([choice]) == theirs))
            said |= told
    return beside


def _figures(chosen: Iterable[Chosen]) -> set[str]:
    return set[str]().union(*(figures(choice.text()) for choice in chosen))


def _verdict(chosen: Iterable[Chosen]) -> Verdict | None:
    return max((ruling for choice in chosen if (ruling := verdict(choice.text()))), default=None)


def _in_order(chosen: Sequence[Chosen], question: Question) -> list[Chosen]:
    """What stands in one section together, in reading order; the section that is the place of the subject asked about first."""
    worth: dict[str, float] = {}
    for choice in chosen:
        section = choice.section()
        home = bool(question.asked) and is_home(section, question.asked[0])
        worth[section] = max(worth.get(section, 0.0), choice.score * (AT_HOME if home else 1.0))
    return sorted(chosen, key=lambda choice: (-worth[choice.section()], choice.section(), choice.first))


def _choose(ranked: Ranked) -> list[Chosen]:
    """Best sentences first; those next to each other become one quotation."""
    order = np.lexsort((np.arange(len(ranked.scores)), -ranked.scores))[:40]
    best = float(ranked.scores[order[0]])
    chosen: list[Chosen] = []
    texts: set[str] = set()
    total = 0
    for sentence in order.tolist():
        score = float(ranked.scores[sentence])
        if chosen and score < KEPT * best:
            break
        if total >= WORDS and score < (ALONGSIDE if _adjoins(chosen[0], sentence) else AS_GOOD) * best:
            continue
        if any(choice.first <= sentence <= choice.last for choice in chosen):
            continue
        candidate = _around(ranked, sentence, score)
        text = " ".join(candidate.text().lower().split())
        if text in texts or (chosen and total + candidate.words() > MOST_WORDS):
            continue
        texts.add(text)
        if not _joined(chosen, candidate):
            if len(chosen) == MOST_CITATIONS:
                break
            chosen.append(candidate)
        total += candidate.words()
    return _introduced(ranked, chosen)


def _adjoins(choice: Chosen, sentence: int) -> bool:
    """Whether a sentence stands right before or after a quotation, in the same passage."""
    passage_of = choice.ranked.source.passage_of
    return sentence in (choice.first - 1, choice.last + 1) and passage_of[sentence] == passage_of[choice.first]


def _around(ranked: Ranked, sentence: int, score: float) -> Chosen:
    """The sentence, with what it cannot be understood without: its short table, or the list it introduces."""
    source = ranked.source
    place = int(source.passage_of[sentence])
    passage = source.edition.passages[place]
    if passage.table:
        rows = np.flatnonzero(source.passage_of == place)
        if int(source.lengths[rows].sum()) <= TABLE_WORDS:
            return Chosen(ranked, int(rows[0]), int(rows[-1]), score)
        return Chosen(ranked, sentence, sentence, score)
    last = sentence
    length = int(source.lengths[sentence])
    while (
        source.text(last).rstrip().endswith(":")
        and last + 1 < len(source.spans)
        and source.passage_of[last + 1] == place
        and length < WORDS
    ):
        last += 1
        length += int(source.lengths[last])
    return Chosen(ranked, sentence, last, score)


def _introduced(ranked: Ranked, chosen: list[Chosen]) -> list[Chosen]:
    """Rows of a table with its header, items of a list with the line that opens it: joined when near, else quoted beside them."""
    for choice in list(chosen):
        opening = _opening(ranked, choice.first)
        if opening is None or any(c.first <= opening <= c.last for c in chosen):
            continue
        between = int(ranked.source.lengths[opening : choice.first].sum())
        if between <= LIST_HEAD:
            choice.first = opening
        elif len(chosen) < MOST_CITATIONS:
            chosen.append(Chosen(ranked, opening, opening, choice.score))
    return chosen


def _opening(ranked: Ranked, sentence: int) -> int | None:
    """The line that a sentence leans on: the header of its table, or the sentence ending in a colon that opens its list."""
    source = ranked.source
    text = source.edition.text
    place = source.passage_of[sentence]
    if source.edition.passages[int(place)].table:
        header = int(np.flatnonzero(source.passage_of == place)[0])
        return header if header < sentence and int(source.lengths[header]) <= LONGEST_HEADER else None
    for earlier in range(sentence, max(-1, sentence - LONGEST_LIST), -1):
        if source.passage_of[earlier] != place:
            return None
        if earlier < sentence and source.text(earlier).endswith(":"):
            return earlier
        start = int(source.spans[earlier][0])
        if text[max(0, start - 2) : start].strip() not in _BULLETS:
            return None
    return None


def _joined(chosen: Sequence[Chosen], candidate: Chosen) -> bool:
    """Adds a sentence to the quotation it continues, when there is one."""
    passage_of = candidate.ranked.source.passage_of
    for choice in chosen:
        if passage_of[choice.first] != passage_of[candidate.first] or choice.words() + candidate.words() > LONGEST:
            continue
        if candidate.first == choice.last + 1:
            choice.last = candidate.last
            return True
        if candidate.last == choice.first - 1:
            choice.first = candidate.first
            return True
    return False


def _abstain(ranked: Ranked, concepts: Sequence[Concept], chosen: Sequence[Chosen], question: Question) -> str | None:
    """Why the sentences found do not answer: a telling word of the question is not in them."""
    if not chosen:
        return "nothing found"
    sentences = [s for choice in chosen for s in range(choice.first, choice.last + 1)]
    seen = ranked.seen[:, sentences].max(axis=1) if len(concepts) else np.zeros(0)
    others = [index for index, concept in enumerate(concepts) if concept.drug]
    if others and not seen[others].any():
        return f"nothing on {', '.join(concepts[index].said for index in others)}"
    about = {
        topic for s in sentences for topic, sure in ranked.source.topics[int(ranked.source.passage_of[s])].items() if sure > 0.5
    }
    if any(question.topics.get(topic, 0.0) >= 1.0 for topic in about & SETTLED_ELSEWHERE):
        return None
    if not ranked.own[others][:, sentences].any():
        for index, concept in enumerate(concepts):
            if concept.must and seen[index] == 0:
                return f"the passages found do not speak of {concept.said}"
    if any(question.topics.get(topic, 0.0) >= 1.0 and topic not in about for topic in NOWHERE_ELSE & set(question.asked[:1])):
        return f"the passages found are not about {question.asked[0].value}"
    telling = [i for i, concept in enumerate(concepts) if not concept.generic]
    if (
        (asked := {topic for topic in question.topics if topic in _WHOM})
        and _asks_dose(concepts)
        and not about & (asked | _DOSED_IN)
    ):
        return "the passages found say nothing on the dose in these patients"
    # A word the document does not hold at all may be a mere turn of phrase: it counts, but not as much as its rarity.
    present = {i for i in telling if ranked.own[i].any()}
    at_home = ranked.source.edition.language == question.language
    worth = {
        i: max(float(ranked.weights[i]), ASKED if is_asked(concepts[i]) else 0.0)
        if i in present
        else min(float(ranked.weights[i]), ABSENT if at_home and ranked.heard[i] else UNHEARD)
        for i in telling
    }
    held = {i for i in telling if seen[i] > NEARBY or about & _main_topics(concepts[i])}
    covered = sum(worth[i] * (1.0 if i in held else ELSEWHERE if i in present else 0.0) for i in telling)
    strange = [concepts[i].said for i in telling if i not in present and _says_what(concepts[i])]
    if strange and not held and at_home:
        return f"nothing on {', '.join(strange)}"
    section = ASKED if any(question.topics.get(topic, 0.0) >= 1.0 for topic in about) else 0.0
    if worth and covered + section < COVERAGE * (sum(worth.values()) + section):
        return f"not in the passages found: {', '.join(concepts[i].said for i in telling if i not in held)}"
    return None


def _says_what(concept: Concept) -> bool:
    """Whether a concept is a word of its own that points to no section: what the question is about, and nothing else."""
    return not concept.topics and not concept.drug and concept.said.replace(" ", "").isalpha() and len(concept.said) > SHORTEST


def _main_topics(concept: Concept) -> set[Topic]:
    return {topic for topic, weight in concept.topics.items() if weight >= MAIN_TOPIC}


def _asks_dose(concepts: Sequence[Concept]) -> bool:
    return any(
        concept.topics.get(Topic.POSOLOGY, 0.0) >= MAIN_TOPIC and Topic.MISSED_DOSE not in concept.topics for concept in concepts
    )


def _cite(choice: Chosen) -> Citation:
    source: Source = choice.ranked.source
    edition = source.edition
    passage = edition.passages[int(source.passage_of[choice.first])]
    start, end = int(source.spans[choice.first][0]), int(source.spans[choice.last][1])
    text = edition.text[start:end]
    assert passage.start <= start < end <= passage.end, "a citation never leaves its passage"
    return Citation(
        source.reference,
        edition.digest,
        edition.title,
        passage.section,
        passage.path,
        text,
        start,
        end,
        passage.page,
        edition.language,
        passage.table,
    )
