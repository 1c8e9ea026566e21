"""Who is connected, what they have before them, and on which lines leases are held: here, and as the other processes tell it.

The record holds none of this. It is true for as long as the lines are open, and what is told of other processes for as long as
they go on telling.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from server.edge.hints import Here, Place
from server.edge.tickets import Connected

# A pointer moves at most twenty times a second; a page that sends more is not slowed down, what it sends too early is dropped.
POINTING_EVERY = 1 / 20 * 0.9
# A process that was not heard for so long is gone, and everybody who was connected to it with it.
SILENCE = 6.0


@dataclass(slots=True)
class _Elsewhere:
    """What another process tells: its participants, and the epochs of the leases held there by session."""

    heard_at: float
    people: dict[str, Place] = field(default_factory=dict)
    leases: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """Of whom something else is known than before: participants with their sessions, and sessions whose lease it concerns."""

    people: dict[str, str] = field(default_factory=dict)
    leases: set[str] = field(default_factory=set)


class Whereabouts:
    """`look` and `lease_connected` speak of all processes; whoever calls the others speaks of lines of this one."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lines: Counter[str] = Counter()
        self._looks: dict[str, tuple[int | None, bool]] = {}
        self._sessions: dict[str, str] = {}
        self._leases: dict[str, tuple[str, int]] = {}
        self._pointed: dict[str, float] = {}
        self._elsewhere: dict[str, _Elsewhere] = {}

    def came(self, who: Connected) -> None:
        """Somebody's line is open."""
        self._lines[who.sender] += 1
        if who.guest is not None and who.guest.detailing_id is not None:
            self._sessions[who.sender] = who.guest.detailing_id

    def went(self, who: Connected, sid: str) -> str | None:
        """Somebody's line is gone; returns the session whose lease was held on it."""
        self._lines -= Counter([who.sender])
        if not self._lines[who.sender]:
            self._sessions.pop(who.sender, None)
        self._pointed.pop(sid, None)
        held = self._leases.pop(sid, None)
        return None if held is None else held[0]

    def looked(self, participant_id: str, number: int | None, visible: bool) -> None:
        """A participant has this slide before them now."""
        self._looks[participant_id] = (number, visible)

    def look(self, participant_id: str) -> tuple[int | None, bool, bool]:
        """Which slide a participant has before them, whether their tab is visible, whether they are connected."""
        number, visible = self._looks.get(participant_id, (None, False))
        here = self._lines[participant_id] > 0
        if here and visible:
            return number, True, True
        places = [process.people[participant_id] for process in self._elsewhere.values() if participant_id in process.people]
        for place in sorted(places, key=lambda place: not place.visible):
            if place.visible or not here:
                return place.number, place.visible, True
        return number, False, here

    def hold(self, sid: str, detailing_id: str, epoch: int) -> None:
        """The holder of this lease is on this line; that it is theirs was asked of the record."""
        self._leases[sid] = (detailing_id, epoch)

    def moved_on(self, detailing_id: str, epoch: int) -> None:
        """The lease of a session has this epoch now: lines with an earlier one hold nothing."""
        self._leases = {sid: held for sid, held in self._leases.items() if held[0] != detailing_id or held[1] == epoch}

    def lease_connected(self, detailing_id: str, epoch: int) -> bool:
        """Whether the holder of this lease is there."""
        elsewhere = any(process.leases.get(detailing_id) == epoch for process in self._elsewhere.values())
        return elsewhere or (detailing_id, epoch) in self._leases.values()

    def may_point(self, sid: str) -> bool:
        """Whether this line holds a lease, and has not pointed just now."""
        now = self._clock()
        if sid not in self._leases or now - self._pointed.get(sid, 0.0) < POINTING_EVERY:
            return False
        self._pointed[sid] = now
        return True

    def here(self) -> Here:
        """Everybody who is connected to this process."""
        return Here(people={id: self._place(id) for id in self._sessions}, leases=dict(sorted(self._leases.values())), all=True)

    def here_of(self, people: Iterable[str], leases: Iterable[str]) -> Here:
        """What is to be told of these participants, and of the leases of these sessions."""
        held = dict(sorted(self._leases.values()))
        return Here(
            people={id: self._place(id) if id in self._sessions else None for id in people},
            leases={detailing_id: held.get(detailing_id) for detailing_id in leases},
        )

    def _place(self, participant_id: str) -> Place:
        number, visible = self._looks.get(participant_id, (None, False))
        return Place(detailing_id=self._sessions[participant_id], number=number, visible=visible)

    def heard(self, process: str, here: Here) -> Moved:
        """Another process tells who is connected to it."""
        known = self._elsewhere.setdefault(process, _Elsewhere(0.0))
        before = _Elsewhere(0.0, known.people, known.leases)
        known.heard_at = self._clock()
        people = {**({} if here.all else known.people), **here.people}
        leases = {**({} if here.all else known.leases), **here.leases}
        known.people = {id: place for id, place in people.items() if place is not None}
        known.leases = {id: epoch for id, epoch in leases.items() if epoch is not None}
        return _difference(before, known)

    def forget_silent(self, listening_since: float) -> list[Moved]:
        """Processes that say nothing any more are gone. Only who has listened for long enough can tell."""
        silent_before = self._clock() - SILENCE
        if listening_since > silent_before:
            return []
        gone = [process for process, known in self._elsewhere.items() if known.heard_at < silent_before]
        return [_difference(self._elsewhere.pop(process), _Elsewhere(0.0)) for process in gone]


def _difference(before: _Elsewhere, after: _Elsewhere) -> Moved:
    everybody = {**before.people, **after.people}
    people = {id: place.detailing_id for id, place in everybody.items() if before.people.get(id) != after.people.get(id)}
    leases = {id for id in before.leases.keys() | after.leases.keys() if before.leases.get(id) != after.leases.get(id)}
    return Moved(people, leases)
