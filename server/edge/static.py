"""The files of `widget/` as they travel: made small, compressed once at the start, each under an address that changes with it."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path

import brotli
import minify
from aiohttp import web

WIDGET = Path(__file__).parents[2] / "widget"
MINIFIED = {".js": "application/javascript", ".css": "text/css"}
SERVED = {*MINIFIED, ".svg"}
FOR_EVER = "public, max-age=31536000, immutable"


class Static:
    """Every file that browsers may have, in the encodings that they take: the smallest first."""

    def __init__(self) -> None:
        files = {str(f.relative_to(WIDGET)): f for f in sorted(WIDGET.rglob("*")) if f.suffix in SERVED and f.is_file()}
        self._bodies = {name: _encoded(name, file.read_bytes()) for name, file in files.items()}
        tree = hashlib.sha256()
        for name, bodies in self._bodies.items():
            tree.update(name.encode() + bodies["identity"])
        self.version = tree.hexdigest()[:16]

    def address(self, name: str) -> str:
        """The address of a file of `widget/`. Raises `KeyError` for one that is not there."""
        self._bodies[name]
        return f"/static/{self.version}/{name}"

    def serve(self, request: web.Request) -> web.Response:
        """A file by its address, for ever; the relative imports of modules stay within one version."""
        name = request.match_info["name"]
        if request.match_info["version"] != self.version or name not in self._bodies:
            raise web.HTTPNotFound
        return self.send(request, name, FOR_EVER)

    def send(self, request: web.Request, name: str, caching: str) -> web.Response:
        """One file of `widget/`, in the best encoding that this browser takes."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = {"Cache-Control": caching, "Vary": "Accept-Encoding"}
        accepted = _accepted(request.headers.get("Accept-Encoding", ""))
        encoding, body = next(found for found in self._bodies[name].items() if found[0] in accepted)
        if encoding != "identity":
            headers["Content-Encoding"] = encoding
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)


@cache
def _encoded(name: str, source: bytes) -> dict[str, bytes]:
    plain = as_sent(name, source)
    return {"br": brotli.compress(plain), "gzip": gzip.compress(plain, 9, mtime=0), "identity": plain}


def as_sent(name: str, source: bytes) -> bytes:
    """A file of `widget/` without what is there for those who read it; what others wrote, and pictures, as they are."""
    kind = MINIFIED.get(Path(name).suffix)
    if kind is None or name.startswith("vendor/"):
        return source
    return str(minify.string(kind, source.decode())).encode()


def _accepted(header: str) -> set[str]:
    """The encodings that a browser takes; plain bytes always."""
    wanted = (part.replace(" ", "").partition(";q=") for part in header.lower().split(","))
    return {encoding for encoding, _, weight in wanted if weight.strip("0.") or not weight} | {"identity"}
