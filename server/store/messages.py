"""What travels on the wire: commands come in, facts go out, notices are said once and forgotten.

A fact declares its stream where it is defined, and a stream declares who may hear it: that is also the wall between sales and
medical. A fact without a stream, or a command without a sender, cannot even be defined.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, field_validator


def _version_7(value: UUID) -> UUID:
    if value.version != 7:
        raise ValueError("a command's id is a UUID of version 7")
    return value


CommandId = Annotated[UUID, AfterValidator(_version_7)]


class Wire(BaseModel):
    """Anything that is said over the wire. Unknown fields are refused, so a misspelt name can not pass for silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    @cache
    def wire_name(cls) -> str:
        """The name on the wire: the class name in snake case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


@dataclass(frozen=True, slots=True)
class Stream:
    """A kind of ordered, gap-free log; one exists per subject (`room:<detailing id>`). `audience`: who may subscribe."""

    name: str
    audience: frozenset[str]

    def of(self, subject: str) -> str:
        """The id of this kind of stream for one subject."""
        return f"{self.name}:{subject}"


ROOM = Stream("room", frozenset({"hcp", "rep", "msl"}))
CONSOLE = Stream("console", frozenset({"rep"}))
CONVERSATION = Stream("conversation", frozenset({"hcp", "msl"}))
DESK = Stream("desk", frozenset({"msl"}))
STREAMS = {stream.name: stream for stream in (ROOM, CONSOLE, CONVERSATION, DESK)}

FACTS: dict[str, type[Fact]] = {}
COMMANDS: dict[tuple[str, str], type[Command]] = {}
SIGNALS: dict[str, type[Signal]] = {}
NOTICES: dict[str, type[Notice]] = {}


class Fact(Wire):
    """Something that happened, in the past tense; stored before anyone hears of it."""

    stream: ClassVar[Stream]

    def __init_subclass__(cls, *, stream: Stream, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.stream = stream
        FACTS[cls.wire_name()] = cls


class Command(Wire):
    """Something a person asks for, in the imperative. `id` is made once per act by the client; the same id is one act."""

    senders: ClassVar[frozenset[str]]
    id: CommandId

    def __init_subclass__(cls, *, by: tuple[str, ...], **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.senders = frozenset(by)
        for sender in by:
            COMMANDS[sender, cls.wire_name()] = cls

    @field_validator("*")
    @classmethod
    def _can_be_stored(cls, value: Any) -> Any:
        # PostgreSQL keeps every character but this one, which nobody types.
        if isinstance(value, str) and "\0" in value:
            raise ValueError("a text holds no NUL character")
        return value


class Signal(Wire):
    """Something a client lets others know in passing: not stored, not answered with a promise."""

    senders: ClassVar[frozenset[str]]

    def __init_subclass__(cls, *, by: tuple[str, ...], **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.senders = frozenset(by)
        SIGNALS[cls.wire_name()] = cls


class Notice(Wire):
    """Said to whoever is there now, never stored: presence, heads."""

    audience: ClassVar[frozenset[str]]

    def __init_subclass__(cls, *, to: tuple[str, ...], **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.audience = frozenset(to)
        NOTICES[cls.wire_name()] = cls


@dataclass(frozen=True, slots=True)
class Announcement:
    """A stored fact on its way out: `seq` counts from 1 without gaps in `stream`; `at` is UTC."""

    stream: str
    seq: int
    name: str
    at: datetime
    body: dict[str, Any]

    def to_wire(self) -> dict[str, Any]:
        """The envelope that clients receive, live and in replays alike; times are spelt as in bodies and snapshots."""
        at = self.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return {"stream": self.stream, "seq": self.seq, "name": self.name, "at": at, "body": self.body}


# Refusals of the moment and not of the act, and after how many seconds it may be sent again, with the same id.
PASSING = {"busy": 2, "storage_full": 5}


class Refusal(Exception):
    """The answer to a command that cannot be done. `code` is stable and translated where it is shown.

    `retry_after` is there when nothing is wrong with the act: after so many seconds the same one, with the same id, may be done.
    """

    def __init__(self, code: str, **details: str) -> None:
        super().__init__(code)
        self.code = code
        self.details = details
        self.retry_after = PASSING.get(code)
