"""The taxonomy of sections."""

from __future__ import annotations

import pytest

from content.sections import Topic, codes_for, smpc_number, taxonomy, title_of, topics_of


def test_every_topic_has_an_entry_with_titles():
    assert set(taxonomy().entries) == set(Topic)
    assert all(entry.french and entry.english for entry in taxonomy().entries.values())


def test_a_code_of_a_topic_leads_back_to_it():
    for topic in Topic:
        assert all(topic in topics_of(code) for code in codes_for(topic))


@pytest.mark.parametrize(
    ("section", "topic"),
    [
        ("4.2", Topic.POSOLOGY),
        ("leaflet:4", Topic.ADVERSE_EFFECTS),
        ("contraindications", Topic.CONTRAINDICATIONS),
        ("34073-7", Topic.INTERACTIONS),
        ("lactation", Topic.BREAST_FEEDING),
    ],
)
def test_every_standard_leads_to_the_same_topics(section, topic):
    assert topic in topics_of(section)


@pytest.mark.parametrize(
    ("path", "topic"),
    [
        (("4.6. Fertilité, grossesse et allaitement", "Allaitement"), Topic.BREAST_FEEDING),
        (("4.2 Posology", "Patients with renal impairment"), Topic.RENAL),
        (("2. Informations", "Conduite de véhicules et utilisation de machines"), Topic.DRIVING),
        (("3. Comment utiliser", "Si vous avez pris plus de FICTOL que vous n’auriez dû"), Topic.OVERDOSE),
        (("8 USE", "8.4 Pediatric Use"), Topic.CHILDREN),
        (("4.2. Posologie", "Sujets âgés"), Topic.ELDERLY),
    ],
)
def test_a_sub_heading_says_first_what_a_passage_is_about(path, topic):
    assert topics_of("4.6", path)[0] is topic


def test_the_sections_own_title_does_not_outweigh_its_code():
    assert topics_of("4.8", ("4.8 Grossesse",))[0] is Topic.ADVERSE_EFFECTS


def test_an_unknown_code_has_no_topics():
    assert topics_of("9999-9") == ()


def test_codes_begin_with_the_best_place():
    assert codes_for(Topic.CONTRAINDICATIONS)[:3] == ("4.3", "leaflet:2", "contraindications")


def test_a_section_has_a_title_in_both_languages():
    assert title_of("4.3", "fr") == "Contre-indications"
    assert title_of("overdosage", "en") == "Overdose"
    assert title_of("9999-9", "en") == "9999-9"


def test_an_smpc_title_leads_to_its_number():
    assert smpc_number("EFFETS INDESIRABLES") == "4.8"
    assert smpc_number("Posology and method of administration") == "4.2"
    assert smpc_number("Something else") is None
