"""US labels: openFDA answers, flat as they are, and SPL."""

from __future__ import annotations

import json
from datetime import date

import pytest

from content import readers
from content.model import Kind
from content.readers.flat_labels import headline, questions_of, runs_of

PREGNANCY = "8.1 Pregnancy Risk Summary There are no data on FICTOL in pregnant women. Animal Data In rats, no harm was seen."
FIELDS = {
    "set_id": "0f0f",
    "version": "3",
    "effective_time": "20230830",
    "boxed_warning": ["WARNING: FICTITIOUS HARM Stop at once."],
    "warnings_and_cautions": [
        "5 WARNINGS AND PRECAUTIONS Harm: stop at once. ( 5.1 ) 5.1 Gout Flares Gout flares may occur [see Dosage (2.1)]. "
        "5.2 Use in Patients with Recent Stroke Patients with stroke bleed. 5.3 Renal Harm In a trial, 5.4 Months passed."
    ],
    "use_in_specific_populations": [f"8 USE IN SPECIFIC POPULATIONS {PREGNANCY} 8.2 Lactation Fictol is found in milk."],
    "pregnancy": [PREGNANCY],
    "risks": ["Risk Summary There are no data on FICTOL in pregnant women."],
    "adverse_reactions": ["6 ADVERSE REACTIONS The most common: Headache Fictol 12% Placebo 3% Nausea 5% 2% Patients recover."],
    "adverse_reactions_table": [
        "<table><tr><th>Headache</th><th>Fictol 12%</th><th>Placebo 3%</th></tr>"
        "<tr><td>Nausea</td><td>5%</td><td>2%</td></tr></table>"
    ],
    "spl_medguide": ["What is FICTOL? FICTOL is a medicine. How should I take FICTOL? Take it daily."],
    "openfda": {
        "brand_name": ["Fictol"],
        "generic_name": ["FICTIUM SODIUM"],
        "substance_name": ["FICTIUM"],
        "manufacturer_name": ["Fictional Pharma"],
    },
}


@pytest.fixture
def label(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"results": [FIELDS]}))
    return readers.read(tmp_path / "a.json")


def texts(edition, section):
    return [(p.path[1:], p.text) for p in edition.passages if p.section == section]


def test_a_label_says_what_it_is(label):
    assert (label.kind, label.country, label.language, label.licence) == (Kind.US_LABEL, "US", "en", "CC0-1.0")
    assert (label.product, label.substances, label.names) == ("Fictol", ("FICTIUM",), ("FICTIUM SODIUM",))
    assert (label.version, label.dated, label.holder) == ("3", date(2023, 8, 30), "Fictional Pharma")


def test_numbered_subsections_are_passages_when_they_are_in_sequence(label):
    assert texts(label, "warnings_and_cautions") == [
        ((), "Harm: stop at once. ( 5.1 )"),
        (("5.1 Gout Flares",), "Gout flares may occur [see Dosage (2.1)]."),
        (("5.2 Use in Patients with Recent Stroke",), "Patients with stroke bleed."),
        (("5.3 Renal Harm",), "In a trial,"),
        (("5.4",), "Months passed."),
    ]


def test_a_field_that_another_repeats_keeps_only_its_own_text(label):
    assert texts(label, "use_in_specific_populations") == [(("8.2 Lactation",), "Fictol is found in milk.")]
    assert texts(label, "risks") == []
    assert label.text.count("no data on FICTOL") == 1


def test_standard_sub_headings_are_told_apart(label):
    assert texts(label, "pregnancy") == [
        (("Risk Summary",), "There are no data on FICTOL in pregnant women."),
        (("Animal Data",), "In rats, no harm was seen."),
    ]


def test_a_table_flattened_in_the_text_gets_its_rows_back(label):
    assert [(p.table, p.text) for p in label.passages if p.section == "adverse_reactions"] == [
        (False, "The most common:"),
        (True, "Headache | Fictol 12% | Placebo 3%\nNausea | 5% | 2%"),
        (False, "Patients recover."),
    ]


