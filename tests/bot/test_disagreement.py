"""Approved labels of one substance that say otherwise are shown side by side; those that agree are quoted once."""

from __future__ import annotations

import pytest

from bot import Library, reply
from bot.disagreement import Verdict, figures, verdict
from bot.model import Answer
from content.model import Kind
from tests.bot.conftest import edition

HEADINGS = {
    "4.2": "4.2. Posologie et mode d'administration",
    "4.3": "4.3. Contre-indications",
    "4.6": "4.6. Fertilité, grossesse et allaitement",
    "6.4": "6.4. Précautions particulières de conservation",
}
QUESTIONS = {
    "4.2": "nortavanil enfant, à partir de quel âge ?",
    "4.3": "nortavanil et insuffisance hépatique : contre-indiqué ?",
    "4.6": "nortavanil et grossesse ?",
    "6.4": "nortavanil conservation ?",
}


def cited(section: str, one: str, other: str) -> set[str]:
    """The documents cited for the question of a section, of two labels of one substance."""
    library = Library.of(
        (
            name,
            edition(f"NORTAVANIL {name} 5 mg, comprimé", "nortavanil", "fr", Kind.SMPC, [(section, (HEADINGS[section],), text)]),
        )
        for name, text in (("AUTRELABO", one), ("TIERSLABO", other))
    )
    answer = reply(QUESTIONS[section], library)
    assert isinstance(answer, Answer), answer
    return {citation.document for citation in answer.citations}


@pytest.mark.parametrize(
    ("section", "one", "other"),
    [
        (
            "4.3",
            "Nortavanil est contre-indiqué en cas d'insuffisance hépatique.",
            "Nortavanil peut être utilisé en cas d'insuffisance hépatique.",
        ),
        (
            "4.6",
            "Nortavanil est contre-indiqué pendant la grossesse.",
            "Nortavanil peut être utilisé pendant la grossesse si nécessaire.",
        ),
        (
            "4.6",
            "Nortavanil est déconseillé pendant la grossesse.",
            "Nortavanil est contre-indiqué pendant la grossesse.",
        ),
        (
            "4.2",
            "Chez l'enfant, nortavanil est indiqué à partir de 6 ans.",
            "Chez l'enfant, nortavanil est indiqué à partir de 12 ans.",
        ),
        (
            "6.4",
            "A conserver à une température ne dépassant pas 25 °C.",
            "A conserver à une température ne dépassant pas 30 °C.",
        ),
        (
            "6.4",
            "Pas de précautions particulières de conservation.",
            "A conserver au réfrigérateur.",
        ),
    ],
)
def test_labels_that_disagree_are_both_shown(section: str, one: str, other: str) -> None:
    """Red when only figures are compared, and when temperatures are none."""
    assert cited(section, one, other) == {"AUTRELABO", "TIERSLABO"}


@pytest.mark.parametrize(
    ("section", "one", "other"),
    [
        (
            "4.6",
            "Nortavanil est contre-indiqué pendant la grossesse.",
            "L'utilisation de nortavanil est contre-indiquée au cours de la grossesse.",
        ),
        ("4.2", "Chez l'enfant, nortavanil est indiqué à partir de 6 ans.", "Dès 6 ans, l'enfant peut recevoir nortavanil."),
        ("6.4", "A conserver à une température ne dépassant pas 25 °C.", "A conserver à une température inférieure à 25°C."),
    ],
)
def test_labels_that_agree_in_other_words_are_quoted_once(section: str, one: str, other: str) -> None:
    """Red when any other wording counts as another statement."""
    assert len(cited(section, one, other)) == 1


def test_labels_without_a_named_substance_are_not_taken_for_one() -> None:
    """Red when no substance equals no substance."""
    library = Library.of(
        (
            name,
            edition(f"NORTAVANIL {name} 5 mg", "", "fr", Kind.SMPC, [("4.2", (HEADINGS["4.2"],), f"La dose est de {dose} mg.")]),
        )
        for name, dose in (("AUTRELABO", 5), ("TIERSLABO", 10))
    )

    answer = reply("nortavanil dose ?", library)

    assert isinstance(answer, Answer)
    assert len({citation.document for citation in answer.citations}) == 1


@pytest.mark.parametrize(
    ("text", "ruling"),
    [
        ("Ce médicament est déconseillé ; il est contre-indiqué en cas d'allergie.", Verdict.FORBIDDEN),
        ("L'allaitement n'est pas recommandé.", Verdict.ADVISED_AGAINST),
        ("It can be used during breast-feeding.", Verdict.ALLOWED),
        ("Le passage dans le lait n'est pas connu.", None),
    ],
)
def test_the_strictest_ruling_counts(text: str, ruling: Verdict | None) -> None:
    assert verdict(text) == ruling


def test_figures_are_compared_as_amounts() -> None:
    assert figures("2,5 mg à 25 °C pendant 3 mois") == figures("Pendant 3 mois, 2.5mg, 25°C")
