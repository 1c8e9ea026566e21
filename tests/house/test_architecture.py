"""The drawing of the house held against its walls: who may import whom, how large a room may be, what may not be its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LARGEST = 400
MEANINGLESS = {"utils", "util", "helpers", "helper", "common", "core", "manager", "managers", "misc"}
PARTS = ("content", "intents", "bot", "server")
COMPOSITION = {"server.app", "server.__main__", "server.demo"}
EVERY_ROOM = {"server.store", "server.people", "server.library", "content"}
# Who may import what, outside itself. `server.edge` stands for all of its modules; the longest name that fits decides.
ARROWS: dict[str, set[str]] = {
    "content": set(),
    "intents": set(),
    # A tool, run by hand: it writes the lists of names in the spelling in which the assistant looks for them.
    "intents.names.build": {"bot.words"},
    "bot": {"content", "intents"},
    "server": set(),
    "server.settings": set(),
    "server.store": set(),
    "server.people": {"server.store"},
    "server.library": {"server.store", "server.people", "content"},
    "server.detailing": EVERY_ROOM,
    "server.conversation": EVERY_ROOM | {"bot"},
    "server.medical": EVERY_ROOM,
    "server.insight": EVERY_ROOM | {"server.detailing", "server.conversation", "server.medical"},
    "server.outside": EVERY_ROOM,
    "server.edge": EVERY_ROOM
    | {"server.settings", "server.detailing", "server.conversation", "server.medical", "server.insight", "server.outside"},
    "server.edge.assistant": EVERY_ROOM | {"server.edge", "server.conversation", "bot"},
    "server.edge.learning": {"bot"},
    "server.edge.commands": EVERY_ROOM
    | {"server.edge", "server.detailing", "server.conversation", "server.medical", "bot.model"},
}
# A migration is written once and never again: it may be as long as the tables it makes.
MIGRATIONS = "server/store/migrations/"


def _modules() -> Iterator[tuple[str, Path]]:
    for part in PARTS:
        for path in sorted((ROOT / part).rglob("*.py")):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


MODULES = dict(_modules())


def _imports(module: str, path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield inside if inside in MODULES else str(node.module)


def _within(module: str, parents: set[str]) -> bool:
    return any(module == parent or module.startswith(f"{parent}.") for parent in parents)


def _rule_of(module: str) -> str:
    return max((rule for rule in ARROWS if _within(module, {rule})), key=len)


@pytest.mark.parametrize("module", [module for module in MODULES if module not in COMPOSITION])
def test_imports_follow_the_arrows(module: str) -> None:
    rule = _rule_of(module)
    own = {rule} if rule != "server" else {module}

    astray = {
        imported
        for imported in _imports(module, MODULES[module])
        if imported.split(".")[0] in PARTS and not _within(imported, own | ARROWS[rule])
    }

    assert astray == set()


@pytest.mark.parametrize("module", MODULES)
def test_nobody_imports_the_composition(module: str) -> None:
    if module not in COMPOSITION:
        assert not COMPOSITION & set(_imports(module, MODULES[module]))


@pytest.mark.parametrize("module", [module for module in MODULES if not _within(module, {"server.edge"} | COMPOSITION)])
def test_only_the_edge_knows_the_web(module: str) -> None:
    assert not {name.split(".")[0] for name in _imports(module, MODULES[module])} & {"aiohttp", "socketio", "engineio"}


@pytest.mark.parametrize("module", [module for module in MODULES if _within(module, {"bot"}) and module != "bot.__main__"])
def test_the_assistant_knows_neither_network_nor_database_nor_clock(module: str) -> None:
    assert not {name.split(".")[0] for name in _imports(module, MODULES[module])} & {
        "socket",
        "ssl",
        "urllib",
        "http",
        "sqlalchemy",
        "time",
        "datetime",
        "random",
    }


def test_every_folder_of_the_server_has_its_place_in_the_drawing() -> None:
    rooms = {f"server.{path.name}" for path in (ROOT / "server").iterdir() if (path / "__init__.py").exists()}

    assert rooms <= set(ARROWS)


@pytest.mark.parametrize(
    "path", [p for p in MODULES.values() if MIGRATIONS not in p.as_posix()], ids=lambda p: str(p.relative_to(ROOT))
)
def test_no_module_is_too_long_to_be_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LARGEST


def test_no_name_is_without_meaning() -> None:
    named = {
        path.stem
        for part in (*PARTS, "widget", "tests")
        for path in (ROOT / part).rglob("*")
        if not {"vendor", "node_modules"} & set(path.parts)
    }

    assert named & MEANINGLESS == set()


def test_this_test_would_see_a_forbidden_import(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("def late():\n    from server.edge import words\n")

    assert set(_imports("server.medical.planted", planted)) == {"server.edge.words"}
    assert not _within("server.edge.words", ARROWS["server.medical"])
