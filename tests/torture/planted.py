"""Bugs that the torture tests must catch. `planted.py BUG` is the server with this bug, and nothing else changed.

Each is a function that puts its bug into the modules of this process, as somebody might have written it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from server.store import embedded
from server.store.change import Change, Outcome, carry_out


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


BUGS: Mapping[str, Callable[[], Any]] = {bug.__name__: bug for bug in (acknowledges_before_the_commit,)}

if __name__ == "__main__":
    from server.__main__ import main

    BUGS[sys.argv[1]]()
    sys.argv[1:] = ["serve"]
    sys.exit(main())
