"""Words that a document writes otherwise: shortened, or with a slip of the keyboard."""

from __future__ import annotations

import pytest

from bot.near_words import near_words

STEMS = sorted(
    ["brinzolamid", "contracept", "perfus", "plaquet", "posolog", "sang", "sanguin", *(f"anti{end}" for end in "bcdefg")]
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("perf", {"perfus"}), ("poso", {"posolog"}), ("plaq", {"plaquet"}), ("brinzo", {"brinzolamid"})],
)
def test_a_shortened_word_means_what_begins_with_it(said: str, meant: set[str]) -> None:
    """Fails when only whole words are compared."""
    assert near_words(said, STEMS) == meant


def test_a_slip_means_the_word_it_is_one_edit_away_from() -> None:
    """Fails without the distance."""
    assert near_words("contracpt", STEMS) == {"contracept"}


def test_three_letters_mean_no_longer_word() -> None:
    """Fails with stubs of three letters."""
    assert near_words("per", STEMS) == frozenset()


def test_a_start_that_many_words_share_means_none_of_them() -> None:
    """Fails without the bound on readings."""
    assert near_words("anti", STEMS) == frozenset()


def test_a_short_word_is_no_slip_of_another() -> None:
    """« sant » is no slip of « sang »: fails when words of four letters are compared."""
    assert near_words("sant", STEMS) == frozenset()
