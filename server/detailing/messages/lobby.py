"""Who comes, who is let in, who leaves."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from server.store.messages import CONSOLE, CONVERSATION, Command, Fact

SlideNumber = Annotated[int, Field(ge=1, le=999)]


class AdmitHcp(Command, by=("rep",)):
    """The rep lets one HCP in from the lobby."""

    participant_id: str


class RefuseHcp(Command, by=("rep",)):
    """The rep turns one person in the lobby away; the same link does not bring them back."""

    participant_id: str


class HcpArrived(Fact, stream=CONSOLE):
    """Someone is in the lobby. The name is there only for an HCP who consented to the tracking of this session."""

    participant_id: str
    name: str | None
    profession: str | None


class HcpAdmitted(Fact, stream=CONSOLE):
    """The HCP is in the room."""

    participant_id: str


class HcpRefused(Fact, stream=CONSOLE):
    """The person was turned away."""

    participant_id: str


class HcpLeft(Fact, stream=CONSOLE):
    """This participant is gone for good; who goes on without tracking comes back as another, nameless one."""

    participant_id: str


class AdmissionGranted(Fact, stream=CONVERSATION):
    """To the one HCP: the rep let you in."""


class AdmissionRefused(Fact, stream=CONVERSATION):
    """To the one person: the rep did not let you in."""
