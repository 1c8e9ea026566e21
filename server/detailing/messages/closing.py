"""What is said after the end."""

from __future__ import annotations

from pydantic import Field

from server.store.messages import CONVERSATION, Command, Fact


class RateDetailing(Command, by=("hcp",)):
    """The HCP finds the session worth one to five stars, or takes that back."""

    stars: int | None = Field(ge=1, le=5)


class DetailingRated(Fact, stream=CONVERSATION):
    """How the HCP found the session; nothing when they took it back."""

    stars: int | None
