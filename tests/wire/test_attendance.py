"""How long somebody was there: connected, in the room, while the session ran.

Seen to fail, as they must: the first with the whole session counted, and with tabs side by side counted twice; the second without
`went`; the third with spans of guests without a name.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from furnished import Join, Room
from running import Relais
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from server.detailing.attending import time_together
from server.detailing.tables import ConnectedSpan, Detailing, Participant
from server.edge.keys import SOCKETS
from server.store import Transaction

START = datetime(2026, 3, 2, 10, tzinfo=UTC)


async def _together(relais: Relais, room: Room, *spans: tuple[int, int], admitted: int = 0, left: int | None = None) -> float:
    """Minutes together in a session of half an hour, for spans from one minute to another."""

    def at(minute: int) -> datetime:
        return START + timedelta(minutes=minute)

    def change(tx: Transaction) -> None:
        execute = tx.session.execute
        execute(delete(ConnectedSpan))
        execute(update(Detailing).values(state="ended", started_at=at(0), ended_at=at(30)))
        execute(update(Participant).values(admitted_at=at(admitted), left_at=None if left is None else at(left)))
        for number, (since, until) in enumerate(spans):
            row = {"id": str(number), "participant_id": room.participant_id, "since": at(since), "until": at(until)}
            execute(insert(ConnectedSpan), row)

    await relais.store.change(change)

    def read(session: Session) -> timedelta | None:
        get = session.get_one
        return time_together(session, get(Participant, room.participant_id), get(Detailing, room.detailing_id))

    together = await relais.store.read(read)
    assert together is not None
    return together / timedelta(minutes=1)


async def test_the_time_away_does_not_count_and_no_time_counts_twice(relais: Relais, room: Room) -> None:
    assert await _together(relais, room) == 0
    assert await _together(relais, room, (-5, 10), (20, 40)) == 20
    assert await _together(relais, room, (0, 12), (5, 10), (8, 15)) == 15
    assert await _together(relais, room, (0, 30), admitted=6, left=20) == 14


async def test_coming_and_going_is_written_down(relais: Relais, room: Room) -> None:
    attendance = relais.app[SOCKETS].attendance
    await attendance.write(everybody=True)
    before = await relais.store.read(lambda session: session.scalars(select(ConnectedSpan)).one())
    await room.hcp.close()
    await room.rep.until(lambda: any(not seen["connected"] for seen in room.rep.bodies("presence_changed")))
    await room.hcp.browser.line("hcp")
    await attendance.write(everybody=True)

    first, second = await relais.store.read(
        lambda session: session.scalars(select(ConnectedSpan).order_by(ConnectedSpan.since)).all()
    )
    assert (first.id, first.since) == (before.id, before.since)
    assert before.until < first.until <= second.since < second.until


async def test_of_guests_without_a_name_nothing_is_kept(relais: Relais, join: Join, detailing: str) -> None:
    rep, hcp = await join("rep"), await join("hcp", tracking=False)
    await rep.call("admit_hcp", {"participant_id": hcp.snapshot["participant"]["id"]})
    await rep.call("start_detailing")
    await hcp.close()
    await rep.call("end_detailing")

    report = await rep.browser.get(f"/console/{detailing}/report")

    assert "Durée non conservée" in report.text
    assert await relais.store.read(lambda session: session.scalars(select(ConnectedSpan)).all()) == []
