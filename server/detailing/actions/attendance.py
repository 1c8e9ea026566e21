"""When participants were connected, as the edge saw it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, insert, update

from server.detailing.tables import ConnectedSpan
from server.store import Transaction

SPANS = ConnectedSpan.metadata.tables["connected_spans"]
KEEP = insert(SPANS)
PROLONG = update(SPANS).where(SPANS.c.id == bindparam("span_id")).values(until=bindparam("seen"))


def keep_connected(tx: Transaction, begun: list[dict[str, Any]], prolonged: list[dict[str, Any]]) -> None:
    """Keep spans that are new, with the columns of `ConnectedSpan`, and how far others reach: `span_id`, `seen`."""
    if begun:
        tx.connection.execute(KEEP, begun)
    if prolonged:
        tx.connection.execute(PROLONG, prolonged)
