"""An MSL in a rep's session."""

from __future__ import annotations

from server.store.messages import CONSOLE, DESK, ROOM, Command, Fact


class CallColleague(Command, by=("rep",)):
    """The rep asks one MSL to come into the session."""

    staff_id: str


class LeaveDetailing(Command, by=("msl",)):
    """The MSL leaves the session; if they were presenting, the rep presents again."""


class ColleagueCalled(Fact, stream=CONSOLE):
    """An MSL was asked to come."""

    staff_id: str
    name: str


class ColleagueWanted(Fact, stream=DESK):
    """To one MSL: a rep asks you to come into a session that is under way."""

    detailing_id: str
    rep_name: str
    deck_title: str


class ColleagueNoLongerWanted(Fact, stream=DESK):
    """To that MSL: the session is over."""

    detailing_id: str


class ColleagueEntered(Fact, stream=ROOM):
    """An MSL is in the session: everyone in it knows."""

    staff_id: str
    name: str


class ColleagueLeft(Fact, stream=ROOM):
    """That MSL is gone."""

    staff_id: str
