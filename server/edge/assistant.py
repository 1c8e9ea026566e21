"""Lets the assistant answer, and read messages to reps: off the event loop, over what the gate lets through, losing nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

import bot
from bot.model import Handover, Reading, Reply, Turn
from content.gate import Viewer
from content.model import Audience
from server.conversation import reads
from server.conversation.actions import StaleCitation
from server.conversation.screening import screen
from server.conversation.tables import Question
from server.edge.commands.conversation import conclude
from server.edge.commands.direct import deliver
from server.edge.learning import Learning
from server.library.reads import approved_for_answers, ids_for_answers
from server.people.reads import guest
from server.store import Refusal, Store, clock

T = TypeVar("T")
LOG = logging.getLogger("relais.assistant")
PATIENCE = 10
# What another process took up and has not concluded after so many seconds, it will not: whoever looks first takes it up.
LOOK, LEFT_AFTER = 15.0, timedelta(seconds=30)
# What could not be concluded within this time is taken up after a restart only.
GIVEN_UP_AFTER = timedelta(minutes=15)


class Assistant:
    """Takes up questions and messages that are on record, one after the other, also those that a process left which is gone.

    Two may take up the same: what is concluded stays as it is.
    """

    def __init__(self, store: Store, country: str, learning: Learning | None = None) -> None:
        self._store, self._country, self._learning = store, country, learning
        self._waiting: asyncio.Queue[str] = asyncio.Queue()
        self._taken: set[str] = set()
        self._libraries: dict[str, tuple[frozenset[str], bot.Library]] = {}
        self._lessons: dict[str, asyncio.Task[None]] = {}
        # One thread: replies are pure Python, and a second one would only take turns with the first.
        self._thread = ThreadPoolExecutor(1, "relais-assistant")

    def read(self, words_id: str) -> None:
        """Take up a question, or a message to a rep, that is on record."""
        self._taken.add(words_id)
        self._waiting.put_nowait(words_id)

    async def run(self) -> None:
        """Answer until cancelled. The library of the home country is read first, so that the first question does not wait."""
        await self._library(self._country)
        for words_id in [*await self._store.read(reads.unanswered), *await self._store.read(reads.undelivered)]:
            self.read(words_id)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._answer())
            tasks.create_task(self._look_for_what_is_left())

    async def _answer(self) -> None:
        while True:
            words_id = await self._waiting.get()
            try:
                await self._take_up(words_id)
            except Refusal as refusal:
                # The reply could not be kept now: it waits as an act of a person does.
                asyncio.get_running_loop().call_later(refusal.retry_after or PATIENCE, self.read, words_id)
                continue
            except Exception:
                LOG.exception("%s could not be concluded; it is taken up again", words_id)
            self._taken.discard(words_id)

    async def _look_for_what_is_left(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            now = clock.now()
            span = now - GIVEN_UP_AFTER, now - LEFT_AFTER
            try:
                left = [*await self._store.read(reads.unanswered, *span), *await self._store.read(reads.undelivered, *span)]
            except Exception:  # whatever it was, it is looked for again
                LOG.exception("what other processes left could not be read")
                continue
            for words_id in left:
                if words_id not in self._taken:
                    self.read(words_id)

    async def close(self) -> None:
        """Let go of the threads."""
        for lesson in self._lessons.values():
            lesson.cancel()
        await asyncio.gather(*self._lessons.values(), return_exceptions=True)
        if self._learning is not None:
            self._learning.close()
        self._thread.shutdown(cancel_futures=True)

    async def _take_up(self, words_id: str) -> None:
        asked, context = await self._store.read(_with_context, words_id)
        if asked is None:
            return await self._take_up_message(words_id)
        try:
            await self._store.change(conclude, words_id, await self._reply(asked, context))
        except StaleCitation:
            # The gate closed between reading and sending. What may be said now is another library.
            await self._store.change(conclude, words_id, await self._reply(asked, context))

    async def _take_up_message(self, message_id: str) -> None:
        if (written := await self._store.read(_as_if_asked, message_id)) is not None:
            await self._store.change(deliver, message_id, await self._reply(written, []))

    async def _reply(self, asked: Question, context: list[Turn]) -> Reply:
        library = await self._library(asked.country)
        try:
            return await self._in_thread(
                lambda: bot.reply(asked.text, library, context=context, language=asked.language, country=asked.country)
            )
        except Exception:
            LOG.exception("the assistant failed on %s; it is handed over", asked.id)
            return Handover(
                Reading(asked.language), await self._in_thread(lambda: screen(asked.text, speaker="hcp")), "unavailable"
            )

    async def _library(self, country: str) -> bot.Library:
        """The library as the gate lets it through now: an approval, a withdrawal or the passing of a date makes another one."""
        viewer, now = Viewer(Audience.HCP, country), clock.now()
        allowed = await self._store.read(ids_for_answers, viewer, now)
        known = self._libraries.get(country)
        if known is not None and known[0] == allowed:
            return known[1]
        editions = await self._store.read(lambda session: list(approved_for_answers(session, viewer, now)))
        library = await self._in_thread(lambda: bot.Library.of(editions))
        self._libraries[country] = frozenset(reference for reference, _ in editions), library
        if self._learning is not None:
            if before := self._lessons.get(country):
                before.cancel()
            self._lessons[country] = asyncio.create_task(self._learn(country, library, self._learning))
        return library

    async def _learn(self, country: str, library: bot.Library, learning: Learning) -> None:
        """Puts the library with its meanings in the place of the one without, unless that is no longer the one."""
        try:
            understood = await learning.understood(library)
        except Exception:
            LOG.exception("the encoder failed; questions from %s are answered by words alone", country)
            return
        allowed, current = self._libraries[country]
        if current is library:
            self._libraries[country] = allowed, understood

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _with_context(session: Session, question_id: str) -> tuple[Question | None, list[Turn]]:
    asked = reads.question(session, question_id)
    return asked, [] if asked is None else reads.context(session, asked)


def _as_if_asked(session: Session, message_id: str) -> Question | None:
    """A message to a rep as the question that it may be."""
    message = reads.direct_message(session, message_id)
    author = None if message is None or message.guest_id is None else guest(session, message.guest_id)
    if message is None or author is None:
        return None
    return Question(id=message.id, text=message.text, language=author.language, country=author.country)
