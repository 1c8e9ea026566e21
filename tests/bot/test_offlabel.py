"""What is asked for a use near the approved one, but outside it, is handed over; what the label grants is answered."""

from __future__ import annotations

from typing import Any

import pytest

from bot import Library, reply
from bot.model import Answer, Handover
from bot.uses import ages_from, ages_under, amounts, times_a_day
from content.model import Kind
from tests.bot.conftest import edition

INDICATIONS, DOSE, CHILDREN = "indications_and_usage", "dosage_and_administration", "pediatric_use"


def us(product: str, substance: str, use: str, dose: str, *more: tuple[str, tuple[str, ...], str]) -> tuple[str, Any]:
    """An English label with its indications and its posology."""
    sections = [
        (INDICATIONS, ("1 INDICATIONS AND USAGE",), use),
        (DOSE, ("2 DOSAGE AND ADMINISTRATION", "2.1 Recommended Dosage"), dose),
        ("adverse_reactions", ("6 ADVERSE REACTIONS",), "The most common adverse reactions are insomnia, gout and fatigue."),
    ]
    return f"{product}.us", edition(product, substance, "en", Kind.US_LABEL, [*sections, *more])


def french(product: str, substance: str, use: str, dose: str) -> tuple[str, Any]:
    """A French label with its indications and its posology."""
    sections = [
        ("4.1", ("4.1. Indications thérapeutiques",), use),
        ("4.2", ("4.2. Posologie et mode d'administration",), dose),
        ("4.8", ("4.8. Effets indésirables",), "Les effets les plus fréquents sont l'insomnie et la goutte."),
    ]
    return f"{product}.fr", edition(product, substance, "fr", Kind.SMPC, sections)


@pytest.fixture(scope="module")
def library() -> Library:
    """Seven fictitious medicines, each approved for one kind of a disease only."""
    return Library.of(
        [
            us(
                "Pulmorix",
                "pulmorixib",
                "PULMORIX is indicated for metastatic non-small cell lung cancer (NSCLC) with ALK rearrangement.",
                "The recommended dosage for lung cancer is 250 mg orally twice daily.",
            ),
            us(
                "Mammarel",
                "mammarelib",
                "MAMMAREL is indicated for postmenopausal women with HER2-negative advanced breast cancer who have received"
                " prior adjuvant chemotherapy. Limitations of use: not indicated in BRAF wild-type melanoma.",
                "The recommended dosage in breast cancer is 100 mg orally once daily.",
            ),
            us(
                "Glucorin",
                "glucorinide",
                "GLUCORIN is indicated in adults with type 2 diabetes mellitus and in hypertension."
                " It should not be used for the treatment of type 1 diabetes.",
                "The recommended dosage is 1 mg once daily. The maximum recommended dosage is 8 mg per day.",
            ),
            us(
                "Attentor",
                "attentorine",
                "ATTENTOR is indicated for attention deficit in pediatric patients 6 years and older.",
                "In pediatric patients aged 6 to 17 years the recommended dosage is 40 mg orally once daily.",
            ),
            us(
                "Perfusal",
                "perfusalate",
                "PERFUSAL is indicated for sepsis.",
                "Administer 500 mg by intravenous infusion every 8 hours, intravenously only.",
            ),
            french(
                "GLYCEMOL 30 mg, comprimé",
                "glycemolide",
                "GLYCEMOL est indiqué dans le diabète de type 2 (non insulinodépendant) de l'adulte.",
                "La dose est de 1 comprimé à 30 mg, 3 fois par jour, par voie orale.",
            ),
            french(
                "MIGRALINE 5 mg, comprimé",
                "migralinide",
                "MIGRALINE est indiqué dans le traitement des crises de migraine. Il n'est pas indiqué dans l'insomnie.",
                "La dose est de 5 mg par voie orale. La dose maximale est de 10 mg par jour.",
            ),
        ]
    )


def is_off_label(question: str, library: Library) -> bool:
    item = reply(question, library)
    return isinstance(item, Handover) and item.reason == "off_label"


@pytest.mark.parametrize(
    ("outside", "inside"),
    [
        ("pulmorix dose in small cell lung cancer", "pulmorix dose in non-small cell lung cancer"),
        ("pulmorix dose for SCLC?", "pulmorix dose for NSCLC?"),
        ("pulmorix dose in ALK-negative lung cancer", "pulmorix dose in ALK-positive lung cancer"),
        ("mammarel dose in HER2-positive breast cancer", "mammarel dose in HER2-negative breast cancer"),
        ("mammarel dose for HER2+ breast cancer", "mammarel dose for HER2- breast cancer"),
        ("mammarel dose in premenopausal breast cancer", "mammarel dose in postmenopausal breast cancer"),
        ("mammarel dose as adjuvant breast cancer treatment", "mammarel dose in advanced breast cancer"),
        ("glucorin dose in type 1 diabetes", "glucorin dose in type 2 diabetes"),
        ("glucorin dose in hypotension", "glucorin dose in hypertension"),
        ("glycemol chez un DT1, quelle dose ?", "glycemol chez un DT2, quelle dose ?"),
        ("glycemol dans le diabète insulino-dépendant, dose ?", "glycemol dans le diabète de type 2, dose ?"),
        ("migraline en prévention de la migraine, quelle dose ?", "migraline dans la crise de migraine, quelle dose ?"),
    ],
)
def test_a_dose_is_given_for_the_approved_kind_of_a_disease_only(library: Library, outside: str, inside: str) -> None:
    """Red when `_other_kind` finds nothing, and when it reads sentences that rule a use out as granting it."""
    assert is_off_label(outside, library)
    assert isinstance(reply(inside, library), Answer)


