"""A weight, an age, a clearance or weeks of pregnancy lead to the text that is about such a patient."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import Library
from bot.ranges import fits, stated
from bot.words import Message
from content.model import Kind
from tests.bot.conftest import edition

TABLE = "Poids en kilogrammes (kg) | Dose par prise (mL)\n5 à 9 | 2\n10 à 14 | 3,5\nPlus de 14 | 5"
LINES = (
    "De 6 mois à moins de 2 ans : 5 jours. De 2 à 12 ans : 7 jours.",
    "Clairance de 30 à 59 ml/min : 10 ml par jour. Clairance inférieure à 30 ml/min : 4 ml par jour.",
    "Contre-indiqué au-delà de 24 semaines d'aménorrhée. Autorisé de 4 à 24 semaines d'aménorrhée.",
    "La dose est de 20 mg/kg et par jour.",
)


@pytest.fixture(scope="module")
def doses() -> Library:
    """One medicine that is dosed by weight in a table, and by other figures in sentences."""
    path = ("4.2. Posologie et mode d'administration",)
    made = edition("DOSIVAL", "dosivanil", "fr", Kind.SMPC, [("4.2", path, text) for text in (TABLE, *LINES)])
    passages = tuple(replace(passage, table=passage.text == TABLE) for passage in made.passages)
    return Library.of([("dosival.fr", replace(made, passages=passages))])


@pytest.mark.parametrize(
    ("question", "fitting", "others"),
    [
        ("dosival, 12 kg", ["10 à 14 | 3,5"], ["5 à 9 | 2", "Plus de 14 | 5"]),
        ("dosival 25 kg, how much", ["Plus de 14 | 5"], ["5 à 9 | 2", "10 à 14 | 3,5"]),
        ("dosival nourrisson de 14 mois", ["De 6 mois à moins de 2 ans : 5 jours."], ["De 2 à 12 ans : 7 jours."]),
        ("dosival 8 yo", ["De 2 à 12 ans : 7 jours."], ["De 6 mois à moins de 2 ans : 5 jours."]),
        (
            "dosival ClCr 42",
            ["Clairance de 30 à 59 ml/min : 10 ml par jour."],
            ["Clairance inférieure à 30 ml/min : 4 ml par jour."],
        ),
        (
            "dosival à 30 SA",
            ["Contre-indiqué au-delà de 24 semaines d'aménorrhée."],
            ["Autorisé de 4 à 24 semaines d'aménorrhée."],
        ),
        ("dosival 20 mg/kg pendant 3 ans", [], []),
    ],
)
def test_a_figure_of_the_patient_is_held_against_ranges(
    doses: Library, question: str, fitting: list[str], others: list[str]
) -> None:
    """Red when a column's unit is not read from its title, when months count as years, and when `au-delà de` opens no range."""
    source = doses.sources[0]
    verdicts = fits(stated(Message.read(question)), source)

    assert [source.text(sentence) for sentence, verdict in enumerate(verdicts) if verdict > 0] == fitting
    assert [source.text(sentence) for sentence, verdict in enumerate(verdicts) if verdict < 0] == others
