"""How much room is left on the disk that keeps everything, and who is told."""

from __future__ import annotations

import asyncio
import logging
import shutil
from enum import Enum
from pathlib import Path

LOG = logging.getLogger("relais.space")
LOOK = 60.0
# Shares of the disk. On a large one a small share is still much: whoever has this many bytes left has enough.
LOW, RESERVED, ENOUGH = 0.20, 0.10, 5 * 2**30


class Room(Enum):
    """What is left: enough; so little that somebody must act; so little that it is kept for what people say and do."""

    ENOUGH = "enough"
    LOW = "space_low"
    RESERVED = "space_reserved"


def room_left(folder: Path) -> Room:
    """The room on the disk of a folder."""
    disk = shutil.disk_usage(folder)
    if disk.free >= ENOUGH or disk.free >= LOW * disk.total:
        return Room.ENOUGH
    return Room.LOW if disk.free >= RESERVED * disk.total else Room.RESERVED


async def watch(folder: Path) -> None:
    """Raise the alarm in the log for as long as there is too little; runs until cancelled."""
    while True:
        left = room_left(folder)
        if left is not Room.ENOUGH:
            LOG.error("the disk of %s runs full (%s): make room", folder, left.value)
        await asyncio.sleep(LOOK)
