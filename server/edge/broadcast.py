"""To everyone in a room: encode once, write the finished frame to whoever is idle, and queue only for whoever is not.

The engine's own way costs a task, a queue and a wake-up per recipient; nearly all of a broadcast's time went there. The short way
looks into the engine and the web server (`engine_fits` says what it expects of them). Where that differs, and for every
connection that is not a websocket from its start, messages take the engine's own way; each connection keeps its order either way.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import struct
from socket import SO_SNDBUF, SOL_SOCKET
from typing import Any, cast

import engineio
import socketio
from aiohttp import WSMsgType, web
from aiohttp.http import WebSocketWriter
from engineio.async_drivers import aiohttp as driver
from engineio.async_socket import AsyncSocket
from engineio.exceptions import SocketIsClosedError, UnknownPacketError
from engineio.packet import CLOSE, MESSAGE, Packet
from socketio.packet import EVENT

LOG = logging.getLogger("relais.broadcast")
# Past this many waiting messages or bytes a client does not read any more: it is cut, and catches up when it comes back.
QUEUE_LIMIT = 256
BYTES_LIMIT = 1024 * 1024
# What a connection's transport may hold before messages wait in its queue, where they are counted.
BUFFER_LIMIT = 64 * 1024
# What the kernel may hold beyond that: left to itself, Linux lets it grow to four megabytes for each who reads nothing.
KERNEL_LIMIT = 256 * 1024
STALLED = "it stopped reading"


def frame(text: str) -> bytes:
    """A whole websocket text message as a server sends it: final, unmasked, not compressed."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", 0x81, size) + payload
    if size < 65536:
        return struct.pack("!BBH", 0x81, 126, size) + payload
    return struct.pack("!BBQ", 0x81, 127, size) + payload


class PlainWebSocket(driver.WebSocket):  # type: ignore[misc]
    """The engine's websocket without permessage-deflate, which costs one zlib context and one run per recipient."""

    async def __call__(self, environ: dict[str, Any]) -> web.WebSocketResponse:
        self.environ = environ
        silence = self.server.ping_interval + self.server.ping_timeout
        self._sock = web.WebSocketResponse(max_msg_size=self.server.max_http_buffer_size, compress=False, receive_timeout=silence)
        await self._sock.prepare(environ["aiohttp.request"])
        await self._serve()
        return self._sock

    async def _serve(self) -> None:
        await self.handler(self)


class DirectWebSocket(PlainWebSocket):
    """A websocket that is a `Line` when it is one from its start; an upgraded one stays in the engine's hands."""

    def __init__(self, handler: Any, server: Any, lines: dict[str, Line]) -> None:
        super().__init__(handler, server)
        self._lines = lines

    async def _serve(self) -> None:
        socket = self.handler.__self__
        if socket.connected:
            await self.handler(self)
            return
        line = self._lines[socket.sid] = Line(socket, self._sock)
        try:
            await line.run()
        finally:
            del self._lines[socket.sid]


class Line:
    """One websocket: handles what comes in turn, and takes a finished frame at once when nothing waits before it."""

    def __init__(self, socket: AsyncSocket, response: web.WebSocketResponse) -> None:
        assert response._writer is not None
        self._socket, self._response, self._queue = socket, response, socket.queue
        self._transport = response._writer.transport
        self._transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_SNDBUF, KERNEL_LIMIT)
        self._waiting_bytes = 0

    def write(self, ready: bytes) -> bool:
        """Send a frame now; False when it has to wait its turn in the queue."""
        transport = self._transport
        if not self._queue.empty() or self._response.closed or transport.is_closing():
            return False
        if transport.get_write_buffer_size() > BUFFER_LIMIT:
            return False
        transport.write(ready)
        return True

    def wait_in_queue(self, packet: Packet) -> bool:
        """Send a message after those that wait; False when too much waits."""
        self._queue.put_nowait(packet)
        self._waiting_bytes += len(packet.data)
        return self._queue.qsize() <= QUEUE_LIMIT and self._waiting_bytes <= BYTES_LIMIT

    def cut(self) -> None:
        """End the connection, with whatever is on its way."""
        self._transport.abort()

    async def run(self) -> None:
        """Read and write until either side ends it."""
        self._socket.connected = self._socket.upgraded = True
        writer = asyncio.create_task(self._write())
        try:
            await self._read()
        except (TimeoutError, asyncio.CancelledError):
            # Not even the answer to a ping came, or the server stops: nobody is there to drain what is left.
            self.cut()
        finally:
            self._queue.put_nowait(None)
            await writer
            await self._socket.close(wait=False, abort=True, reason=self._socket.server.reason.TRANSPORT_CLOSE)

    async def _read(self) -> None:
        while not self._socket.closed:
            message = await self._response.receive()
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            try:
                await self._socket.receive(Packet(encoded_packet=message.data))
            except UnknownPacketError:
                continue
            except (ValueError, RecursionError, SocketIsClosedError) as error:
                LOG.info("a connection ends: %r", error)
                return

    async def _write(self) -> None:
        # What is taken from the queue is written before anything is waited for, so nothing can be written before it meanwhile.
        try:
            while (packet := await self._queue.get()) is not None:
                self._queue.task_done()
                if packet.packet_type == MESSAGE:
                    self._waiting_bytes -= len(packet.data)
                encoded = packet.encode()
                await (self._response.send_bytes if isinstance(encoded, bytes) else self._response.send_str)(encoded)
                if packet.packet_type == CLOSE:
                    break
        except OSError as error:
            LOG.debug("a connection is gone: %r", error)
        finally:
            await self._response.close()


