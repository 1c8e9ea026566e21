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


class RemoveHcp(Command, by=("rep",)):
    """The rep ends somebody's part in the session; the same link does not bring them back."""

    participant_id: str


class LockLobby(Command, by=("rep",)):
    """From now on nobody new comes into the lobby; who is in may come back."""


class UnlockLobby(Command, by=("rep",)):
    """Invitations open the lobby again."""


class HcpArrived(Fact, stream=CONSOLE):
    """Someone is in the lobby. The name is there only for an HCP who consented to the tracking of this session.

    `link_reused`: somebody had come in by the same link before.
    """

    participant_id: str
    name: str | None
    profession: str | None
    link_reused: bool = False


class HcpAdmitted(Fact, stream=CONSOLE):
    """The HCP is in the room."""

    participant_id: str


class HcpRefused(Fact, stream=CONSOLE):
    """The person was turned away."""

    participant_id: str


class HcpRemoved(Fact, stream=CONSOLE):
    """The person's part in the session was ended."""

    participant_id: str


class LobbyLocked(Fact, stream=CONSOLE):
    """Nobody new comes into the lobby."""


class LobbyUnlocked(Fact, stream=CONSOLE):
    """Invitations open the lobby again."""


class HcpLeft(Fact, stream=CONSOLE):
    """This participant is gone for good; who goes on without tracking comes back as another, nameless one."""

    participant_id: str


class AdmissionGranted(Fact, stream=CONVERSATION):
    """To the one HCP: the rep let you in."""


class AdmissionRefused(Fact, stream=CONVERSATION):
    """To the one person: the rep did not let you in."""


class AdmissionRevoked(Fact, stream=CONVERSATION):
    """To the one person: your part in the session was ended, and nothing opens to you any more."""


class PlaceRestored(Fact, stream=CONVERSATION):
    """To the one person: the rep found that you had a place already; your bearer opens that one now."""
