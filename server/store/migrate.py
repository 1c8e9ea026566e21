"""Brings the schema to the newest version before anything is served."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

# Any number that nothing else on the database locks.
TURN = 0x72656C616973
MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(engine: Engine) -> None:
    """Upgrade to the newest version, in one transaction; a database made by a newer Relais is refused by Alembic."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            # Of several processes that start at once, one migrates, and the others find it done.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (TURN,))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
