"""What the processes of one server tell each other, over a Redis channel: hints, never the record.

A hint may be late, twice or lost. Nothing waits for one, and what it is about is read from the database: of facts it says only
that they are there. So nothing that a person wrote, and nobody's name, ever stands on the channel. Each hint is sealed with the
secret of the installation: whoever else can write to the channel says nothing that is listened to.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import math
import random
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

if TYPE_CHECKING:
    from redis.asyncio import Redis

LOG = logging.getLogger("relais.hints")
# What waits to be published; past it, hints are dropped: what they were about is found by the heads.
QUEUE_LIMIT = 2000
# Larger than what a full process can have to say of everybody who is connected to it.
BYTES_LIMIT = 2 * 1024 * 1024
# Every process speaks at every heartbeat, and hears itself: after so much silence the line is dead, whatever the network says.
SILENCE = 6.0
PATIENCE = 1.0
BACK_OFF = (0.1, 1.0)
SEAL_BYTES = 16


class _Hint(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FactStored(_Hint):
    """A fact stands in the database."""

    kind: Literal["fact"] = "fact"
    stream: str
    seq: int


class NoticeSaid(_Hint):
    """Something is said to whoever is there now."""

    kind: Literal["notice"] = "notice"
    room: str
    name: str
    body: dict[str, Any]


class Place(_Hint):
    """Where a connected participant is: in which session, before which slide, with a tab that is visible or not."""

    detailing_id: str
    number: int | None
    visible: bool


class Here(_Hint):
    """Who is connected to this process, and the epochs of the leases held there by session; None: no longer.

    `all`: nobody else is.
    """

    kind: Literal["here"] = "here"
    people: dict[str, Place | None]
    leases: dict[str, int | None]
    all: bool = False


class CallerThere(_Hint):
    """Somebody in the call of a session, and on which line. Their name is in the database, for whoever may read it."""

    detailing_id: str
    person: dict[str, str | bool]
    sid: str
    since: float


class Calling(_Hint):
    """Everybody who is in a call with this process."""

    kind: Literal["calling"] = "calling"
    callers: list[CallerThere]


class Hello(_Hint):
    """This process has begun to listen."""

    kind: Literal["hello"] = "hello"


Hint = FactStored | NoticeSaid | Here | Calling | Hello


class _Envelope(_Hint):
    process: str
    hint: Annotated[Hint, Field(discriminator="kind")]


_ENVELOPE = TypeAdapter(_Envelope)


class Hints:
    """The line to the other processes. `hear` is given what they say, with the name of the one that says it."""

    def __init__(self, url: str, secret: bytes) -> None:
        self._url, self._key = url, hmac.digest(secret, b"hints", "sha256")
        self._channel = f"relais:{hmac.digest(secret, b'channel of hints', 'sha256').hex()[:16]}"
        self._process = secrets.token_hex(8)
        self._outgoing: asyncio.Queue[tuple[float, Hint]] = asyncio.Queue(QUEUE_LIMIT)
        self._hear: Callable[[str, Hint], Awaitable[None]] | None = None
        # Since when everything is heard, on the monotonic clock: infinity while nothing is.
        self.listening_since = math.inf
        self.ignored = 0

    def on_hint(self, hear: Callable[[str, Hint], Awaitable[None]]) -> None:
        """Have `hear` called with each hint of another process."""
        self._hear = hear

    def tell(self, hint: Hint) -> None:
        """Let the others know, soon or never."""
        if not self._outgoing.full():
            self._outgoing.put_nowait((time.monotonic(), hint))

    async def run(self) -> None:
        """Publish and listen, until cancelled; a Redis that is away is looked for again and again."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._again_and_again(self._publish))
            tasks.create_task(self._again_and_again(self._listen))

    async def _again_and_again(self, speak: Callable[[Redis], Awaitable[None]]) -> None:
        from redis.asyncio import Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff

        how: dict[str, Any] = {"socket_connect_timeout": PATIENCE, "socket_timeout": None, "retry": Retry(NoBackoff(), 0)}
        away = False
        while True:
            try:
                async with Redis.from_url(self._url, **how) as redis:
                    async with asyncio.timeout(PATIENCE):
                        await redis.ping()
                    if away:
                        LOG.warning("Redis is back")
                    away = False
                    await speak(redis)
            except Exception as error:  # whatever it was, hints that fail must stop nothing else
                if not away:
                    LOG.warning("Redis is away, facts reach other processes up to two seconds later: %r", error)
                away = True
            finally:
                if speak == self._listen:
                    self.listening_since = math.inf
            await asyncio.sleep(random.uniform(*BACK_OFF))  # noqa: S311  no secret, only not all at once

    async def _publish(self, redis: Redis) -> None:
        while True:
            said_at, hint = await self._outgoing.get()
            # What waited while Redis was away is true no longer: the next heartbeat says what is.
            if time.monotonic() - said_at <= PATIENCE:
                async with asyncio.timeout(PATIENCE):
                    await redis.publish(self._channel, self.sealed(hint))

    async def _listen(self, redis: Redis) -> None:
        async with redis.pubsub() as channel:
            await channel.subscribe(self._channel)
            while True:
                message = await channel.get_message(timeout=SILENCE)
                if message is None:
                    raise TimeoutError("nothing was heard")
                if message["type"] == "subscribe":
                    self.listening_since = time.monotonic()
                    self.tell(Hello())
                elif message["type"] == "message":
                    await self._heard(message["data"])

    async def _heard(self, raw: bytes) -> None:
        said = self.opened(raw)
        if said is None:
            self.ignored += 1
            LOG.warning("something on the channel of hints is none, and ignored: the %d. of its kind", self.ignored)
        elif said.process != self._process and self._hear is not None:
            try:
                await self._hear(said.process, said.hint)
            except Exception:  # whatever it was, the next hint is another one
                LOG.exception("a hint could not be followed")

    def sealed(self, hint: Hint) -> bytes:
        """A hint of this process as it travels."""
        words = _ENVELOPE.dump_json(_Envelope(process=self._process, hint=hint))
        return self._seal(words) + words

    def opened(self, raw: bytes) -> _Envelope | None:
        """What travelled, None when it is no hint of this installation."""
        seal, words = raw[:SEAL_BYTES], raw[SEAL_BYTES:]
        if len(raw) > BYTES_LIMIT or not hmac.compare_digest(seal, self._seal(words)):
            return None
        try:
            return _ENVELOPE.validate_json(words)
        except ValueError:
            return None

    def _seal(self, words: bytes) -> bytes:
        return hmac.digest(self._key, words, "sha256")[:SEAL_BYTES]
