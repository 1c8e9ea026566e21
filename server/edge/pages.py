"""Turns what was read into pages: templates, and the headers that every answer carries."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from aiohttp import web
from sqlalchemy.exc import DataError

from server.edge import words
from server.edge.guard import STAFF, address_of, recognise, refuse_foreign_origin
from server.edge.keys import PAGES, SETTINGS, SOCKETS
from server.edge.static import Static
from server.settings import Settings
from server.store import Refusal

LOG = logging.getLogger("relais.pages")
TEMPLATES = Path(__file__).with_name("templates")
STATUS = {
    "not_signed_in": 401,
    "not_allowed": 403,
    "not_found": 404,
    "link_unknown": 404,
    "id_reused": 409,
    "too_many_tries": 429,
    "not_saved": 500,
    "busy": 503,
    "storage_full": 507,
}

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors {ancestors}"
)


class Pages:
    """Renders templates; `files` are what they load."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.files = Static()
        self._environments = {language: _environment(language) for language in words.LANGUAGES}

    def render(self, request: web.Request, template: str, *, status: int = 200, **context: Any) -> web.Response:
        """A page in the language of the person who asked for it."""
        language = language_of(request)
        person = request.get(STAFF)
        text = (
            self._environments[language]
            .get_template(template)
            .render(
                t=partial(words.say, language),
                lang=language,
                static=self.files.address,
                other_lang=_other(language),
                switch_lang_url=f"{request.path}?{urlencode({**request.query, 'lang': _other(language)})}",
                demo=self.settings.demo,
                laboratory=self.settings.laboratory,
                person=person,
                **context,
            )
        )
        response = web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
        response.enable_compression()
        return response


def _environment(language: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["typo"] = lambda text: words.typography(text, language)
    environment.filters["when"] = lambda value, spoken=language: words.moment(value, spoken)
    environment.filters["hour"] = lambda value: words.hour(value, language)
    environment.filters["day"] = lambda value, spoken=language: words.day(value, spoken)
    return environment


def _other(language: str) -> str:
    return "en" if language == "fr" else "fr"


def language_of(request: web.Request) -> str:
    """The page's language: what was just chosen, what the account says, what the browser asks for."""
    chosen = request.query.get("lang", "")
    if chosen in words.LANGUAGES:
        return chosen
    person = request.get(STAFF)
    return person.language if person is not None else words.preferred(request.headers.get("Accept-Language", ""))


def page(request: web.Request, template: str, **context: Any) -> web.Response:
    """Render a template for this request."""
    return request.app[PAGES].render(request, template, **context)


def words_for(request: web.Request, *files: str) -> dict[str, str]:
    """The words that a page's modules need."""
    return {key: text for file in files for key, text in words.catalogue(language_of(request), file).items()}


@web.middleware
async def guarded(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
    """Around every HTTP request: foreign origins are refused, staff recognised, refusals told in words, headers set."""
    if request.path.startswith("/socket.io/"):
        if "sid" not in request.query and not request.app[SOCKETS].crowd.has_room_for(address_of(request)):
            return refused(request, Refusal("busy"))
        return await handler(request)
    try:
        refuse_foreign_origin(request)
        await recognise(request)
        response = await handler(request)
    except Refusal as refusal:
        response = refused(request, refusal)
    except (DataError, UnicodeEncodeError):
        # A path, query, header or form held what no column can (PostgreSQL knows no NUL character) or what is no text at all.
        response = refused(request, Refusal("malformed"))
    except web.HTTPNotFound:
        response = refused(request, Refusal("not_found"))
    except web.HTTPException as answer:
        answer.headers.update(_headers(request))
        raise
    except ConnectionError:
        raise
    except Exception:  # whatever it was, a person is told in their own language
        LOG.exception("%s %s failed", request.method, request.match_info.route.resource)
        response = refused(request, Refusal("not_saved"))
    if not response.prepared:
        for name, value in _headers(request).items():
            response.headers.setdefault(name, value)
    return response


def refused(request: web.Request, refusal: Refusal) -> web.Response:
    """What a person or a module is told when something cannot be done."""
    if refusal.code == "not_signed_in" and request.method == "GET" and not request.path.startswith("/api/"):
        return web.Response(status=303, headers={"Location": f"/sign-in?{urlencode({'next': request.path_qs})}"})
    status = STATUS.get(refusal.code, 400)
    if request.path.startswith(("/api/", "/socket.io/")):
        later = {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}
        return web.json_response(words.refused(refusal, language_of(request)), status=status, headers=later)
    message = words.refusal_words(language_of(request), refusal.code, refusal.details)
    return page(request, "refused.html", status=status, code=refusal.code, message=message, place=None)


# Pages that may stand in a frame on a site of ours: those of an HCP, and nothing else.
FRAMED = ("/join", "/room", "/assistant")
# Stands in a frame of ours alone: what the rep's console shows of the room.
PREVIEW = "/preview"


# Where there can be a call; an embedding site hands microphone and camera on to our origin alone.
CALLING = re.compile(r"/room|/console/[^/]+|/desk/sessions/[^/]+")


def _headers(request: web.Request) -> dict[str, str]:
    settings = request.app[SETTINGS]
    framed = request.path in FRAMED
    ours = "'self'" if request.path.endswith(PREVIEW) else "'none'"
    ancestors = " ".join(["'self'", *settings.embed_origins]) if framed else ours
    headers = {
        "Content-Security-Policy": CSP.format(ancestors=ancestors),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Permissions-Policy": "camera={0}, microphone={0}".format("(self)" if CALLING.fullmatch(request.path) else "()"),
        "Cross-Origin-Resource-Policy": "cross-origin" if request.path == "/embed.js" else "same-origin",
    }
    if not framed:
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if settings.secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers
