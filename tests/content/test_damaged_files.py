"""Whatever is wrong with a file, the reader answers with an edition or with a code, never with another error."""

from __future__ import annotations

import gzip
import json
import random

import pytest

from content import readers
from content.model import UnreadableContent
from content.samples import FOLDER

ROUNDS = 12
WRONG = [None, 1, -1.5, True, "x", [], {}, [None], [1], [[]], {"a": 1}]
SMALL = [path for path in readers.find([FOLDER]) if path.stat().st_size < 400_000]


def unpacked(path):
    source = path.read_bytes()
    return gzip.decompress(source) if path.name.endswith(".gz") else source


def answers(path):
    try:
        edition = readers.read(path)
    except UnreadableContent as error:
        return bool(error.code)
    return all(edition.text[p.start : p.end] == p.text for p in edition.passages)


@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.name[:24])
def test_a_file_cut_short_or_with_wrong_bytes_is_answered(path, tmp_path):
    chance, source = random.Random(path.name), unpacked(path)
    for _ in range(ROUNDS):
        damaged = bytearray(source[: chance.randrange(len(source))] if chance.random() < 0.5 else source)
        for _ in range(chance.randrange(20) if damaged else 0):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        (tmp_path / path.name).write_bytes(damaged)
        assert answers(tmp_path / path.name)


@pytest.mark.parametrize("path", [p for p in SMALL if ".json" in p.name], ids=lambda path: path.name[:24])
def test_json_with_values_of_another_kind_is_answered(path, tmp_path):
    chance = random.Random(path.name)
    for _ in range(ROUNDS):
        tree = json.loads(unpacked(path))
        places = list(nodes(tree))
        for _ in range(chance.randrange(1, 12)):
            holder, key = chance.choice(places)
            holder[key] = chance.choice(WRONG)
        (tmp_path / "a.json").write_text(json.dumps(tree))
        assert answers(tmp_path / "a.json")


def test_json_nested_beyond_reason_is_answered(tmp_path):
    deep = '{"content": [{"type": "x", "children": ' * 200 + "[]" + "}]}" * 200
    (tmp_path / "a.json").write_text(f'{{"source": {{}}, "content": [{deep}]}}')

    assert answers(tmp_path / "a.json")


def nodes(tree):
    for key in list(tree) if isinstance(tree, dict) else range(len(tree)):
        yield tree, key
        if isinstance(tree[key], dict | list):
            yield from nodes(tree[key])
