"""The server's clock. Nothing else is asked for the time of day, so that a test can set it."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime

LOG = logging.getLogger("relais.clock")
LOOK, TOLERANCE = 5.0, 2.0


def now() -> datetime:
    """The time of day, in UTC. Browsers' clocks decide nothing."""
    return datetime.now(UTC)


async def watch() -> None:
    """Raise the alarm in the log when the clock was stepped; runs until cancelled.

    Numbers give everything its order, so a step misplaces nothing; but what begins or ends at a time does so early or late.
    """
    offset = now().timestamp() - time.monotonic()
    while True:
        await asyncio.sleep(LOOK)
        stepped = now().timestamp() - time.monotonic() - offset
        if abs(stepped) > TOLERANCE:
            LOG.error("the clock was stepped by %+.1f s: look at the time service of this machine", stepped)
            offset += stepped