@pytest.mark.parametrize(
    ("outside", "inside"),
    [
        ("attentor dose for a 4 year old", "attentor dose for a 9 year old"),
        ("attentor dose, 5-year-old with attention deficit", "attentor dose, 6-year-old with attention deficit"),
        ("attentor chez un enfant de 2 ans, quelle dose ?", "attentor chez un enfant de 12 ans, quelle dose ?"),
        ("attentor newborn dose", "attentor dose for a 16 y teen"),
    ],
)
def test_a_dose_is_given_for_children_of_the_approved_ages_only(library: Library, outside: str, inside: str) -> None:
    """Red when `_too_young` finds nothing."""
    assert is_off_label(outside, library)
    assert isinstance(reply(inside, library), Answer)


@pytest.mark.parametrize(
    ("outside", "inside"),
    [
        ("perfusal oral dose", "perfusal IV dose"),
        ("perfusal dose subcutaneously?", "perfusal dose intravenously?"),
        ("glycemol dose IM", "glycemol dose per os"),
    ],
)
def test_a_dose_is_given_by_the_routes_of_the_label_only(library: Library, outside: str, inside: str) -> None:
    """Red when `_other_route` finds nothing."""
    assert is_off_label(outside, library)
    assert isinstance(reply(inside, library), Answer)


@pytest.mark.parametrize(
    ("outside", "inside"),
    [
        ("can I give 12 mg of glucorin a day?", "can I give 8 mg of glucorin a day?"),
        ("glucorin 0.1 g dose ok?", "glucorin 0,008 g dose ok?"),
        ("peut-on donner 100 mg par jour de glycemol ?", "peut-on donner 90 mg par jour de glycemol ?"),
        ("migraline, jusqu'à 20 mg par jour possible ?", "migraline, jusqu'à 10 mg par jour possible ?"),
    ],
)
def test_an_amount_above_those_of_the_label_is_not_answered(library: Library, outside: str, inside: str) -> None:
    """Red when `_too_much` finds nothing, and when it forgets how often an amount may be taken."""
    assert is_off_label(outside, library)
    assert not is_off_label(inside, library)


@pytest.mark.parametrize(
    "question",
    ["glucorin insomnia dose", "glucorin gout dosage", "migraline insomnie, quelle dose ?", "la goutte, glycemol posologie ?"],
)
def test_a_dose_asked_beside_a_disease_that_is_only_a_side_effect_is_off_label(library: Library, question: str) -> None:
    """Red when `_unlisted` finds nothing: the label does speak of the disease, among its adverse reactions."""
    assert is_off_label(question, library)


@pytest.mark.parametrize(
    "question",
    [
        "glucorin dose, Marfan",
        "Marfan syndrome, 4 mg daily of glucorin?",
        "prurit d'une cholangite, glycemol un comprimé par jour ?",
        "chronic HEV: glucorin for how long?",
        "any data on glucorin in Marfan?",
    ],
)
def test_a_dose_asked_beside_a_rare_word_that_no_label_holds_is_off_label(library: Library, question: str) -> None:
    """Red when `_unheard_of` finds nothing: no list knows these diseases."""
    assert is_off_label(question, library)


@pytest.mark.parametrize(
    "question", ["glycemol dose usuelle", "glucorin dose after a craniotomy", "glycemol, effets indésirables du Marfan ?"]
)
def test_what_is_asked_of_any_medicine_or_only_happened_is_no_use(library: Library, question: str) -> None:
    """Red when words of the example questions, circumstances or questions without a scheme count as uses."""
    assert not is_off_label(question, library)


@pytest.mark.parametrize(
    "question",
    ["glucorin en prévention, quelle dose ?", "glucorin 4 mg en prémédication, combien ?", "pulmorix adjuvant schedule?"],
)
def test_a_dose_for_an_aim_that_no_approved_use_has_is_off_label(library: Library, question: str) -> None:
    """Red when `other_aim` finds nothing."""
    assert is_off_label(question, library)


@pytest.mark.parametrize("question", ["glucorin dose if insomnia", "glycemol combien de gouttes ?"])
def test_what_happens_under_treatment_is_no_use(library: Library, question: str) -> None:
    """Red when circumstances count as uses, and when drops are gout."""
    assert not is_off_label(question, library)


@pytest.mark.parametrize("question", ["glucorin and insomnia, how common?", "migraline : insomnie fréquente ?"])
def test_a_side_effect_is_no_use(library: Library, question: str) -> None:
    assert not is_off_label(question, library)


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("a partir de 6 ans", [6]),
        ("patients 12 years of age and older", [12]),
        ("children aged 6 months to less than 2 years of age", [0.5, 0.5]),
        ("pediatric patients (6-15 years)", [6]),
        ("treat for at least 6 months", []),
    ],
)
def test_ages_are_read_from_labels(text: str, ages: list[float]) -> None:
    assert ages_from(f"enfants : {text}" if "ans" in text else text) == ages


def test_the_age_below_which_a_label_speaks_is_read() -> None:
    assert ages_under("ne pas donner a l'enfant de moins de 12 ans, not under 6 months") == [12, 0.5]


def test_amounts_are_told_from_concentrations() -> None:
    assert [(a.much, a.unit, a.a_day) for a in amounts("1,5 g par jour, 5 mg/kg, 20 mg/ml, 4 000 ui")] == [
        (1500, "mg", True),
        (5, "mg/kg", False),
        (4000, "unit", False),
    ]


@pytest.mark.parametrize(
    ("text", "times"), [("30 mg trois fois par jour", 3), ("500 mg every 6 hours", 4), ("1 mg once daily", 1), ("4 comprimes", 4)]
)
def test_how_often_an_amount_is_taken_is_read(text: str, times: int) -> None:
    assert times_a_day(text) == times
