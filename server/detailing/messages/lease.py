"""Who presents: one person, on one screen, holds the lease.

Each time it changes hands its `epoch` grows by one, and every command about what the room sees says under which epoch it was
meant. One from before is refused with `not_presenting`, whatever held it up on its way.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from server.store.messages import ROOM, Command, Fact, Notice, Signal, Wire

Epoch = Annotated[int, Field(ge=1, le=2**31 - 1)]
# The lease with which a session begins: its rep's, on the screen that started it.
FIRST: Epoch = 1


class HandOver(Command, by=("rep", "msl")):
    """Whoever presents gives the lease to somebody else in the session: `to` is an MSL who is in it, or the rep."""

    to: str
    epoch: Epoch = FIRST


class TakeOver(Command, by=("rep", "msl")):
    """This screen goes on presenting. `epoch`: the lease it saw last; of two at once, one gets it. The answer has the new one.

    The rep may take their own session over from anybody, an MSL only from another screen of their own.
    """

    epoch: Epoch


class Presenting(Signal, by=("rep", "msl")):
    """This screen holds the lease and is there. Said at every connection; what points, points from here."""

    epoch: Epoch


class Presenter(Wire):
    """Who presents, under which epoch of the lease."""

    staff_id: str
    name: str
    role: Literal["rep", "msl"]
    epoch: int


class LeaseGiven(Presenter, Fact, stream=ROOM):
    """Somebody was given the lease: one of their screens has yet to take it over."""


class LeaseTaken(Presenter, Fact, stream=ROOM):
    """A screen holds the lease from now on."""


class LeaseSeen(Notice, to=("rep", "msl")):
    """Whether the screen that holds the lease of this epoch is connected."""

    epoch: int
    connected: bool
