"""What everyone in the room sees."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from server.store.messages import ROOM, Command, Fact

SlideNumber = Annotated[int, Field(ge=1, le=999)]


class StartDetailing(Command, by=("rep",)):
    """The rep opens the session: those admitted see the first slide."""


class ShowSlide(Command, by=("rep",)):
    """The rep asks everyone in the room to look at this slide."""

    number: SlideNumber


class EndDetailing(Command, by=("rep",)):
    """The rep closes the session; HCPs keep their summary."""


class DetailingStarted(Fact, stream=ROOM):
    """The session is live."""


class SlideShown(Fact, stream=ROOM):
    """The slide everyone in the room now sees."""

    number: int
    title: str


class DetailingEnded(Fact, stream=ROOM):
    """The session is over. `reason`: `rep` when the rep closed it, `content` when its deck may no longer be shown."""

    reason: str = "rep"
