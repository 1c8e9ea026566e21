"""Socket.IO clients that cost little: the load that both servers get, from a process of its own.

They speak Engine.IO over websockets by hand, offer deflate as every browser does, and look only at what a measurement needs.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

OFFER = "permessage-deflate; client_max_window_bits"
PATIENCE = 60.0
Credential = dict[str, Any]


class Client(asyncio.Protocol):
    """One connection in one room. `on_fact` hears the number of each of the room's facts, at once."""

    def __init__(self, namespace: str, auth: Credential, on_fact: Callable[[int], None] = lambda _: None) -> None:
        self._prefix = f"{namespace}," if namespace else ""
        self._auth, self.on_fact = auth, on_fact
        self._facts = f'42{self._prefix}["fact",'.encode()
        self._buffer, self._open = b"", False
        self._ids, self._acknowledged = itertools.count(), dict[int, asyncio.Future[Any]]()
        self.connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.head = self.doubled = self.reordered = 0
        self._missing: set[int] = set()

    def call(self, name: str, body: Credential) -> asyncio.Future[Any]:
        """Say something, now; the acknowledgement comes in time."""
        number = next(self._ids)
        waiting = self._acknowledged[number] = asyncio.get_running_loop().create_future()
        self._send(f"42{self._prefix}{number}{json.dumps([name, body])}")
        return waiting

    @property
    def lost(self) -> int:
        """How many facts never came, though later ones did."""
        return len(self._missing)

    def count(self, seq: int) -> None:
        """Hold the number of a fact against those before it."""
        if seq > self.head:
            self._missing.update(range(self.head + 1, seq))
            self.head = seq
        elif seq in self._missing:
            self._missing.remove(seq)
            self.reordered += 1
        else:
            self.doubled += 1

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        host, port = transport.get_extra_info("peername")[:2]
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Extensions: {OFFER}\r\n\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        for waiting in (self.connected, *self._acknowledged.values()):
            if not waiting.done():
                waiting.set_exception(ConnectionError("the server hung up"))
                waiting.exception()

    def data_received(self, data: bytes) -> None:
        data = self._buffer + data if self._buffer else data
        at = 0
        if not self._open:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._buffer = data
                return
            head = data[:end].lower()
            assert head.startswith(b"http/1.1 101"), head
            assert b"permessage-deflate" not in head, "a server compresses"
            self._open, at = True, end + 4
        size = len(data)
        while size - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                if size - at < 4:
                    break
                length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                if size - at < 10:
                    break
                length, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if size - start < length:
                break
            at = start + length
            self._hear(data[start:at])
        self._buffer = data[at:]

    def _hear(self, text: bytes) -> None:
        if text.startswith(self._facts):
            place = text.index(b'"seq":') + 6
            seq = int(text[place : text.index(b",", place)])
            self.count(seq)
            self.on_fact(seq)
        elif text.startswith(b"2"):
            self._send("3")
        elif text.startswith(b"0"):
            self._send(f"40{self._prefix}{json.dumps(self._auth)}")
        elif text.startswith(b"40"):
            self.connected.set_result(None)
        elif text.startswith(b"44"):
            self.connected.set_exception(PermissionError(text.decode()))
        elif text.startswith(b"43"):
            number, _, answer = text[2 + len(self._prefix) :].partition(b"[")
            self._acknowledged.pop(int(number)).set_result(json.loads(b"[" + answer)[0])

    def _send(self, text: str) -> None:
        # A mask of zeroes is a mask: the words stay as they are.
        words = text.encode()
        size = struct.pack("!B", 0x80 | len(words)) if len(words) < 126 else struct.pack("!BH", 0x80 | 126, len(words))
        self._transport.write(b"\x81" + size + b"\0\0\0\0" + words)


async def connect(url: str, who: Credential) -> Client:
    """A client that has joined its room: with a ticket of its own where `who` has a credential."""
    parts, auth = urlsplit(url), {}
    if "header" in who:
        auth = {"ticket": who.get("ticket") or await ticket(url, who)}
    _, client = await asyncio.get_running_loop().create_connection(
        lambda: Client(who["namespace"], auth), parts.hostname, parts.port
    )
    await asyncio.wait_for(client.connected, PATIENCE)
    joined = await client.call("join", {"room": who["room"]} if not auth else {"seen": {}})
    assert joined["ok"], joined
    client.head = max((head for stream, head in joined["heads"].items() if stream.startswith("room")), default=0)
    return client


async def ticket(url: str, who: Credential) -> str:
    """A ticket for one socket, asked for over HTTP as a page does."""
    parts, body = urlsplit(url), json.dumps(who["asks"]).encode()
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(
        f"POST /api/ticket HTTP/1.1\r\nHost: {parts.netloc}\r\n{who['header']}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        + body
    )
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 200"), answer
    return str(json.loads(answer.partition(b"\r\n\r\n")[2])["ticket"])


def cpu_seconds(process: int) -> float:
    """What a process has used so far, threads included."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_bytes(process: int) -> int:
    """What a process holds in memory."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


now = time.perf_counter
