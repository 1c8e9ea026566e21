"""A network between people and the server, as bad as a test wants it: it stands on a port of its own and carries connections."""

from __future__ import annotations

import asyncio
import random
import re
import socket
import struct
from contextlib import suppress
from typing import Self

CHUNK = 64 * 1024
UPGRADE = re.compile(rb"^upgrade: *websocket", re.IGNORECASE | re.MULTILINE)
REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Fault:
    """What becomes of the bytes of a connection. This one is no fault: they arrive."""

    async def carry(self, data: bytes, connection: Connection, *, up: bool) -> None:
        """Bring some bytes to the other end; `up`: from the client to the server."""
        await connection.write(data, up=up)

    async def run(self, network: Network) -> None:
        """What happens by itself for as long as the fault lasts."""


class Late(Fault):
    """Everything takes its time, now more and now less: a round trip of 100 ± 50 ms."""

    async def carry(self, data: bytes, connection: Connection, *, up: bool) -> None:
        await asyncio.sleep(random.uniform(0.025, 0.075))
        await connection.write(data, up=up)


class Narrow(Fault):
    """64 kbit/s each way."""

    async def carry(self, data: bytes, connection: Connection, *, up: bool) -> None:
        for start in range(0, len(data), 400):
            part = data[start : start + 400]
            await asyncio.sleep(len(part) * 8 / 64_000)
            await connection.write(part, up=up)


class Crumbs(Fault):
    """One byte at a time."""

    async def carry(self, data: bytes, connection: Connection, *, up: bool) -> None:
        for place in range(len(data)):
            await connection.write(data[place : place + 1], up=up)
            await asyncio.sleep(0)


class BlackHole(Fault):
    """Nothing arrives and neither end is told; a connection that was in it stays dead, as behind a router that forgot it."""

    async def carry(self, data: bytes, connection: Connection, *, up: bool) -> None:
        connection.is_dead = True


class Resets(Fault):
    """All connections are reset every so often."""

    def __init__(self, seconds: float = 2.0) -> None:
        self._seconds = seconds

    async def run(self, network: Network) -> None:
        while True:
            await asyncio.sleep(self._seconds)
            network.reset()


class NoWebSockets(Fault):
    """A proxy that knows no upgrade."""

    async def carry(self, data: bytes, connection: Connection, *, up: bool) -> None:
        if up and UPGRADE.search(data):
            await connection.write(REFUSED, up=False)
            connection.close()
        else:
            await connection.write(data, up=up)


class Asleep(Fault):
    """The client reads nothing any more until this is over; what it says still arrives."""

    def __init__(self) -> None:
        self._over = asyncio.Event()

    async def carry(self, data: bytes, connection: Connection, *, up: bool) -> None:
        if not up:
            await self._over.wait()
        await connection.write(data, up=up)

    async def run(self, network: Network) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            self._over.set()


class Connection:
    """One connection through the network, made of two."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.is_dead = False
        self._client, self._server = client, server

    async def write(self, data: bytes, *, up: bool) -> None:
        """To the server, or to the client."""
        writer = self._server if up else self._client
        writer.write(data)
        await writer.drain()

    async def pump(self, network: Network, reader: asyncio.StreamReader, *, up: bool) -> None:
        """Carry what comes from one end until that end hangs up."""
        with suppress(ConnectionError):
            while data := await reader.read(CHUNK):
                if not self.is_dead:
                    await network.fault.carry(data, self, up=up)
        if not self.is_dead:
            self.close()

    def close(self) -> None:
        """Hang up at both ends."""
        for writer in (self._client, self._server):
            writer.close()

    def reset(self) -> None:
        """Hang up as a machine that crashed and came back."""
        for writer in (self._client, self._server):
            end = writer.get_extra_info("socket")
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


class Network:
    """Carries connections from `url` to a server, with any fault, which may change. `buffer`: what it holds for who sleeps."""

    def __init__(self, port: int, *, buffer: int | None = None) -> None:
        self.fault = Fault()
        self.port, self._buffer = port, buffer
        self._connections: dict[Connection, asyncio.Task[None]] = {}
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        host, port = self._listener.sockets[0].getsockname()
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.suffer(Fault())
        self._listener.close()
        self.reset()
        await asyncio.gather(*self._connections.values())

    def suffer(self, fault: Fault) -> None:
        """From now on, until another."""
        if self._running is not None:
            self._running.cancel()
        self.fault, self._running = fault, asyncio.create_task(fault.run(self))

    def reset(self) -> None:
        """Reset all connections."""
        for connection in list(self._connections):
            connection.reset()

    async def _carry(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        end = socket.socket()
        if self._buffer is not None:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._buffer)
        end.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(end, ("127.0.0.1", self.port))
        except OSError:
            end.close()
            to_client.close()
            return
        from_server, to_server = await asyncio.open_connection(sock=end)
        connection = Connection(to_client, to_server)
        task = asyncio.current_task()
        assert task is not None
        self._connections[connection] = task
        try:
            await asyncio.gather(connection.pump(self, from_client, up=True), connection.pump(self, from_server, up=False))
        finally:
            del self._connections[connection]
            connection.reset()
