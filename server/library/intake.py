"""From a file to an edition with its pixels: runs in a process of its own, away from everything that serves people."""

from __future__ import annotations

import asyncio
import multiprocessing
import shutil
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from content.model import Edition, Kind, UnreadableContent
from content.readers import read
from content.rendering import render
from server.library.actions import import_edition
from server.store import Store, new_id
from server.store.space import Room, room_left


def convert(path: Path, folder: Path) -> Edition:
    """Read one file and put its source, and for a deck the images of its slides, into `folder`.

    Images are named `1-1600.webp`: slide number and width in pixels. Raises `UnreadableContent`; nothing is left behind then.
    """
    edition = read(path)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    try:
        shutil.copyfile(path, folder / f"source{''.join(path.suffixes[-2:])}")
        if edition.kind is Kind.DECK:
            for slide in render(path.read_bytes()):
                for width, image in slide.images.items():
                    (folder / f"{slide.number}-{width}.webp").write_bytes(image)
    except UnreadableContent:
        shutil.rmtree(folder)
        raise
    return edition


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file: the edition it is, or why it could not be read."""

    file: str
    edition_id: str | None = None
    title: str | None = None
    is_new: bool = False
    code: str | None = None
    detail: str | None = None


class Intake:
    """Takes files into the library, one after the other, in a process that can fail without anybody noticing."""

    def __init__(self, store: Store, media: Path) -> None:
        self._store, self._media = store, media
        self._process = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))

    async def take(self, path: Path, *, by: str) -> Taken:
        """Import one file in the name of `by`, unapproved. A file that cannot be read or kept is told, not raised."""
        if room_left(self._media.parent) is Room.RESERVED:
            return Taken(path.name, code="no_room_for_imports")
        edition_id = new_id()
        folder = self._media / edition_id
        try:
            edition = await asyncio.get_running_loop().run_in_executor(self._process, convert, path, folder)
        except UnreadableContent as error:
            return Taken(path.name, code=error.code, detail=error.detail)
        except BrokenProcessPool:
            self._process = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
            return Taken(path.name, code="unreadable", detail="the reader was stopped by this file")
        known = await self._store.change(import_edition, edition, edition_id=edition_id, by=by)
        if known != edition_id:
            await asyncio.to_thread(shutil.rmtree, folder)
        return Taken(path.name, known, edition.title, known == edition_id)

    async def close(self) -> None:
        """Let go of the process."""
        await asyncio.to_thread(self._process.shutdown, cancel_futures=True)
