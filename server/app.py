"""The composition root: the one file that knows every part."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from aiohttp import web

from bot.encoder import OnnxEncoder
from bot.meaning import Memory
from server.edge import (
    acts,
    console_pages,
    content_pages,
    desk_pages,
    document_pages,
    hcp_pages,
    invitation_pages,
    media,
    record_pages,
    rehearsal_pages,
    report_pages,
    session_pages,
    sign_in,
)
from server.edge.acts import Acts
from server.edge.assistant import Assistant
from server.edge.hints import Hints
from server.edge.keys import ACTS, ASSISTANT, ATTEMPTS, INTAKE, PAGES, SETTINGS, SOCKETS, STORE, TICKETS
from server.edge.learning import Learning
from server.edge.limits import Attempts
from server.edge.pages import Pages, guarded
from server.edge.sockets import Sockets
from server.edge.tickets import OwnTickets, SharedTickets
from server.library.intake import Intake
from server.settings import Settings
from server.store import Refusal, Store, clock
from server.store.space import Room, room_left, watch

# Connections that arrive together wait in the kernel; with the default of 128 the others retry after a whole second.
BACKLOG = 4096
EDGES = (
    sign_in,
    console_pages,
    invitation_pages,
    rehearsal_pages,
    desk_pages,
    session_pages,
    report_pages,
    content_pages,
    record_pages,
    document_pages,
    hcp_pages,
    acts,
    media,
)


async def create_app(settings: Settings) -> web.Application:
    """The whole server, on the running event loop, its database open and brought up to date.

    Raises `UnsafeDatabase` and `UnusableEncoder`.
    """
    learning = Learning(Memory(OnnxEncoder(settings.encoder), settings.folder / "vectors")) if settings.encoder else None
    app = web.Application(middlewares=[guarded], client_max_size=1024 * 1024)
    store = Store(settings.database)
    hints = Hints(settings.redis, settings.secret) if settings.redis else None
    tickets = OwnTickets() if hints is None else SharedTickets(store)
    app[SETTINGS], app[STORE], app[TICKETS] = settings, store, tickets
    app[PAGES], app[ATTEMPTS] = Pages(settings), Attempts()
    app[ACTS] = Acts(store)
    app[SOCKETS] = Sockets(settings, store, tickets, app[ACTS], hints)
    app[ASSISTANT] = Assistant(store, settings.country, learning)
    app[INTAKE] = Intake(store, settings.media)
    app[ACTS].on_words(app[ASSISTANT].read)
    app[SOCKETS].attach(app)
    for edge in EDGES:
        app.add_routes(edge.routes)
    app.router.add_get(r"/static/{version}/{name:.+}", _static)
    app.router.add_get("/healthz", _health)
    app.cleanup_ctx.append(_everything_that_runs)
    return app


async def _static(request: web.Request) -> web.Response:
    return request.app[PAGES].files.serve(request)


async def _health(request: web.Request) -> web.Response:
    """Ready: the database answers and takes changes; and whether the disk runs full."""
    try:
        await request.app[STORE].check()
    except Refusal as refusal:
        return web.json_response({"status": refusal.code}, status=503)
    left = await asyncio.to_thread(room_left, request.app[SETTINGS].folder)
    return web.json_response({"status": "ok"} if left is Room.ENOUGH else {"status": "ok", "alarm": left.value})


async def _everything_that_runs(app: web.Application) -> AsyncIterator[None]:
    running = (app[SOCKETS].run(), app[ASSISTANT].run(), watch(app[SETTINGS].folder), clock.watch())
    tasks = [asyncio.create_task(part) for part in running]
    yield
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await app[ASSISTANT].close()
    app[ACTS].close()
    await app[INTAKE].close()
    await app[STORE].close()


class _Runner(web.AppRunner):
    """Hangs up before it stops: a connection that is being shut down no longer reads, and would miss the other end's answer."""

    async def cleanup(self) -> None:
        for site in self.sites:
            await site.stop()
        if self.server is not None:
            await self.app[SOCKETS].close()
        await super().cleanup()


async def start(app: web.Application) -> web.AppRunner:
    """Start everything that runs, without listening yet; the caller cleans the runner up."""
    runner = _Runner(app, access_log=None, shutdown_timeout=5)
    await runner.setup()
    return runner


async def listen(runner: web.AppRunner, host: str, port: int) -> None:
    """Be reachable: from now on `/healthz` answers."""
    await web.TCPSite(runner, host, port, backlog=BACKLOG, reuse_address=True).start()
