"""What an HCP's browser has to load, as it travels: the budgets of requirements W-02 and W-04.

Counted is what a page waits for; what it fetches later by itself (how entries of the log are drawn, the vault of what is not sent
yet) or on a click is not.
"""

from __future__ import annotations

import gzip
import re

from server.edge.static import WIDGET, as_sent

ROOM, BEFORE_THE_ROOM = ("start.js", "room.js"), ("join.js",)


def sent(name: str) -> int:
    return len(gzip.compress(as_sent(name, (WIDGET / name).read_bytes()), 9, mtime=0))


def with_imports(name: str, found: set[str]) -> set[str]:
    if name not in found:
        found.add(name)
        for imported in re.findall(r'^import (?:.*? from )?"\./(.+)";$', (WIDGET / name).read_text(), re.MULTILINE):
            with_imports(imported, found)
    return found


def test_before_the_first_click_a_laboratorys_site_loads_two_kilobytes_at_most() -> None:
    assert sent("embed.js") <= 2000


def all_of(*entries: str) -> set[str]:
    names: set[str] = set()
    for entry in entries:
        with_imports(entry, names)
    return names


def test_the_code_of_the_room_is_thirty_kilobytes_at_most_with_the_socket() -> None:
    names = all_of(*ROOM)

    assert "vendor/socket.io.esm.min.js" in names
    assert sum(sent(name) for name in names) <= 30_000


def test_the_code_of_the_pages_before_the_room_is_two_kilobytes_at_most() -> None:
    assert sum(sent(name) for name in all_of(*BEFORE_THE_ROOM)) <= 2_000


def test_the_style_of_an_hcps_pages_is_eight_kilobytes_at_most() -> None:
    assert sent("style/tokens.css") + sent("style/room.css") <= 8_000
