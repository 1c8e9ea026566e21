"""What each participant has before their eyes."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from pydantic import AwareDatetime, model_validator

from server.detailing.messages.presenting import SlideNumber
from server.store.messages import CONSOLE, Command, Fact, Notice, Signal

# A page tells every few seconds what was viewed: one that claims more at once had not been running.
LONGEST_VIEW = timedelta(minutes=1)


class ViewSlide(Command, by=("hcp",)):
    """The HCP had this slide before their eyes from one moment to another (UTC): their page was visible and in use.

    One view is a minute at most; a longer look is told in parts. The times are the client's, mapped to the server's clock.
    """

    number: SlideNumber
    started_at: AwareDatetime
    ended_at: AwareDatetime

    @model_validator(mode="after")
    def _is_a_short_while(self) -> Self:
        if not timedelta() <= self.ended_at - self.started_at <= LONGEST_VIEW:
            raise ValueError("a view ends after it began, and within a minute")
        return self


class Look(Signal, by=("hcp",)):
    """Which slide the HCP has before them now, and whether their tab is visible."""

    number: SlideNumber | None = None
    visible: bool


class SlideViewed(Fact, stream=CONSOLE):
    """A participant had a slide before their eyes for so long: what no earlier view had counted yet."""

    participant_id: str
    number: int
    milliseconds: int


class PresenceChanged(Notice, to=("rep",)):
    """Where a participant is looking now."""

    participant_id: str
    number: int | None
    visible: bool
    connected: bool
