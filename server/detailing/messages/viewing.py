"""What each participant has before their eyes."""

from __future__ import annotations

from pydantic import Field

from server.detailing.messages.presenting import SlideNumber
from server.store.messages import CONSOLE, Command, Fact, Notice, Signal


class ViewSlide(Command, by=("hcp",)):
    """The HCP's tab showed this slide for so long while it was visible. Sent when the slide or the tab is left."""

    number: SlideNumber
    milliseconds: int = Field(ge=0, le=24 * 3600 * 1000)


class Look(Signal, by=("hcp",)):
    """Which slide the HCP has before them now, and whether their tab is visible."""

    number: SlideNumber | None = None
    visible: bool


class SlideViewed(Fact, stream=CONSOLE):
    """A participant had a slide visible for so long."""

    participant_id: str
    number: int
    milliseconds: int


class PresenceChanged(Notice, to=("rep",)):
    """Where a participant is looking now."""

    participant_id: str
    number: int | None
    visible: bool
    connected: bool