class Bounded(socketio.AsyncManager):  # type: ignore[misc]
    """The engine's own rooms, with an end to every queue."""

    async def emit(self, event: str, data: Any, namespace: str, room: Any = None, **how: Any) -> None:
        """Send to a room the engine's way."""
        for _, eio_sid in self.get_participants(namespace, room):
            socket = self.server.eio.sockets.get(eio_sid)
            if socket is not None and socket.queue.qsize() > QUEUE_LIMIT:
                await self.cut(socket, STALLED)
        await super().emit(event, data, namespace, room, **how)

    async def cut(self, socket: AsyncSocket, reason: str) -> None:
        """Let go of a client that nothing good is to be expected of any more."""
        LOG.info("a client is cut: %s", reason)
        await socket.close(wait=False, abort=True)


class Broadcast(Bounded):
    """Rooms whose members are written to directly wherever their connection is a `Line` and idle."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, Line] = {}

    async def emit(self, event: str, data: Any, namespace: str, room: Any = None, **how: Any) -> None:
        """Send JSON to everyone in one room, or to one client by its id; anything else goes the engine's way."""
        if not isinstance(room, str) or how.get("callback") or how.get("skip_sid") or how.get("to"):
            await super().emit(event, data, namespace, room, **how)
            return
        if room not in self.rooms.get(namespace, ()):
            return
        text = self.server.packet_class(EVENT, namespace=namespace, data=[event, data], binary=False).encode()
        packet = Packet(MESSAGE, text)
        ready = frame(packet.encode())
        queued: list[AsyncSocket] = []
        stalled: list[AsyncSocket] = []
        for _, eio_sid in self.get_participants(namespace, room):
            line = self.lines.get(eio_sid)
            if line is not None and line.write(ready):
                continue
            socket = self.server.eio.sockets.get(eio_sid)
            if socket is not None and not socket.closed:
                (queued if self._wait(socket, line, packet) else stalled).append(socket)
        for socket in stalled:
            await self.cut(socket, STALLED)
        for socket in queued:
            # The engine looks at each only now and then; a `Line` finds out by itself.
            if not socket.closed:
                await socket.check_ping_timeout()

    def _wait(self, socket: AsyncSocket, line: Line | None, packet: Packet) -> bool:
        if line is not None:
            return line.wait_in_queue(packet)
        socket.queue.put_nowait(packet)
        return bool(socket.queue.qsize() <= QUEUE_LIMIT)

    async def cut(self, socket: AsyncSocket, reason: str) -> None:
        """Let go of a client, and of what waits for it."""
        await super().cut(socket, reason)
        if (line := self.lines.get(socket.sid)) is not None:
            line.cut()


class Engine(socketio.AsyncServer):  # type: ignore[misc]
    """Socket.IO over plain websockets, direct where `engine_fits`."""

    def __init__(self, **options: Any) -> None:
        direct = engine_fits()
        rooms = Broadcast() if direct else Bounded()
        super().__init__(async_mode="aiohttp", client_manager=rooms, **options)
        self._lines: dict[str, Line] = rooms.lines if isinstance(rooms, Broadcast) else {}

        def websocket(handler: Any, server: Any) -> PlainWebSocket:
            return DirectWebSocket(handler, server, self._lines) if direct else PlainWebSocket(handler, server)

        self.eio._async = {**self.eio._async, "websocket": websocket}

    async def _send_packet(self, eio_sid: str, pkt: Any) -> None:
        """One packet to one client, acknowledgements above all."""
        line = self._lines.get(eio_sid)
        if line is None:
            await super()._send_packet(eio_sid, pkt)
            return
        packet = Packet(MESSAGE, pkt.encode())
        if not line.write(frame(packet.encode())):
            line.wait_in_queue(packet)


def engine_fits() -> bool:
    """Whether engine and web server are built as `Line` expects; a line in the log says when they are not."""
    try:
        _examine()
    except Exception as difference:  # whatever it is: an engine we do not know still works, its own way
        LOG.warning("rooms are served the engine's own, slower way: %r", difference)
        return False
    return True


def _examine() -> None:
    socket = AsyncSocket(engineio.AsyncServer(async_mode="aiohttp"), "examined")
    _expect(isinstance(socket.queue, asyncio.Queue), "queue")
    _expect(not any((socket.connected, socket.upgraded, socket.closed)), "states of a socket")
    _expect([*inspect.signature(socket.receive).parameters] == ["pkt"], "receive")
    _expect([*inspect.signature(socket.close).parameters] == ["wait", "abort", "reason"], "close")
    _expect([*inspect.signature(driver.WebSocket).parameters] == ["handler", "server"], "driver")
    _expect(getattr(socket._websocket_handler, "__self__", None) is socket, "handler")
    _expect(hasattr(web.WebSocketResponse, "_writer"), "writer of a websocket")
    for size in (1, 125, 126, 65535, 65536):
        wire, text = _Wire(), "é" + "x" * size
        writer = WebSocketWriter(cast(Any, wire), cast(Any, wire), limit=0)
        _expect(cast(Any, writer.transport) is wire, "transport of a writer")
        sending = writer.send_frame(text.encode(), WSMsgType.TEXT)
        sending.send(None)
        sending.close()
        _expect(wire.written == frame(text), f"frame of {size}, written before waiting,")


def _expect(is_so: bool, what: str) -> None:
    if not is_so:
        raise TypeError(f"{what} differs")


class _Wire:
    """A transport, and its protocol, that keep what is written and take no more for now."""

    _paused = True

    def __init__(self) -> None:
        self.written = b""

    def write(self, data: bytes) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return False

    async def _drain_helper(self) -> None:
        await asyncio.sleep(0)
