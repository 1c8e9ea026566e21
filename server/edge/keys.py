"""The application's typed keys: what every page and socket may reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from server.settings import Settings
from server.store import Store

if TYPE_CHECKING:
    from server.edge.acts import Acts
    from server.edge.assistant import Assistant
    from server.edge.limits import Attempts
    from server.edge.pages import Pages
    from server.edge.sockets import Sockets
    from server.edge.tickets import Tickets
    from server.library.intake import Intake

SETTINGS = web.AppKey("SETTINGS", Settings)
STORE = web.AppKey("STORE", Store)
ACTS: web.AppKey[Acts] = web.AppKey("ACTS")
PAGES: web.AppKey[Pages] = web.AppKey("PAGES")
ASSISTANT: web.AppKey[Assistant] = web.AppKey("ASSISTANT")
SOCKETS: web.AppKey[Sockets] = web.AppKey("SOCKETS")
TICKETS: web.AppKey[Tickets] = web.AppKey("TICKETS")
INTAKE: web.AppKey[Intake] = web.AppKey("INTAKE")
ATTEMPTS: web.AppKey[Attempts] = web.AppKey("ATTEMPTS")
