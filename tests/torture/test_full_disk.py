"""R4, the disk is full: people are told at once and keep what they did; reading goes on; with room again nothing is missing."""

from __future__ import annotations

import asyncio
import logging
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import furnished
import load
import pytest
from checker import Found, compare, facts_stored
from report import LONG
from running import Relais
from serving import Server

from server.library.intake import Intake
from server.settings import Settings
from server.store import Refusal, Store
from server.store.space import Room, room_left

SECONDS = 20 if LONG else 5
SIZE = 16 * 2**20
TOLD_WITHIN = 1.0


@dataclass(frozen=True, slots=True)
class Volume:
    """A small disk. `name`: how the server gets to see it, one of `planted.PLANTED` or nothing."""

    folder: Path
    name: str | None

    def fill(self) -> None:
        """Take all the room that is left."""
        if self.name is not None:
            (self.folder / "room").write_text("0")
            return
        with (self.folder / "ballast").open("wb") as file:
            try:
                while True:
                    file.write(bytes(4096))
                    file.flush()
            except OSError:
                pass

    def free(self) -> None:
        """Give it back."""
        if self.name is not None:
            (self.folder / "room").write_text(str(10 * SIZE))
        (self.folder / "ballast").unlink(missing_ok=True)


# A mounted volume needs the right to mount, so only `make torture` asks for it.
@pytest.fixture(params=["simulated", "mounted"] if LONG else ["simulated"])
def volume(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Volume]:
    """A disk of 16 MB with the database on it."""
    if request.param == "simulated":
        volume = Volume(tmp_path, "a_small_disk")
        volume.free()
        yield volume
        return
    folder = tmp_path / "volume"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], check=True)
    yield Volume(folder, None)
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def settings(settings: Settings, volume: Volume) -> Settings:
    """The server keeps everything on the small disk."""
    return replace(settings, folder=volume.folder, database=str(volume.folder / "relais.db"))


async def _health(relais: Relais) -> tuple[int, dict[str, str]]:
    async with aiohttp.ClientSession() as session, session.get(f"{relais.url}/healthz") as answer:
        return answer.status, await answer.json()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run on a full disk showed. `refused`: how long each refusal for want of room took."""

    found: Found
    while_full: tuple[int, dict[str, str]]
    page: int
    after: int
    status: int
    refused: list[float]


async def _run_full(relais: Relais, rep: furnished.Account, deck: str, volume: Volume, disk: str | None) -> Seen:
    clients = await load.clients(relais, rep, deck, seed=4)
    before = await relais.store.read(facts_stored)
    reader = relais.browser()
    await reader.sign_in(rep.email, furnished.PASSWORD)
    await relais.stop()
    async with Server(relais.settings, disk) as server:
        async with load.under_load(clients, events_a_second=100):
            await asyncio.sleep(1)
            volume.fill()
            await asyncio.sleep(SECONDS)
            while_full, page = await _health(relais), await reader.get("/console")
            volume.free()
            await asyncio.sleep(1)
        after, _ = await _health(relais)
        status = await server.end()
    found = compare((client.journal for client in clients), relais.settings.database, before=before)
    await relais.start()
    refused = [took for client in clients for code, took in client.timings.refused if code == "storage_full"]
    return Seen(found, while_full, page.status, after, status, refused)


async def test_nothing_is_lost_while_the_disk_is_full(
    relais: Relais, rep: furnished.Account, deck: str, volume: Volume, report: Callable[..., None]
) -> None:
    seen = await _run_full(relais, rep, deck, volume, volume.name)

    kind = "simulated" if volume.name else "mounted"
    note = f"{kind}: {len(seen.refused)} acts refused within {max(seen.refused, default=0):.2f} s"
    report("R4", f"disk full for {SECONDS} s", runs=1, note=note, **seen.found.counts)
    assert seen.while_full == (503, {"status": "storage_full"})
    assert (seen.page, seen.after) == (200, 200)
    assert seen.status == 0, "the server did not live through it"
    assert seen.refused
    if LONG:
        # The short form shares its machine with whatever else a developer runs.
        assert max(seen.refused) <= TOLD_WITHIN
    assert seen.found.faultless, seen.found
    assert seen.found.unanswered == 0


@pytest.mark.long
@pytest.mark.parametrize("volume", ["simulated"], indirect=True)
async def test_a_refusal_that_nobody_repeats_is_found_out(
    relais: Relais, rep: furnished.Account, deck: str, volume: Volume, report: Callable[..., None]
) -> None:
    bug = "takes_a_full_disk_for_a_broken_one"

    seen = await _run_full(relais, rep, deck, volume, bug)

    left = seen.found.unanswered
    note = f"caught: {left} acts given up" if left else "NOT CAUGHT"
    report("R4", f"planted: {bug}", runs=1, note=note, **seen.found.counts)
    assert left > 0


async def test_a_report_that_cannot_be_kept_yet_raises_the_alarm(
    room: furnished.Room, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Without the alarm nothing was in the log: seen once."""

    async def finds_no_room(*_: object) -> None:
        raise Refusal("storage_full")

    monkeypatch.setattr(Store, "obey", finds_no_room)

    answer = await room.hcp.call("report_adverse_event", {"text": load.REPORT})

    assert (answer["code"], answer["retry_after"]) == ("storage_full", 5)
    assert [record.levelno for record in caplog.records if "adverse event" in record.message] == [logging.CRITICAL]


@pytest.mark.parametrize(
    ("free", "left"), [(0.25, Room.ENOUGH), (0.15, Room.LOW), (0.05, Room.RESERVED)], ids=["a quarter", "15 %", "5 %"]
)
def test_the_alarm_comes_before_the_reserve(free: float, left: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_free(monkeypatch, 16 * 2**20, free)

    assert room_left(tmp_path) is left


def test_five_percent_of_a_large_disk_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_free(monkeypatch, 2**40, 0.05)

    assert room_left(tmp_path) is Room.ENOUGH


async def test_the_last_tenth_is_not_for_imports(relais: Relais, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the look at what is left the label was taken in: seen once."""
    _with_free(monkeypatch, 16 * 2**20, 0.05)
    intake = Intake(relais.store, relais.settings.media)

    taken = await intake.take(furnished.LABEL, by="tests")

    await intake.close()
    assert (taken.code, taken.edition_id) == ("no_room_for_imports", None)


def _with_free(monkeypatch: pytest.MonkeyPatch, total: int, share: float) -> None:
    free = int(total * share)
    usage = type(shutil.disk_usage("/"))(total, total - free, free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
