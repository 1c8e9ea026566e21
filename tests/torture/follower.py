"""Somebody who follows what happens, over whatever line there is, and keeps each fact once and in order: as `order.js` does."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from itertools import pairwise

from load import OUT_OF_TOUCH
from running import Browser, Line

from server.edge.snapshots import REPLAY_LIMIT

# How soon somebody looks again at what came in, and gives up a line that does not come up, or of which no heads come any more.
LOOK, PATIENCE, SILENCE = 0.05, 20.0, 4.5


class Follower:
    """`kept`: of each stream the numbers of the facts after the last snapshot; `wrong`: told by one line twice or out of turn."""

    def __init__(self, browser: Browser, role: str, silence: float = SILENCE) -> None:
        self._browser, self._role, self._silence = browser, role, silence
        self._seen: dict[str, int] = {}
        self.kept: dict[str, list[int]] = {}
        self.lines = self.wrong = 0
        self.is_there = asyncio.Event()

    async def follow(self, until: asyncio.Event) -> None:
        """Come back as often as it takes; returns when everything that happened until then was heard."""
        while True:
            with suppress(*OUT_OF_TOUCH):
                async with asyncio.timeout(PATIENCE):
                    line = await self._browser.connect(self._role, await self._browser.ticket())
                    answer = await line.join(self._seen)
                self.lines += 1
                self.is_there.set()
                if answer["snapshot"]:
                    assert all(answer["heads"][stream] - seen > REPLAY_LIMIT for stream, seen in self._seen.items())
                    self._seen = dict(answer["heads"])
                    self.kept = {stream: [] for stream in self._seen}
                for fact in answer["facts"]:
                    self._take(fact["stream"], fact["seq"])
                if await self._listen(line, until):
                    return
            await asyncio.sleep(LOOK)

    async def _listen(self, line: Line, until: asyncio.Event) -> bool:
        """Whether everything was heard; otherwise the line is of no use any more."""
        taken, heads, heard = 0, line.heads, asyncio.get_running_loop().time()
        try:
            while not line.is_gone:
                for fact in line.facts[taken:]:
                    if not self._take(fact["stream"], fact["seq"]):
                        return False
                taken = len(line.facts)
                if line.heads is not heads:
                    heads, heard = line.heads, asyncio.get_running_loop().time()
                    if until.is_set() and heads == self._seen:
                        # What was said may be old: on a line that woke up, everything is.
                        return (await line.join(self._seen))["heads"] == self._seen
                elif asyncio.get_running_loop().time() - heard > self._silence:
                    return False
                await asyncio.sleep(LOOK)
            return False
        finally:
            told: dict[str, list[int]] = {}
            for fact in line.facts:
                told.setdefault(fact["stream"], []).append(fact["seq"])
            self.wrong += sum(one >= two for seqs in told.values() for one, two in pairwise(seqs))
            await line.close()

    def _take(self, stream: str, seq: int) -> bool:
        """Keep the next fact, drop a known one; False when one is missing before it."""
        if seq <= self._seen[stream]:
            return True
        if seq > self._seen[stream] + 1:
            return False
        self._seen[stream] = seq
        self.kept[stream].append(seq)
        return True
