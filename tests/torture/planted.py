"""The server with a bug that the torture tests must catch, or on a disk that fails; nothing else is changed: `planted.py NAME`.

Each bug is a function that puts it into the modules of this process, as somebody might have written it.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from disk import FAILED_SYNC, FULL, OK, Disk, Step, under_sqlite
from sqlalchemy.orm import Session

from server.edge import broadcast
from server.edge.delivery import Delivery
from server.store import embedded
from server.store.change import Change, Outcome, carry_out
from server.store.transaction import Transaction

UNTIL_THE_END = ExitStack()


def acknowledges_before_the_commit() -> None:
    """Callers are answered inside the transaction, 30 ms before it is committed."""

    def together(self: embedded.EmbeddedWriter, batch: list[Change]) -> list[Outcome] | None:
        with Session(self.engine) as session, session.begin():
            outcomes = [carry_out(change, session) for change in batch]
            self._deliver(list(zip(batch, outcomes, strict=True)))
            time.sleep(0.03)
        batch.clear()
        return []

    embedded.EmbeddedWriter._together = together


def works_on_the_event_loop() -> None:
    """Changes are carried out where they are asked for: whoever waits for a lock lets everybody wait."""
    embedded.EmbeddedWriter.submit = lambda self, change: self._deliver([(change, self._alone(change))])


def the_fiftieth_sync_fails() -> None:
    """No bug but a bad disk: once, a sync fails."""

    class Bad(Disk):
        syncs = 0

        def about_to(self, step: Step) -> int:
            self.syncs += step.kind == "sync"
            return FAILED_SYNC if self.syncs == 50 else OK

    UNTIL_THE_END.enter_context(under_sqlite(Bad()))


def a_small_disk() -> None:
    """No bug but a small disk: the database has as much room as the file `room` beside it says, in bytes."""
    real = shutil.disk_usage

    def room(folder: Path) -> int:
        return int((folder / "room").read_text())

    def used(folder: Path) -> int:
        return sum(file.stat().st_size for file in folder.glob("relais.db*"))

    class Small(Disk):
        def about_to(self, step: Step) -> int:
            file = Path(step.path)
            grows = step.kind == "write" and step.offset + len(step.data) > file.stat().st_size
            return FULL if grows and used(file.parent) + len(step.data) > room(file.parent) else OK

    def disk_usage(folder: Path) -> Any:
        return type(real(folder))(room(folder), used(folder), max(0, room(folder) - used(folder)))

    shutil.disk_usage = disk_usage
    UNTIL_THE_END.enter_context(under_sqlite(Small()))


def takes_a_full_disk_for_a_broken_one() -> None:
    """Whoever acts while there is no room hears the answer to a failure, which nobody sends again."""
    embedded.REFUSED = {}
    a_small_disk()


def takes_hints_for_the_record() -> None:
    """What another process committed is read when a hint tells of it, and never looked for otherwise."""

    async def never(self: Delivery, heads: Mapping[str, int]) -> None:
        pass

    Delivery.up_to = never


def forgets_what_it_answered() -> None:
    """An act that is sent again, because its answer got lost, is done again."""
    Transaction.keep_receipt = lambda self, key, answer: None


def lets_the_transport_grow() -> None:
    """Frames are handed to every connection, however much of what came before still waits there."""
    broadcast.BUFFER_LIMIT = 1 << 60


def waits_for_whoever_does_not_read() -> None:
    """Queues have no end: nobody is cut."""
    broadcast.QUEUE_LIMIT = broadcast.BYTES_LIMIT = 1 << 60


PLANTED: Mapping[str, Callable[[], Any]] = {
    plant.__name__: plant
    for plant in (
        acknowledges_before_the_commit,
        works_on_the_event_loop,
        the_fiftieth_sync_fails,
        a_small_disk,
        takes_a_full_disk_for_a_broken_one,
        takes_hints_for_the_record,
        forgets_what_it_answered,
        lets_the_transport_grow,
        waits_for_whoever_does_not_read,
    )
}

if __name__ == "__main__":
    from server.__main__ import main

    PLANTED[sys.argv[1]]()
    sys.argv[1:] = ["serve"]
    sys.exit(main())
