"""The contract of the wire: every command is carried out, every fact said once, and what is written about them is true."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest

from server.edge import contract
from server.edge.commands import HANDLERS
from server.store.messages import COMMANDS, FACTS, NOTICES, SIGNALS, STREAMS, Command, Fact

SERVER = Path(__file__).parents[2] / "server"
MESSAGES = [
    importlib.import_module(".".join(path.relative_to(SERVER.parent).with_suffix("").parts))
    for path in sorted([*SERVER.glob("*/messages.py"), *SERVER.glob("*/messages/[a-z]*.py")])
]


def _defined(base: type) -> list[type]:
    return [
        kind
        for module in MESSAGES
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, base) and kind is not base and kind.__module__ == module.__name__
    ]


@pytest.mark.parametrize("command", sorted(set(COMMANDS.values()), key=lambda kind: kind.__name__), ids=lambda k: k.__name__)
def test_every_command_is_carried_out_by_the_function_of_its_name(command: type[Command]) -> None:
    assert HANDLERS[command].__name__ == f"on_{command.wire_name()}"


def test_nothing_but_commands_is_carried_out() -> None:
    assert set(HANDLERS) == set(COMMANDS.values())


def test_every_fact_is_declared_once() -> None:
    facts = _defined(Fact)

    assert len({fact.wire_name() for fact in facts}) == len(facts)
    assert set(FACTS.values()) == set(facts)


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_every_fact_has_a_stream_that_somebody_follows(fact: type[Fact]) -> None:
    assert STREAMS[fact.stream.name] is fact.stream
    assert fact.stream.audience


def test_one_name_means_one_thing_on_the_wire() -> None:
    commands = {name for _, name in COMMANDS}

    names = [*commands, *FACTS, *NOTICES, *SIGNALS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("kind", [*_defined(Fact), *_defined(Command)], ids=lambda kind: kind.__name__)
def test_commands_ask_and_facts_tell(kind: type) -> None:
    """A fact is in the past tense: its last word ends in -ed, or is one of the irregular ones we use."""
    told = re.fullmatch(r".*(ed|Shown|Taken|Given|Heard|Held|Left|Kept|Seen|Written)", kind.__name__) is not None

    assert told == issubclass(kind, Fact)


@pytest.mark.parametrize("kind", [*_defined(Fact), *_defined(Command)], ids=lambda kind: kind.__name__)
def test_what_travels_says_what_it_is(kind: type) -> None:
    assert inspect.getdoc(kind)


@pytest.mark.parametrize("name", ["TYPES", "TABLE"])
def test_what_is_written_about_the_wire_is_what_the_models_say(name: str) -> None:
    path: Path = getattr(contract, name)
    written = path.read_text(encoding="utf-8")

    assert written == _would_write(name), "run: python -m server.edge.contract"


def _would_write(name: str) -> str:
    return {"TYPES": contract.types, "TABLE": contract.table}[name]()
