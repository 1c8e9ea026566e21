"""Where sentences begin and end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.sentences import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Voie orale. Avaler le comprimé.", ["Voie orale.", "Avaler le comprimé."]),
        ("Soit 2.5 mg/kg. Maximum 400 mg.", ["Soit 2.5 mg/kg.", "Maximum 400 mg."]),
        ("Un inhibiteur (p. ex. Ramipril) est à éviter.", ["Un inhibiteur (p. ex. Ramipril) est à éviter."]),
        ("Adressez-vous au Dr. Fictif. Merci.", ["Adressez-vous au Dr. Fictif.", "Merci."]),
        ("Use with care, e.g. Warfarin. Monitor INR.", ["Use with care, e.g. Warfarin.", "Monitor INR."]),
        ("Infection à E. coli. Traiter.", ["Infection à E. coli.", "Traiter."]),
        ("Apport en vitamine D. Les doses varient.", ["Apport en vitamine D.", "Les doses varient."]),
        ("« Arrêter. » Puis reprendre.", ["« Arrêter. »", "Puis reprendre."]),
        ("Est-ce grave ? Oui ! Consultez.", ["Est-ce grave ?", "Oui !", "Consultez."]),
        ("See section 6.1. The dose is 5 mg.", ["See section 6.1.", "The dose is 5 mg."]),
        ("Avoid it. ( 7.1 ) Monitor INR.", ["Avoid it. ( 7.1 )", "Monitor INR."]),
        ("Avoid it. [See Dosage (2.1).] Monitor INR.", ["Avoid it. [See Dosage (2.1).]", "Monitor INR."]),
        ("1. Tapoter le flacon. Attendre.", ["1. Tapoter le flacon.", "Attendre."]),
    ],
)
def test_a_sentence_ends_at_its_stop_and_not_at_an_abbreviation(text, expected):
    assert cut(text) == expected


def test_list_items_are_sentences_without_their_marker():
    assert cut("Contre-indiqué :\n- hypersensibilité\n- enfant de moins de 6 ans.") == [
        "Contre-indiqué :",
        "hypersensibilité",
        "enfant de moins de 6 ans.",
    ]


def test_bullets_inside_a_line_part_its_items():
    assert cut("Take daily: • with food • at night o Myopathy") == ["Take daily:", "with food", "at night", "Myopathy"]


def test_a_table_row_is_one_sentence_whatever_it_holds():
    assert cut("Dose | Effet\n5 mg. Puis 10 mg | Aucun. Rien.") == ["Dose | Effet", "5 mg. Puis 10 mg | Aucun. Rien."]


@given(st.text())
def test_whatever_the_text_spans_are_ordered_and_trimmed(text):
    spans = sentences(text)

    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
