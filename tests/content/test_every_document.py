"""What holds for every document, whatever its format."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import pytest

from content.model import Edition, Kind
from content.sections import title_of, topics_of
from content.sentences import sentences

CODE = re.compile(r"\d{1,2}(\.\d)?|leaflet:[0-6]|slide:\d+|prescription|[a-z_]+|\d{5}-\d")


def test_a_passage_is_the_text_at_its_span(documents):
    for name, edition in documents.items():
        for passage in edition.passages:
            assert edition.text[passage.start : passage.end] == passage.text, name


def test_passages_follow_each_other_without_overlap(documents):
    for name, edition in documents.items():
        ends = 0
        for passage in edition.passages:
            assert ends <= passage.start < passage.end, (name, passage.path)
            ends = passage.end


def test_the_text_is_canonical(documents):
    for name, edition in documents.items():
        assert unicodedata.is_normalized("NFC", edition.text), name
        assert not re.search(r"[\u00ad\u200b\ufeff\u00a0\t\r]| {2}| \n|\n |\n{3}", edition.text), name


def test_no_passage_is_empty_or_a_heading_alone(documents):
    for name, edition in documents.items():
        assert edition.passages or edition.kind is Kind.DECK, name
        for passage in edition.passages:
            assert re.search(r"\w", passage.text), (name, passage.path)
            assert passage.path, name


def test_every_section_has_a_code_of_a_known_form(documents):
    for name, edition in documents.items():
        for passage in edition.passages:
            assert CODE.fullmatch(passage.section), (name, passage.section)


def test_every_numbered_section_has_topics_and_titles(samples):
    sections = {p.section for e in samples.values() if e.kind in (Kind.SMPC, Kind.LEAFLET) for p in e.passages}
    for section in sections - {"4", "5", "6", "11", "12"}:
        assert topics_of(section), section
        assert title_of(section, "fr") != section


def test_a_table_keeps_its_rows_as_lines(documents):
    tables = [passage for edition in documents.values() for passage in edition.passages if passage.table]

    assert len(tables) >= 30
    assert all(" | " in table.text for table in tables)


def test_the_document_names_its_product_unless_it_is_a_bare_deck(documents):
    for name, edition in documents.items():
        assert edition.product or edition.kind is Kind.DECK, name
        assert edition.title
        assert edition.language in ("fr", "en", "es"), name


def test_the_sentences_of_every_passage_are_in_order_and_lose_no_word(documents):
    for name, edition in documents.items():
        for passage in edition.passages:
            spans = sentences(passage.text)
            kept = "\n".join(passage.text[start:end] for start, end in spans)
            assert all(left[1] <= right[0] for left, right in pairwise(spans))
            assert letters(kept) == letters(passage.text), (name, passage.path)


@pytest.mark.parametrize("kind", [Kind.SMPC, Kind.LEAFLET, Kind.US_LABEL, Kind.DECK])
def test_the_samples_have_every_kind(samples: dict[str, Edition], kind: Kind):
    assert any(edition.kind is kind for edition in samples.values())


def letters(text: str) -> str:
    """What must not be lost when text is cut: letters and digits, without the `o` of second-level bullets."""
    return re.sub(r"[\W_]+", "", re.sub(r"(?<!\S)o(?!\S)", "", text))
