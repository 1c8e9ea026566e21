"""What browsers load: compressed ahead in each encoding, the same words in all of them, kept for ever under its address."""

from __future__ import annotations

import gzip

import brotli
import pytest
from aiohttp import ClientSession
from running import Relais

from server.edge.keys import PAGES
from server.edge.static import SERVED, WIDGET, as_sent

DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}
NAMES = sorted(str(file.relative_to(WIDGET)) for file in WIDGET.rglob("*") if file.suffix in SERVED)


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity", None),
        ("", None),
    ],
)
async def test_every_file_comes_in_the_best_encoding_that_the_browser_takes(
    accepted: str, sent: str | None, relais: Relais
) -> None:
    files = relais.app[PAGES].files
    async with ClientSession(relais.url, auto_decompress=False, headers={"Accept-Encoding": accepted}) as session:
        for name in NAMES:
            answer = await session.get(files.address(name))
            body = await answer.read()
            assert answer.headers.get("Content-Encoding") == sent
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert DECODERS[sent](body) == as_sent(name, (WIDGET / name).read_bytes())
