"""What may change in a conversation. A question is on record before anything interprets it; asking is hot: it speaks Core."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import insert

from bot.model import Answer, Citation, Clarification, Decline, Handover, Reply
from content.gate import Viewer
from content.model import Audience
from server.conversation.messages import (
    CitedPassage,
    OralAnswerMarked,
    QuestionAsked,
    QuestionHeard,
    ReplyGiven,
    ReplyJudged,
    Shortcoming,
)
from server.conversation.reads import behind_the_wall, told_to_rep
from server.conversation.tables import Question, ReplyRow
from server.library.reads import OnScreen, passage_at, shows, words_at
from server.people.identity import Visitor
from server.store import Refusal, Transaction


def ask_question(
    tx: Transaction,
    guest: Visitor,
    text: str,
    language: str,
    *,
    question_id: str,
    on_screen: OnScreen,
) -> None:
    """Put the HCP's own words on record, with what they had before them. Raises `Refusal('empty')`."""
    if not text.strip():
        raise Refusal("empty")
    row = {
        "id": question_id,
        "guest_id": guest.id,
        "detailing_id": on_screen.detailing_id,
        "deck_id": on_screen.deck_id,
        "slide_number": on_screen.number,
    }
    tx.session.execute(
        insert(Question), {**row, "text": text, "language": language, "country": guest.country, "asked_at": tx.now}
    )
    tx.announce(guest.id, QuestionAsked(question_id=question_id, text=text, slide_number=on_screen.number))


def mark_answered_orally(tx: Transaction, question_id: str, *, detailing_id: str) -> None:
    """The rep says that they answered this question by voice. Raises `Refusal('not_found')`, also for one behind the wall."""
    question = tx.session.get(Question, question_id)
    if question is None or question.detailing_id != detailing_id or behind_the_wall(tx.session.get(ReplyRow, question_id)):
        raise Refusal("not_found")
    if question.answered_orally_at is None:
        question.answered_orally_at = tx.now
        tx.announce(detailing_id, OralAnswerMarked(question_id=question_id))


class StaleCitation(Exception):
    """A citation that the gate no longer lets through, or whose words are not those of the edition: it must not be sent."""


def record_reply(tx: Transaction, question_id: str, reply: Reply, *, rehearsed: bool = False) -> None:
    """Keep what the assistant replied and send it, after asking the gate once more and checking every span.

    `rehearsed`: nothing follows from it. A question that has its reply already keeps it. Raises `StaleCitation`; nothing is sent
    then.
    """
    question = tx.session.get_one(Question, question_id)
    if tx.session.get(ReplyRow, question_id) is not None:
        return
    citations = [_verified(tx, question, citation) for citation in reply.citations] if isinstance(reply, Answer) else []
    options = list(reply.options) if isinstance(reply, Clarification) else []
    kind = kind_of(reply)
    row = ReplyRow(
        question_id=question_id,
        kind=kind,
        reason=reply.reason,
        options=options,
        citations=[citation.model_dump(mode="json") for citation in citations],
        products=list(reply.reading.products),
        sections=list(reply.reading.sections),
        evidence=_as_json(reply.reading.evidence),
        labels=list(reply.safety.labels) if reply.safety.is_report else [],
        at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()
    tx.announce(
        question.guest_id,
        ReplyGiven(
            question_id=question_id,
            kind=kind,
            reason=reply.reason,
            options=options,
            citations=citations,
            report_taken=reply.safety.is_report and not rehearsed,
            report_asked=reply.safety.is_report and rehearsed,
        ),
    )
    if question.detailing_id is not None:
        tx.announce(question.detailing_id, QuestionHeard(**told_to_rep(question, row)))


def judge_reply(tx: Transaction, guest: Visitor, question_id: str, *, useful: bool | None, reason: Shortcoming | None) -> None:
    """Keep how the HCP found an answer they got; the latest word counts. Raises `Refusal('not_found')`."""
    question, reply = tx.session.get(Question, question_id), tx.session.get(ReplyRow, question_id)
    if question is None or question.guest_id != guest.id or reply is None or reply.kind != "answer":
        raise Refusal("not_found")
    reason = None if useful is not False else reason
    if (reply.useful, reply.shortcoming) == (useful, reason):
        return
    reply.useful, reply.shortcoming = useful, reason
    tx.announce(guest.id, ReplyJudged(question_id=question_id, useful=useful, reason=reason))


def kind_of(reply: Reply) -> Any:
    """The reply's kind as the wire and the command line name it."""
    match reply:
        case Answer():
            return "answer"
        case Clarification():
            return "clarify"
        case Handover():
            return "handover"
        case Decline():
            return "decline"


def _verified(tx: Transaction, question: Question, citation: Citation) -> CitedPassage:
    viewer = Viewer(Audience.HCP, question.country)
    passage = passage_at(tx.session, citation.document, citation.start, citation.end)
    if passage is None or not shows(tx.session, citation.document, viewer, tx.now):
        raise StaleCitation(citation.document)
    if words_at(tx.session, citation.document, citation.start, citation.end) != citation.text:
        raise StaleCitation(citation.document)
    return CitedPassage(
        edition_id=citation.document,
        passage_id=passage.id,
        title=citation.title,
        section=citation.section,
        path=list(citation.path),
        text=citation.text,
        start=citation.start,
        end=citation.end,
        page=citation.page,
        language=citation.language,
        table=citation.table,
    )


def _as_json(evidence: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(evidence, default=str))
    return plain
