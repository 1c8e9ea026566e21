"""Alembic's entry: every room's tables, on the connection given by `migrate` or, for a new revision, a scratch one."""

from __future__ import annotations

import importlib
from typing import Any, Literal

from alembic import context
from sqlalchemy import False_, create_engine

from server.store.tables import Base, Utc

for room in ("store", "people", "library", "detailing", "conversation", "medical"):
    importlib.import_module(f"server.{room}.tables")


def render_item(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Migrations speak of plain SQLAlchemy types: they must run when our own types have long changed.

    And they speak no database's dialect: SQLite spells false 0, which PostgreSQL does not take for a boolean.
    """
    if kind == "server_default" and isinstance(getattr(item, "arg", None), False_):
        return "sa.false()"
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Utc) else False


given = context.config.attributes.get("connection")
connection = given or create_engine("sqlite://").connect()
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=render_item)
with context.begin_transaction():
    context.run_migrations()
