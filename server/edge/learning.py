"""Learns what the sentences of a library mean, in the background, where an encoder is set."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from bot import Library
from bot.meaning import Memory


class Learning:
    """An encoder's thread. Nobody waits for it: until it is done, replies are made by words alone."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._thread = ThreadPoolExecutor(1, "relais-encoder")

    async def understood(self, library: Library) -> Library:
        """The library with what its sentences mean. May be cancelled: what was encoded by then is kept."""
        loop = asyncio.get_running_loop()
        steps = self._memory.learn(library.sources)
        try:
            while await loop.run_in_executor(self._thread, next, steps, None) is not None:
                pass
        finally:
            self._thread.submit(steps.close)
        return library.understood(await loop.run_in_executor(self._thread, self._memory.meaning, library.sources))

    def close(self) -> None:
        """Let go of the thread, at the end of the step it is in."""
        self._thread.shutdown()
