"""Messages that ask nothing, that ask for a person, or for something no label holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import intents
from bot.model import Screening, Turn
from bot.reading import SHORT, Question
from bot.subject import CLEAR_TOPIC, Subject
from bot.words import Message
from content.sections import Topic

_YES = re.compile(r"^\W*(?:oui|ok|d.accord|volontiers|yes|yep|sure|please do|svp|allez.y|go ahead|je veux bien|please)\b")
_OFFER = re.compile(
    r"\b(?:msl|responsable scientifique|transmettre"
    r"|medical (?:science )?liaison|forward|pass (?:this|your|it)|une personne|information medicale|medical information)\b"
)

# A medicine beside a disease or another medicine, and nothing else (`Nortavel et glaucome`): a question in its shortest form.
_BESIDE = re.compile(r"^\W*[\w-]+(?: \d[\w,.]*)?(?: mg)? (?:et|and|avec|with|chez|in|si|if|pendant|during)\b|^\W*[\w-]+ ?\+")
BRIEF = 9  # words

MAY_BE_ASKED = 0.4  # a topic this sure asks, where nobody is spoken of to whom it could have happened


@cache
def _cues(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for patterns in intents.load("cues")[name].values() for pattern in patterns)


def wants_person(question: Question, safety: Screening, context: Sequence[Turn]) -> bool:
    """Whether a person is asked for, or an offered hand-over accepted."""
    if "human_request" in safety.labels:
        return True
    offered = bool(context) and context[-1].role == "bot" and _OFFER.search(Message.read(context[-1].text).plain) is not None
    return offered and _YES.search(question.message.plain) is not None


def only_reports(question: Question, subject: Subject, safety: Screening) -> bool:
    """Whether a message tells of an event and asks nothing: it is taken up, not answered.

    A telegraphic question (`Nortavel loading dose`, `nortavel missed dose`) looks like a report too: without a word that tells
    what happened, or when, a message that names a section asks for it.
    """
    plain = question.message.plain
    if not safety.is_report or "?" in plain or any(cue.search(plain) for cue in _cues("asks")):
        return False
    if Topic.MISSED_DOSE in question.topics:
        return False
    if subject.kind not in ("resolved", "unknown") and safety.criteria["patient"]:
        return True
    if any(cue.search(plain) for cue in _cues("tells")):
        return True
    if len(question.message.words) <= BRIEF and subject.kind == "resolved" and _BESIDE.search(plain):
        return False
    clear = CLEAR_TOPIC if safety.criteria["patient"] else MAY_BE_ASKED
    return len(question.message.words) > SHORT and max(question.topics.values(), default=0.0) < clear


def is_chat(question: Question, subject: Subject) -> bool:
    """Whether a message is not about what labels hold: instructions to the program, translation, sums, guidelines, logistics."""
    plain = question.message.plain
    if any(cue.search(plain) for cue in _cues("never")):
        return True
    return subject.kind != "resolved" and any(cue.search(plain) for cue in _cues("without_a_medicine"))
