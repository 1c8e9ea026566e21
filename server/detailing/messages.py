"""What is said in a detailing session."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from server.store.messages import CONSOLE, CONVERSATION, ROOM, Command, Fact, Notice, Signal

SlideNumber = Annotated[int, Field(ge=1, le=999)]


class StartDetailing(Command, by=("rep",)):
    """The rep opens the session: those admitted see the first slide."""


class AdmitHcp(Command, by=("rep",)):
    """The rep lets one HCP in from the lobby."""

    participant_id: str


class RefuseHcp(Command, by=("rep",)):
    """The rep turns one person in the lobby away; the same link does not bring them back."""

    participant_id: str


class ShowSlide(Command, by=("rep",)):
    """The rep asks everyone in the room to look at this slide."""

    number: SlideNumber


class EndDetailing(Command, by=("rep",)):
    """The rep closes the session; HCPs keep their summary."""


class ViewSlide(Command, by=("hcp",)):
    """The HCP's tab showed this slide for so long while it was visible. Sent when the slide or the tab is left."""

    number: SlideNumber
    milliseconds: int = Field(ge=0, le=24 * 3600 * 1000)


class Look(Signal, by=("hcp",)):
    """Which slide the HCP has before them now, and whether their tab is visible."""

    number: SlideNumber | None = None
    visible: bool


class DetailingStarted(Fact, stream=ROOM):
    """The session is live."""


class SlideShown(Fact, stream=ROOM):
    """The slide everyone in the room now sees."""

    number: int
    title: str


class DetailingEnded(Fact, stream=ROOM):
    """The session is over. `reason`: `rep` when the rep closed it, `content` when its deck may no longer be shown."""

    reason: str = "rep"


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


class SlideViewed(Fact, stream=CONSOLE):
    """A participant had a slide visible for so long."""

    participant_id: str
    number: int
    milliseconds: int


class AdmissionGranted(Fact, stream=CONVERSATION):
    """To the one HCP: the rep let you in."""


class AdmissionRefused(Fact, stream=CONVERSATION):
    """To the one person: the rep did not let you in."""


class PresenceChanged(Notice, to=("rep",)):
    """Where a participant is looking now."""

    participant_id: str
    number: int | None
    visible: bool
    connected: bool
