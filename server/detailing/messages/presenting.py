"""What everyone in the room sees. Only who holds the lease decides it: see `lease`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from server.detailing.messages.lease import FIRST, Epoch
from server.store.messages import CONSOLE, ROOM, Command, Fact, Notice, Signal

SlideNumber = Annotated[int, Field(ge=1, le=999)]


class StartDetailing(Command, by=("rep",)):
    """The rep opens the session: those admitted see the first slide."""


class ShowSlide(Command, by=("rep", "msl")):
    """Whoever presents asks everyone in the room to look at this slide."""

    number: SlideNumber
    epoch: Epoch = FIRST


class HoldScreen(Command, by=("rep", "msl")):
    """HCPs see a neutral screen from now on; slides stay where they are."""

    epoch: Epoch = FIRST


class ReleaseScreen(Command, by=("rep", "msl")):
    """HCPs see the slide again."""

    epoch: Epoch = FIRST


class CallEveryone(Command, by=("rep", "msl")):
    """Those who look at another slide are brought to the presenter's."""

    epoch: Epoch = FIRST


class EndDetailing(Command, by=("rep",)):
    """The rep closes the session; HCPs keep their summary. `reason`: why mandatory slides were not shown, if so."""

    epoch: Epoch = FIRST
    reason: str | None = Field(default=None, min_length=1, max_length=500)


class Point(Signal, by=("rep", "msl")):
    """The presenter's pointer on the slide, from its top left corner, 0 to 1; without a place it is put away."""

    x: float | None = Field(default=None, ge=0, le=1)
    y: float | None = Field(default=None, ge=0, le=1)


class DetailingStarted(Fact, stream=ROOM):
    """The session is live."""


class SlideShown(Fact, stream=ROOM):
    """The slide everyone in the room now sees."""

    number: int
    title: str


class ScreenHeld(Fact, stream=ROOM):
    """HCPs see a neutral screen; none of this time counts as viewed."""


class ScreenReleased(Fact, stream=ROOM):
    """HCPs see the slide again."""


class EveryoneCalled(Fact, stream=ROOM):
    """Everyone is brought to this slide, whatever they looked at."""

    number: int


class DetailingEnded(Fact, stream=ROOM):
    """The session is over. `reason`: `rep` when the rep closed it, `content` when its deck may no longer be shown."""

    reason: str = "rep"


class MandatorySlidesOmitted(Fact, stream=CONSOLE):
    """The session was closed without these slides, for this reason: it is on record as incomplete."""

    numbers: list[int]
    reason: str


class PointerMoved(Notice, to=("hcp", "rep", "msl")):
    """Where the presenter points, from the slide's top left corner, 0 to 1; without a place nothing is pointed at."""

    x: float | None
    y: float | None
