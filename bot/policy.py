"""Deciding the reply: safety, person, topic, product, off-label, then the sentences; what cannot be answered goes to a person."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answer import compose
from bot.library import Library
from bot.model import Answer, Clarification, Decline, Handover, Reading, Reply, Turn
from bot.offlabel import off_label
from bot.offtopic import is_chat, only_reports, wants_person
from bot.reading import Question, read
from bot.safety import screen
from bot.subject import Subject, resolve


def reply(
    question: str,
    library: Library,
    *,
    context: Sequence[Turn] = (),
    language: str | None = None,
    country: str = "FR",
    cross_lingual: bool = True,
) -> Reply:
    """The one decision: an answer in approved sentences, a question back, a hand-over or a polite no.

    `context` holds the turns before, oldest first. `language` (`fr`, `en`) is that of the interface and decides when the
    words do not; `country` (ISO 3166-1) prefers its own editions. Without `cross_lingual` only editions in the language of
    the question are quoted. Pure: the same arguments give the same reply, byte for byte.
    """
    safety = screen(question, language=language)
    read_question = read(question, library, context, language)
    subject = resolve(read_question, library, country, cross_lingual)
    reading = _reading(read_question, subject, library)
    if wants_person(read_question, safety, context):
        return Handover(reading, safety, "human_requested")
    if only_reports(read_question, subject, safety):
        return Handover(reading, safety, "safety_report")
    if subject.kind == "none" or is_chat(read_question, subject):
        return Decline(reading, safety)
    if subject.kind == "unknown":
        return Handover(reading, safety, "unknown_product")
    if subject.kind in ("missing", "ambiguous"):
        return Clarification(reading, safety, f"{subject.kind}_product", subject.options)
    if reason := off_label(read_question, subject, library):
        reading.evidence["off_label"] = reason
        return Handover(reading, safety, "off_label")
    citations = compose(read_question, subject, library, reading.evidence)
    if not citations:
        return Handover(reading, safety, "no_evidence")
    return Answer(reading, safety, citations)


def _reading(question: Question, subject: Subject, library: Library) -> Reading:
    question.evidence["subject"] = subject.kind
    if library.meaning is not None:
        question.evidence["encoder"] = library.meaning.encoder
    return Reading(
        question.language,
        tuple(dict.fromkeys(library.sources[place].edition.product for place in subject.editions[:5])) or subject.options,
        tuple(topic.value for topic in question.asked[:4]),
        question.evidence,
    )
