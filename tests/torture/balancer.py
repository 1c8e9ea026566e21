"""What stands before several processes: passes each connection on to one of them in turn, and past those that take none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from itertools import count

from running import free_port
from serving import Server

from server.settings import Settings


@asynccontextmanager
async def balanced(settings: Settings, bug: str | None = None) -> AsyncIterator[list[Server]]:
    """Two processes on the database of `settings`, which people reach at its port."""
    nodes = [Server(replace(settings, port=free_port()), bug) for _ in range(2)]
    turns, open_lines = count(), set[asyncio.Task[None]]()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = next(turns)
        for node in (nodes[first % 2], nodes[(first + 1) % 2]):
            with suppress(OSError):
                there, back = await asyncio.open_connection(node.settings.host, node.settings.port)
                break
        else:
            writer.transport.abort()
            return
        open_lines.update(pumps := {asyncio.create_task(_pump(reader, back)), asyncio.create_task(_pump(there, writer))})
        try:
            await asyncio.gather(*pumps)
        finally:
            open_lines.difference_update(pumps)

    async with AsyncExitStack() as stack:
        await asyncio.gather(*(stack.enter_async_context(node) for node in nodes))
        door = await asyncio.start_server(pass_on, settings.host, settings.port)
        try:
            yield nodes
        finally:
            door.close()
            for line in open_lines:
                line.cancel()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, asyncio.CancelledError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


def addresses(nodes: Sequence[Server]) -> list[str]:
    """Where each process is reached itself."""
    return [f"http://{node.settings.host}:{node.settings.port}" for node in nodes]
