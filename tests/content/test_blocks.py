"""From a run of blocks to canonical text and passages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from content.readers.blocks import Heading, Item, Paragraph, Table, canonical, compose

WORDS = st.text(max_size=30)
BLOCKS = st.lists(
    st.one_of(
        st.builds(Heading, WORDS, st.integers(1, 4), st.sampled_from([None, "4.1", "4.2", "leaflet:2"])),
        st.builds(Paragraph, WORDS, st.sampled_from([None, 1, 2])),
        st.builds(Item, WORDS),
        st.builds(Table, st.lists(st.lists(WORDS, max_size=3).map(tuple), max_size=3).map(tuple)),
    ),
    max_size=20,
)


@given(BLOCKS)
def test_whatever_the_blocks_a_passage_is_the_text_at_its_span(blocks):
    text, passages = compose(blocks)

    assert all(text[p.start : p.end] == p.text and p.text for p in passages)


@given(st.text())
def test_canonical_text_stays_as_it_is(text):
    assert canonical(canonical(text)) == canonical(text)


def test_white_space_soft_hyphens_and_dot_leaders_are_cleaned():
    assert canonical("Allo\u00adpurinol\u00a0......... 100\u202fmg \n") == "Allopurinol … 100 mg"


def test_a_sub_heading_is_a_passage_of_its_own_under_its_section():
    blocks = [
        Heading("4. Données cliniques", 1, "4"),
        Heading("4.2. Posologie", 2, "4.2"),
        Paragraph("Voie orale."),
        Heading("Insuffisance rénale", 3),
        Paragraph("Réduire la dose."),
    ]

    _, passages = compose(blocks)

    assert [(p.section, p.path, p.text) for p in passages] == [
        ("4.2", ("4.2. Posologie",), "Voie orale."),
        ("4.2", ("4.2. Posologie", "Insuffisance rénale"), "Réduire la dose."),
    ]


def test_a_table_is_a_passage_with_a_line_for_each_row():
    table = Table((("Clairance", "Dose"), ("< 20 ml/min", "100 mg")))

    _, passages = compose([Heading("4.2. Posologie", 1, "4.2"), Paragraph("Voir :"), table, Paragraph("Après.")])

    assert [(p.text, p.table) for p in passages] == [
        ("Voir :", False),
        ("Clairance | Dose\n< 20 ml/min | 100 mg", True),
        ("Après.", False),
    ]


def test_a_heading_with_a_colon_introduces_its_passage():
    _, passages = compose([Heading("3. Posologie", 1, "leaflet:3"), Heading("Adultes :", 2), Item("1 comprimé par jour")])

    assert passages[0].text == "Adultes :\n- 1 comprimé par jour"


def test_headings_alone_are_no_passage():
    _, passages = compose([Heading("4. Posologie", 1, "4.2"), Heading("Adultes :", 2), Heading("Enfants :", 2)])

    assert passages == ()
