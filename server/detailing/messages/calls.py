"""Audio and video between people in a session: browsers speak to each other, and the server only introduces them.

Nothing of a call is stored. Who is in it is known while they are; what browsers say to each other passes through.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from server.store.messages import CommandId, Notice, Signal, Wire

EVERYBODY = ("hcp", "rep", "msl")
# Everyone sends to everyone: beyond this, pictures cost more than a practice's line carries.
MOST = 4
DESCRIPTION_LIMIT = 32 * 1024
CANDIDATE_LIMIT = 1024


class InCall(Signal, by=EVERYBODY):
    """This page is in the call, heard and seen or not. Said on joining, at each change, and at every connection.

    `entry` is made once per joining. With `joins` the page takes the call over from any other of the same person. The answer
    has `ice`: the servers by which browsers find each other.
    """

    entry: CommandId
    joins: bool = False
    microphone: bool
    camera: bool


class LeaveCall(Signal, by=EVERYBODY):
    """This page hangs up."""


class Description(Wire):
    """What a browser can send and receive (SDP)."""

    type: Literal["offer", "answer"]
    sdp: str = Field(max_length=DESCRIPTION_LIMIT)


class Candidate(Wire):
    """An address at which a browser may be reached, for one of the media that it described."""

    candidate: str = Field(max_length=CANDIDATE_LIMIT)
    medium: str | None = Field(max_length=64)
    line: int | None = Field(ge=0, le=99)
    fragment: str | None = Field(max_length=256)


class TellPeer(Signal, by=EVERYBODY):
    """One browser in the call to another: a description or a candidate. `to` is a person, `entry` their joining that is meant."""

    to: str = Field(max_length=36)
    entry: CommandId
    description: Description | None = None
    candidate: Candidate | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> TellPeer:
        if (self.description is None) == (self.candidate is None):
            raise ValueError("a browser tells a description or a candidate")
        return self


class CallPerson(Wire):
    """Somebody in the call. `name` is there only for staff and for an HCP who consented to the tracking of this session."""

    id: str
    entry: str
    name: str | None
    role: Literal["hcp", "rep", "msl"]
    microphone: bool
    camera: bool


class CallChanged(Notice, to=EVERYBODY):
    """To those in the call, and to the rep: who is in it now."""

    people: list[CallPerson]


class CallSeen(Notice, to=EVERYBODY):
    """To everyone in the room: how many are in the call."""

    people: int


class CallLost(Notice, to=EVERYBODY):
    """To one page: it is in the call no longer. `elsewhere`: another page of the same person is."""

    reason: Literal["elsewhere", "over"]


class PeerTold(Notice, to=EVERYBODY):
    """To one page in the call: what another's browser says. `entry`: the joining of whoever says it."""

    entry: str
    description: Description | None
    candidate: Candidate | None
