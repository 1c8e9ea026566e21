"""The door: what is found, what is refused and with which code."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from content import readers
from content.model import UnreadableContent

LABEL = {"results": [{"indications_and_usage": ["1 INDICATIONS AND USAGE For pain."], "openfda": {"brand_name": ["Fictol"]}}]}
LEAFLET = "---\nproduct: FICTOL 5 mg, comprimé\nkind: leaflet\n---\n\n## 1. Qu'est-ce que FICTOL ?\n\nUn médicament.\n"


def code_of(path: Path) -> str:
    with pytest.raises(UnreadableContent) as refused:
        readers.read(path)
    return refused.value.code


@pytest.mark.parametrize(
    ("name", "source", "code"),
    [
        ("a.md", b"", "empty"),
        ("a.md", b" \n\n", "empty"),
        ("a.txt", b"Only a note.", "unknown_format"),
        ("a.bin", bytes(range(256)), "unknown_format"),
        ("a.md", b"---\nkind: leaflet\n---\n\n## 1. Titre\n\nTexte.\n", "not_a_label"),
        ("a.md", b"---\nproduct: FICTOL\n---\n", "empty"),
        ("a.md", b"---\nproduct: [unclosed\n---\n", "bad_front_matter"),
        ("a.md", b"---\na: &a [x, x]\nproduct: *a\n---\n", "bad_front_matter"),
        ("a.json", b'{"results": [', "broken_json"),
        ("a.json", b'{"results": []}', "not_a_label"),
        ("a.json", b'{"name": "something else"}', "not_a_label"),
        ("a.json", b'{"resourceType": "Bundle", "entry": []}', "not_a_label"),
        ("a.json", b"[" * 100_000, "broken_json"),
        ("a.json.gz", b"\x1f\x8b\x08broken", "broken_gzip"),
        ("a.html", b"<html><body><p>A page.</p></body></html>", "not_a_label"),
        ("a.xml", b"<?xml version='1.0'?><document>", "broken_xml"),
        ("a.pdf", b"%PDF-1.7\nnothing more", "broken_pdf"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_code(tmp_path, name, source, code):
    (tmp_path / name).write_bytes(source)

    assert code_of(tmp_path / name) == code


def test_an_answer_with_several_labels_is_refused(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"results": LABEL["results"] * 2}))

    assert code_of(tmp_path / "a.json") == "several_labels"


def test_a_missing_file_is_refused(tmp_path):
    assert code_of(tmp_path / "nowhere.md") == "missing"


def test_a_file_beyond_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAX_BYTES", 1000)
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(b" " * 100_000))
    (tmp_path / "b.json").write_bytes(b" " * 1001)

    assert code_of(tmp_path / "a.json.gz") == "too_large"
    assert code_of(tmp_path / "b.json") == "too_large"


def test_xml_entities_are_not_expanded(tmp_path):
    (tmp_path / "secret.txt").write_text("a secret")
    (tmp_path / "a.xml").write_text(
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file://{tmp_path}/secret.txt">]>'
        '<document xmlns="urn:hl7-org:v3"><component><structuredBody><component><section><code code="34067-9"/>'
        "<title>Uses</title><text>For pain. &e;</text><subject><manufacturedProduct><name>Fictol</name></manufacturedProduct>"
        "</subject></section></component></structuredBody></component></document>"
    )

    assert readers.read(tmp_path / "a.xml").text == "Uses\nFor pain."


def test_the_format_is_seen_in_the_bytes_not_the_name(tmp_path):
    (tmp_path / "label.json").write_bytes(gzip.compress(json.dumps(LABEL).encode()))

    assert readers.read(tmp_path / "label.json").product == "Fictol"


def test_the_digest_is_that_of_the_file(tmp_path):
    (tmp_path / "a.md").write_text(LEAFLET)

    assert readers.read(tmp_path / "a.md").digest == hashlib.sha256(LEAFLET.encode()).hexdigest()


def test_reading_twice_gives_the_same_edition(tmp_path):
    (tmp_path / "a.md").write_text(LEAFLET)

    assert readers.read(tmp_path / "a.md") == readers.read(tmp_path / "a.md")


def test_a_folder_gives_its_documents_sorted_and_nothing_else(tmp_path):
    for name in (
        "b.md",
        "a.json.gz",
        "sub/c.html",
        "README.md",
        "index.jsonl",
        "index.json",
        "sources.yaml",
        ".hidden.md",
        "x.py",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")

    assert [str(path.relative_to(tmp_path)) for path in readers.find([tmp_path])] == ["a.json.gz", "b.md", "sub/c.html"]


def test_the_sources_of_a_deck_are_not_documents(tmp_path):
    for name in ("talk.pdf", "talk.deck.yaml", "talk.html", "talk.md", "other.html"):
        (tmp_path / name).write_text("x")

    assert [path.name for path in readers.find([tmp_path])] == ["other.html", "talk.pdf"]


def test_a_file_named_twice_is_found_once(tmp_path):
    (tmp_path / "a.md").write_text(LEAFLET)

    assert readers.find([tmp_path, tmp_path / "a.md"]) == [tmp_path / "a.md"]
