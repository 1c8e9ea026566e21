"""Writes down what travels between server and browser: types for the browser's checker, and a table for people.

`python -m server.edge.contract` writes `widget/events.d.ts` and `server/WIRE.md`; a test fails when they are not what it would
write.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from server.conversation import messages as _conversation
from server.detailing import messages as _detailing
from server.edge import sockets as _edge
from server.edge.snapshots import ColleagueSnapshot, HcpSnapshot, MslSnapshot, RepSnapshot
from server.medical import messages as _medical
from server.store.messages import COMMANDS, FACTS, NOTICES, SIGNALS, Command, Signal

ROOT = Path(__file__).parents[2]
TYPES = ROOT / "widget" / "events.d.ts"
TABLE = ROOT / "server" / "WIRE.md"
DEFINED_IN = (_conversation, _detailing, _medical, _edge)
SNAPSHOTS = (HcpSnapshot, RepSnapshot, ColleagueSnapshot, MslSnapshot)
_SIMPLE = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def types() -> str:
    """The TypeScript declarations."""
    bodies: dict[str, str] = {}
    models: list[type[BaseModel]] = [*FACTS.values(), *_commands().values(), *SIGNALS.values(), *NOTICES.values(), *SNAPSHOTS]
    for model in models:
        _declare(model, bodies)
    facts = "\n".join(f"  | Envelope<{name!r}, {model.__name__}>".replace("'", '"') for name, model in sorted(FACTS.items()))
    return "\n".join(
        [
            "// Generated from the messages of the server's rooms by `python -m server.edge.contract`. Do not edit.",
            "",
            "/** A stored fact on its way: `seq` counts from 1 without gaps in `stream`, `at` is UTC in ISO 8601. */",
            "export interface Envelope<Name extends string, Body> {",
            "  stream: string;\n  seq: number;\n  name: Name;\n  at: string;\n  body: Body;\n}",
            "",
            "\n\n".join(bodies[name] for name in sorted(bodies)),
            "",
            f"export type Fact =\n{facts};",
            "",
            _map("Commands", _commands()),
            "",
            _map("Signals", SIGNALS),
            "",
            _map("Notices", NOTICES),
            "",
        ]
    )


def table() -> str:
    """The same for people, in Markdown."""
    lines = [
        "# What travels on the wire",
        "",
        "Generated from the messages of the rooms by `python -m server.edge.contract`. Every command carries an `id` (UUIDv7) "
        "made once per act and is acknowledged after its commit; facts are stored, numbered per stream and sent in order.",
        "",
        *_section("Commands", "who sends it", ((n, m, ", ".join(sorted(m.senders))) for n, m in sorted(_commands().items()))),
        *_section("Facts", "stream: who hears it", ((n, m, _heard(m)) for n, m in sorted(FACTS.items()))),
        *_section("Signals", "who sends it", ((n, m, ", ".join(sorted(m.senders))) for n, m in sorted(SIGNALS.items()))),
        *_section("Notices", "who hears it", ((n, m, ", ".join(sorted(m.audience))) for n, m in sorted(NOTICES.items()))),
    ]
    return "\n".join(lines)


def _commands() -> dict[str, type[Command]]:
    return {name: model for (_, name), model in sorted(COMMANDS.items())}


def _heard(fact: Any) -> str:
    return f"{fact.stream.name}: {', '.join(sorted(fact.stream.audience))}"


def _section(title: str, people: str, rows: Iterable[tuple[str, type[BaseModel], str]]) -> list[str]:
    head = [f"## {title}", "", f"| name | {people} | fields | meaning |", "|---|---|---|---|"]
    body = []
    for name, model, who in rows:
        fields = ", ".join(f"`{field}`" for field in model.model_fields if field != "id")
        body.append(f"| `{name}` | {who} | {fields} | {_first_line(model)} |")
    return [*head, *body, ""]


def _first_line(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")


def _map(title: str, models: dict[str, Any]) -> str:
    entries = "\n".join(f"  {name}: {model.__name__};" for name, model in sorted(models.items()))
    return f"export interface {title} {{\n{entries}\n}}"


def _declare(model: type[BaseModel], bodies: dict[str, str]) -> None:
    schema = model.model_json_schema()
    for name, definition in {**schema.get("$defs", {}), model.__name__: schema}.items():
        if definition.get("type") == "object":
            bodies[name] = _interface(name, definition, optional=issubclass(model, Command | Signal))


def _interface(name: str, schema: dict[str, Any], *, optional: bool) -> str:
    """Clients may leave out what has a default; what the server says is always whole."""
    comment = f"/** {' '.join(schema['description'].split())} */\n" if "description" in schema else ""
    fields = []
    for field, about in schema.get("properties", {}).items():
        mark = "?" if optional and field not in schema.get("required", []) else ""
        fields.append(f"  {field}{mark}: {_type(about)};")
    return f"{comment}export interface {name} {{\n" + "\n".join(fields) + ("\n}" if fields else "}")


def _type(about: dict[str, Any]) -> str:
    if "$ref" in about:
        return str(about["$ref"]).rpartition("/")[2]
    if "anyOf" in about:
        return " | ".join(_type(choice) for choice in about["anyOf"])
    if "enum" in about:
        return " | ".join(f'"{value}"' for value in about["enum"])
    if about.get("type") == "array":
        inner = _type(about.get("items", {}))
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    if about.get("type") == "object":
        values = about.get("additionalProperties")
        return f"Record<string, {_type(values) if isinstance(values, dict) else 'any'}>"
    return _SIMPLE.get(about.get("type", ""), "any")


def main() -> None:
    """Write both files."""
    TYPES.write_text(types(), encoding="utf-8")
    TABLE.write_text(table(), encoding="utf-8")


if __name__ == "__main__":
    main()