def test_a_medication_guide_is_cut_at_its_questions(label):
    assert texts(label, "spl_medguide") == [
        (("What is FICTOL?",), "FICTOL is a medicine."),
        (("How should I take FICTOL?",), "Take it daily."),
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("5.1 Tumor Lysis Syndrome Tumor Lysis Syndrome (TLS) has been reported.", "5.1 Tumor Lysis Syndrome"),
        ("5.1 Increased Risk in Patients on Fictol 80 mg with Recent Stroke In a trial it rose.", None),
        ("5.1 Strong CYP3A Inhibitors Strong CYP3A inhibitors raise exposure.", "5.1 Strong CYP3A Inhibitors"),
        ("5.1 Recommended Dosage • Take one tablet.", "5.1 Recommended Dosage"),
        ("5.1 serious infections may occur.", ""),
        ("5.1 Serious infections may occur.", "5.1"),
    ],
)
def test_the_title_of_a_subsection_ends_where_its_first_sentence_begins(text, title):
    first = next(runs_of(text, "5 WARNINGS"))

    assert first.title == (title if title is not None else text.partition(" In a trial")[0])


def test_a_title_is_never_taken_from_the_middle_of_the_words():
    text = "1.1 Fictol reduces risk. Patients take it daily."

    assert "".join(run.title + run.text for run in runs_of(text, "1 USES")).replace(" ", "") == text.replace(" ", "")


def test_a_headline_is_made_from_the_field_when_the_text_has_none():
    assert headline("boxed_warning", "WARNING: HARM") == ("Boxed warning", "WARNING: HARM")


def test_a_text_without_questions_is_one_run():
    assert [(run.title, run.text) for run in questions_of("Take it daily.")] == [("", "Take it daily.")]


SPL = """<?xml version="1.0" encoding="UTF-8"?>
<document xmlns="urn:hl7-org:v3"><setId root="0f0f"/><versionNumber value="2"/><effectiveTime value="20160309"/>
<component><structuredBody>
<component><section><code code="48780-1"/><subject><manufacturedProduct><manufacturedProduct><name>Fictol</name>
<asEntityWithGeneric><genericMedicine><name>fictium</name></genericMedicine></asEntityWithGeneric>
<ingredient classCode="ACTIB"><ingredientSubstance><name>FICTIUM SODIUM</name></ingredientSubstance></ingredient>
<ingredient classCode="IACT"><ingredientSubstance><name>LACTOSE</name></ingredientSubstance></ingredient>
</manufacturedProduct></manufacturedProduct></subject></section></component>
<component><section><code code="34068-7" displayName="DOSAGE &amp; ADMINISTRATION SECTION"/><title>2 DOSAGE</title>
<text><paragraph>One a day.</paragraph><list><item>with food</item></list></text>
<component><section><code code="42229-5"/><title>2.1 Renal impairment</title><text><table><tbody>
<tr><td rowspan="2">Severe</td><td>5 mg</td></tr><tr><td>2 mg</td></tr></tbody></table></text></section></component>
</section></component></structuredBody></component></document>"""


@pytest.fixture
def spl(tmp_path):
    (tmp_path / "a.xml").write_text(SPL)
    return readers.read(tmp_path / "a.xml")


def test_an_spl_label_says_what_it_is(spl):
    assert (spl.product, spl.substances, spl.names) == ("Fictol", ("FICTIUM SODIUM",), ("fictium",))
    assert (spl.version, spl.dated, spl.country) == ("2", date(2016, 3, 9), "US")


def test_an_spl_section_without_a_code_of_its_own_takes_the_one_around_it(spl):
    assert [(p.section, p.path, p.text) for p in spl.passages] == [
        ("34068-7", ("2 DOSAGE",), "One a day.\n- with food"),
        ("34068-7", ("2 DOSAGE", "2.1 Renal impairment"), "Severe | 5 mg\nSevere | 2 mg"),
    ]
