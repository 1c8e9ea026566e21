"""One measurement of one server: `python -m bench.load` reads what to do from its input and prints what it found.

Rooms are lists of credentials: who shows slides, and who looks. Every delivery is counted, in order, once.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
from typing import Any

from bench.clients import PATIENCE, Client, Credential, connect, cpu_seconds, now, resident_bytes, ticket
from uuid_utils import uuid7

AT_ONCE = 50
IN_FLIGHT = 4


class Room:
    """A presenter and those who look, and when each slide was asked for and seen by all."""

    def __init__(self, presenter: Client, viewers: list[Client], name: str) -> None:
        self.presenter, self.members, self._name = presenter, [presenter, *viewers], name
        self._next = presenter.head
        self._asked: dict[int, float] = {}
        self._heard: dict[int, int] = {}
        self.deliveries: list[float] = []
        self.by_all: list[float] = []
        self.complete = asyncio.Event()
        for member in self.members:
            member.on_fact = self._on_fact

    def show(self) -> asyncio.Future[Any]:
        """Show a slide; done when it is acknowledged."""
        self._next += 1
        self._asked[self._next] = now()
        named = {"room": self._name} if self._name else {"id": str(uuid7())}
        return self.presenter.call("show_slide", {"number": 1 + self._next % 4, **named})

    @property
    def on_their_way(self) -> int:
        """How many slides somebody has yet to see."""
        return len(self._asked)

    def _on_fact(self, seq: int) -> None:
        if seq not in self._asked:
            return
        took = now() - self._asked[seq]
        self.deliveries.append(took)
        self._heard[seq] = heard = self._heard.get(seq, 0) + 1
        if heard == len(self.members):
            del self._heard[seq], self._asked[seq]
            self.by_all.append(took)
            self.complete.set()


async def open_loop(rooms: list[Room], rate: float, seconds: float) -> None:
    """Every room shows slides at this rate, its clock shifted against the others'."""

    async def present(room: Room, place: int) -> None:
        began = now() + place / len(rooms) / rate
        shown = []
        for number in range(int(seconds * rate)):
            await asyncio.sleep(max(0.0, began + number / rate - now()))
            shown.append(room.show())
        await _all_heard(room, shown)

    await asyncio.gather(*(present(room, place) for place, room in enumerate(rooms)))


async def closed_loop(room: Room, seconds: float) -> None:
    """A few slides always on their way: the next is asked for when everybody has seen one."""
    until, shown = now() + seconds, [room.show() for _ in range(IN_FLIGHT)]
    while now() < until:
        room.complete.clear()
        await asyncio.wait_for(room.complete.wait(), PATIENCE)
        shown += [room.show() for _ in range(IN_FLIGHT - room.on_their_way)]
    await _all_heard(room, shown)


async def _all_heard(room: Room, shown: list[asyncio.Future[Any]]) -> None:
    """Wait until every slide is acknowledged and everybody has seen it."""
    assert all(answer["ok"] for answer in await asyncio.gather(*shown))
    while room.on_their_way:
        room.complete.clear()
        await asyncio.wait_for(room.complete.wait(), PATIENCE)


async def acknowledged(rooms: list[Room], seconds: float) -> list[float]:
    """Every presenter shows the next slide as soon as the last one is acknowledged; how long each took."""
    until, took = now() + seconds, []

    async def present(room: Room) -> None:
        while now() < until:
            began = now()
            answer = await asyncio.wait_for(room.show(), PATIENCE)
            assert answer["ok"], answer
            took.append(now() - began)

    await asyncio.gather(*(present(room) for room in rooms))
    return took


async def measure(job: dict[str, Any]) -> dict[str, Any]:
    """Carry out one job; the figures by name."""
    if job["kind"] == "storm":
        return await storm(job)
    if job["kind"] == "memory":
        return await memory(job)
    rooms = [await room(job["url"], members) for members in job["rooms"]]
    cpu, began = cpu_seconds(job["process"]), now()
    took: list[float] = []
    match job["kind"]:
        case "open":
            await open_loop(rooms, job["rate"], job["seconds"])
        case "closed":
            await closed_loop(rooms[0], job["seconds"])
        case "acknowledged":
            took = await acknowledged(rooms, job["seconds"])
    lasted, cpu = now() - began, cpu_seconds(job["process"]) - cpu
    deliveries = [took for room in rooms for took in room.deliveries]
    by_all = [took for room in rooms for took in room.by_all]
    members = [member for room in rooms for member in room.members]
    found = {
        "deliveries": len(deliveries),
        "deliveries_a_second": len(deliveries) / lasted,
        "cpu_us": cpu / len(deliveries) * 1e6,
        "p50_ms": 1e3 * statistics.median(deliveries),
        "p99_ms": 1e3 * statistics.quantiles(deliveries, n=100)[98],
        "by_all_p50_ms": 1e3 * statistics.median(by_all),
        "events_a_second": len(took) / lasted,
        "ack_p50_ms": 1e3 * statistics.median(took) if took else None,
        **{what: sum(getattr(member, what) for member in members) for what in ("lost", "doubled", "reordered")},
    }
    for member in members:
        member.close()
    await asyncio.sleep(0.5)
    return found


async def room(url: str, members: list[Credential]) -> Room:
    """Everybody of a room, joined."""
    clients: list[Client] = []
    for first in range(0, len(members), AT_ONCE):
        clients += await asyncio.gather(*(connect(url, who) for who in members[first : first + AT_ONCE]))
    return Room(clients[0], clients[1:], "" if "header" in members[0] else members[0]["room"])


async def storm(job: dict[str, Any]) -> dict[str, Any]:
    """Everybody comes at the same moment: until the last one has joined, with tickets given before, and asked for on the way."""
    members = [who for members in job["rooms"] for who in members]
    found = {}
    for name in ("joined", "with_ticket"):
        if name == "joined" and "header" in members[0]:
            for who in members:
                who["ticket"] = await ticket(job["url"], who)
        cpu, began = cpu_seconds(job["process"]), now()
        clients = await asyncio.gather(*(connect(job["url"], who) for who in members))
        found[f"{name}_s"] = now() - began
        found[f"{name}_cpu_us"] = (cpu_seconds(job["process"]) - cpu) / len(members) * 1e6
        for client in clients:
            client.close()
        for who in members:
            who.pop("ticket", None)
        await asyncio.sleep(1)
    return found


async def memory(job: dict[str, Any]) -> dict[str, Any]:
    """What a server holds for each connection that is there and quiet."""
    before = resident_bytes(job["process"])
    rooms = [await room(job["url"], members) for members in job["rooms"]]
    await asyncio.sleep(job["seconds"])
    members = [member for room in rooms for member in room.members]
    held = (resident_bytes(job["process"]) - before) / len(members) / 1024
    for member in members:
        member.close()
    await asyncio.sleep(1)
    return {"kb": held}


if __name__ == "__main__":
    json.dump(asyncio.run(measure(json.load(sys.stdin))), sys.stdout)
