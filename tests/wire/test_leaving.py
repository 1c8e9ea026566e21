"""A server that stops tells its clients how long their return may take: as long as their number needs."""

from __future__ import annotations

from furnished import Room
from running import Relais


async def test_clients_are_told_how_long_the_return_of_all_of_them_takes(room: Room, relais: Relais) -> None:
    await relais.restart()

    for line in (room.rep, room.hcp):
        assert line.bodies("server_leaving") == [{"milliseconds": 1000 * 2 // 150}]
