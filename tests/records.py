"""Everything that a database holds, for tests of what must not be in it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import MetaData, create_engine, select

from server.store.embedded import reading_engine


def everything_stored(database: str) -> bytes:
    """Every row of every table as text, and for a SQLite file its raw bytes and its log's. Nobody else may have it open."""
    embedded = not database.startswith("postgresql")
    engine = reading_engine(Path(database)) if embedded else create_engine(database)
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        rows = [str(tuple(row)) for table in tables.sorted_tables for row in connection.execute(select(table))]
    engine.dispose()
    raw = b"".join(file.read_bytes() for file in sorted(Path(database).parent.glob("relais.db*"))) if embedded else b""
    return "\n".join(rows).encode() + raw
