"""Which medicine a question is about, and when none, several or an unknown one is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import Library, reply
from bot.model import Answer, Clarification, Handover, Turn
from content.model import Kind
from tests.bot.conftest import NORTAVEL_ELSEWHERE, NORTAVEL_FR, edition


def medicines(*products: tuple[str, str]) -> Library:
    """French labels of these products and substances."""
    return Library.of(
        [(f"{name}.fr", edition(name, substance, "fr", Kind.SMPC, NORTAVEL_ELSEWHERE)) for name, substance in products]
    )


@pytest.fixture(scope="module")
def covered() -> Library:
    """Real names, which short names, typing errors and everyday words come near."""
    return medicines(
        ("LEVOTHYROXINE AUTRELABO 50 µg, comprimé", "levothyroxine"),
        ("MÉTHOTREXATE AUTRELABO 2,5 mg, comprimé", "méthotrexate"),
        ("ARTICAINE AUTRELABO, solution injectable", "articaïne"),
        ("PLAXIVAL 75 mg, comprimé", "clopidogrel bisulfate"),
        ("LYSERAL, poudre pour solution injectable", "tissue plasminogen activator"),
        ("CALCIUM AUTRELABO 500 mg, comprimé", "calcium élément"),
    )


@pytest.mark.parametrize(
    ("written", "product"),
    [
        ("levothyrox dose initiale ?", "LEVOTHYROXINE AUTRELABO 50 µg, comprimé"),
        ("MTX dose initiale ?", "MÉTHOTREXATE AUTRELABO 2,5 mg, comprimé"),
        ("methotrexatte dose initiale ?", "MÉTHOTREXATE AUTRELABO 2,5 mg, comprimé"),
        ("clopidgrel dose initiale ?", "PLAXIVAL 75 mg, comprimé"),
        ("clopidogerl dose initiale ?", "PLAXIVAL 75 mg, comprimé"),
    ],
)
def test_a_short_or_misspelt_substance_is_found(covered: Library, written: str, product: str) -> None:
    """Red when short names keep their accents, and when one product under a misspelt substance is asked back about."""
    item = reply(written, covered)

    assert isinstance(item, Answer)
    assert item.citations[0].title == product


@pytest.mark.parametrize(
    "question", ["africaine, dose initiale ?", "quels éléments, dose initiale ?", "activate, dose initiale ?"]
)
def test_an_everyday_word_is_no_misspelt_medicine(covered: Library, question: str) -> None:
    """Red when two slips may change the start of a name, and when « élément » names calcium."""
    assert not isinstance(reply(question, covered), Answer)


@pytest.mark.parametrize("question", ["interaction avec le millepertuis ?", "any interaction with verapamil?"])
def test_a_medicine_that_only_comes_on_top_leaves_the_other_to_be_asked(covered: Library, question: str) -> None:
    """Red when `_is_only_added` is never true."""
    item = reply(question, covered)

    assert isinstance(item, Clarification)
    assert item.reason == "missing_product"


def test_the_medicine_of_the_earlier_turn_takes_the_one_on_top(covered: Library) -> None:
    item = reply("interaction avec le millepertuis ?", covered, context=(Turn("hcp", "clopidogrel dose initiale ?"),))

    assert not isinstance(item, Clarification)


def test_an_uncovered_medicine_asked_about_is_unknown(covered: Library) -> None:
    item = reply("Eliquis dose si insuffisance rénale", covered)

    assert isinstance(item, Handover)
    assert item.reason == "unknown_product"


def test_the_country_of_the_viewer_comes_first() -> None:
    american = edition("Nortavanil USA", "Nortavanil", "fr", Kind.SMPC, NORTAVEL_FR)
    french = edition("Nortavanil France", "Nortavanil", "fr", Kind.SMPC, NORTAVEL_FR)
    library = Library.of([("us", replace(american, country="US")), ("fr", french)])

    answer = reply("nortavanil dose maximale ?", library, country="FR")

    assert isinstance(answer, Answer)
    assert answer.citations[0].document == "fr"


@pytest.fixture(scope="module")
def two_salts() -> Library:
    """One substance as two salts, dosed apart, and one with a single label."""
    return medicines(
        ("BISOTAL 5 mg", "bisotanil succinate"), ("BISOTAL LP 100 mg", "bisotanil tartrate"), ("CARDIVAL 5 mg", "cardivanil")
    )


def test_a_bare_dose_of_a_substance_with_several_products_is_asked_back_about(two_salts: Library) -> None:
    """Red when the first of them answers."""
    item = reply("bisotanil, dose ?", two_salts)

    assert isinstance(item, Clarification)
    assert set(item.options) == {"BISOTAL 5 mg", "BISOTAL LP 100 mg"}
    assert isinstance(reply("cardivanil, dose ?", two_salts), Answer)


def test_another_medicine_after_a_question_on_an_interaction_is_asked_about_with_the_same_product(library: Library) -> None:
    """Red when a medicine without documents always ends what was spoken of."""
    context = (Turn("hcp", "Nortavel avec le lithium ?"), Turn("bot", "Déconseillé."))
    item = reply("et le maalox ?", library, context=context)

    assert item.reading.products == ("NORTAVEL 5 mg, comprimé",)
    assert item.reason == "no_evidence"
    assert reply("et maalox, dose max ?", library, context=context).reason == "unknown_product"
