"""What the assistant answers, asks back, hands over and declines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import Library, reply
from bot.model import Answer, Clarification, Decline, Handover, Turn
from content.model import Kind
from tests.bot.conftest import NORTAVEL, NORTAVEL_ELSEWHERE, NORTAVEL_FR, edition


def quoted(item: object) -> str:
    assert isinstance(item, Answer), item
    return " ".join(citation.text for citation in item.citations)


@pytest.mark.parametrize(
    ("question", "section", "words"),
    [
        ("nortavel dose max", "4.2", "20 mg par jour"),
        ("Nortavel chez l'insuffisant rénal sévère ?", "4.2", "ne doit pas dépasser 5 mg"),
        ("nortavel et lithium ?", "4.5", "déconseillée"),
        ("contre-indications du nortavanil", "4.3", "angio-œdème"),
        ("nortavel allaitement", "4.6", "lait maternel"),
        ("conservation nortavel", "6.4", "25 °C"),
        ("surdosage au Nortavel, dialysable ?", "4.9", "dialysable"),
        ("veliprax max daily dose", "dosage_and_administration", "80 mg once daily"),
        ("Veliprax missed dose yesterday", "dosage_and_administration", "skip it"),
        ("is there an antidote for veliprax overdose?", "overdosage", "no specific antidote"),
    ],
)
def test_a_question_is_answered_from_its_section(library: Library, question: str, section: str, words: str) -> None:
    answer = reply(question, library)

    assert words in quoted(answer)
    assert isinstance(answer, Answer)
    assert answer.citations[0].section == section


@pytest.mark.parametrize(
    "written", ["nortavel", "NORTAVEL", "nortavell", "nortvael", "nortavanil", "ｎｏｒｔａｖｅｌ", "nоrtаvel", "nor\u200btavel"]
)
def test_a_name_is_found_however_it_is_written(library: Library, written: str) -> None:
    assert reply(f"{written} dose maximale ?", library).reading.products == ("NORTAVEL 5 mg, comprimé",)


def test_a_follow_up_keeps_the_medicine(library: Library) -> None:
    context = (Turn("hcp", "nortavel dose initiale ?"), Turn("bot", "5 mg une fois par jour (RCP, 4.2)."))

    assert "grossesse" in quoted(reply("et pendant la grossesse ?", library, context=context))


def test_a_follow_up_keeps_what_was_asked(library: Library) -> None:
    context = (Turn("hcp", "nortavel dose maximale chez l'adulte ?"), Turn("bot", "20 mg par jour."))

    assert "5 mg par jour" in quoted(reply("et si clairance à 20 ml/min ?", library, context=context))


def test_a_follow_up_names_the_medicine_that_is_taken_as_well(library: Library) -> None:
    """Fails without `aussi` among the words that add a medicine: lithium alone is one that no document covers."""
    context = (Turn("hcp", "nortavel dose initiale ?"), Turn("bot", "5 mg une fois par jour (RCP, 4.2)."))

    assert "déconseillée" in quoted(reply("elle prend aussi du lithium, problème ?", library, context=context))


def test_a_new_medicine_replaces_the_old_one(library: Library) -> None:
    context = (Turn("hcp", "nortavel dose max ?"), Turn("bot", "20 mg par jour."))

    assert reply("and veliprax?", library, context=context).reading.products == ("Veliprax",)


def test_a_question_without_a_medicine_is_asked_back(library: Library) -> None:
    assert isinstance(reply("et chez l'insuffisant rénal ?", library), Clarification)


def test_a_known_medicine_that_is_not_covered_is_named_unknown(library: Library) -> None:
    item = reply("Trulicity : oubli de dose ?", library)

    assert isinstance(item, Handover)
    assert item.reason == "unknown_product"


def test_an_invented_medicine_is_unknown(library: Library) -> None:
    item = reply("Brixolamab posologie ?", library)

    assert isinstance(item, Handover)
    assert item.reason == "unknown_product"


def test_a_label_that_does_not_say_is_not_quoted(library: Library) -> None:
    item = reply("Nortavel et jus de pamplemousse ?", library)

    assert isinstance(item, Handover)
    assert item.reason == "no_evidence"


def test_everyday_words_need_not_stand_in_the_answer(library: Library) -> None:
    """Fails with an empty `everyday.yaml`: the neighbour is then no approved use, and missing from the passages found."""
    question = "what starting dose of veliprax for my neighbour, she is about to fly abroad with her dog"

    assert "40 mg once daily" in quoted(reply(question, library))


def test_the_section_asked_for_stands_for_one_word_that_it_does_not_hold(library: Library) -> None:
    """Fails when the section asked for counts for nothing: no sentence says `usuelle`."""
    assert "5 mg une fois par jour" in quoted(reply("nortavel dose usuelle adulte", library))


def test_pregnancy_settles_a_question_whatever_else_it_tells(library: Library) -> None:
    """Fails where the operation, of which the label never speaks, is asked for as well."""
    assert "trimestres de la grossesse" in quoted(reply("nortavel chez une femme enceinte opérée du genou ?", library))


@pytest.mark.parametrize(
    "question",
    [
        "quelle dose de nortavel pour traiter la migraine ?",
        "nortavel hors AMM dans l'insuffisance cardiaque ?",
        "dose de nortavel chez un enfant de 8 ans ?",
        "veliprax dose for rheumatoid arthritis",
        "how much veliprax off-label for pseudogout?",
    ],
)
def test_a_use_outside_the_label_is_handed_over(library: Library, question: str) -> None:
    item = reply(question, library)

    assert isinstance(item, Handover)
    assert item.reason == "off_label"


def test_whether_a_child_may_take_it_is_answered_where_the_label_says(library: Library) -> None:
    assert "moins de 18 ans" in quoted(reply("nortavel possible chez un ado de 15 ans ?", library))


@pytest.mark.parametrize(
    "question",
    ["quel temps fait-il demain ?", "traduis 'dose maximale' en espagnol", "What is the normal range for sodium?", "merci"],
)
def test_what_no_label_holds_is_declined(library: Library, question: str) -> None:
    assert isinstance(reply(question, library), Decline)


@pytest.mark.parametrize("question", ["passez-moi quelqu'un", "I want to speak to a human", "un MSL peut-il me rappeler ?"])
def test_who_asks_for_a_person_gets_one(library: Library, question: str) -> None:
    item = reply(question, library)

    assert isinstance(item, Handover)
    assert item.reason == "human_requested"


def test_an_offered_person_can_be_accepted(library: Library) -> None:
    context = (
        Turn("hcp", "nortavel et grippe ?"),
        Turn("bot", "Je peux transmettre votre question à un responsable scientifique (MSL)."),
    )

    item = reply("oui merci", library, context=context)

    assert isinstance(item, Handover)
    assert item.reason == "human_requested"


def test_a_french_question_on_an_english_label_quotes_the_label(library: Library) -> None:
    answer = reply("Veliprax : dose maximale par jour ?", library)

    assert "80 mg once daily" in quoted(answer)
    assert isinstance(answer, Answer)
    assert answer.citations[0].language == "en"
    assert answer.reading.language == "fr"


def test_without_leave_another_language_is_not_quoted(library: Library) -> None:
    assert not isinstance(reply("Veliprax : dose maximale par jour ?", library, cross_lingual=False), Answer)


def test_an_adverse_event_is_flagged_whatever_is_answered(library: Library) -> None:
    item = reply("nortavel dose max ? ma patiente a fait un angio-œdème hier sous 20 mg", library)

    assert "adverse_event" in item.safety.labels


def test_every_decision_carries_its_evidence(library: Library) -> None:
    evidence = reply("nortavel dose max", library).reading.evidence

    assert evidence["products"][0]["name"] == "nortavel"
    assert evidence["topics"]["posology"] > 0.5
    assert evidence["source"] == "nortavel.fr"


@pytest.mark.parametrize(
    "message",
    [
        "ma patiente a fait un angio-œdème hier sous nortavel 20 mg, hospitalisée",
        "my patient developed a severe rash after starting veliprax, admitted yesterday",
    ],
)
def test_a_report_that_asks_nothing_is_taken_up_and_not_answered(library: Library, message: str) -> None:
    item = reply(message, library)

    assert isinstance(item, Handover)
    assert item.reason == "safety_report"


@pytest.mark.parametrize("question", ["nortavel dose max", "nortavel et allaitement", "veliprax missed dose"])
def test_a_question_without_its_mark_is_no_report(library: Library, question: str) -> None:
    assert isinstance(reply(question, library), Answer)


def test_two_labels_that_disagree_are_both_shown() -> None:
    other = edition("Nortavanil Autrelabo 5 mg, comprimé", "Nortavanil", "fr", Kind.SMPC, NORTAVEL_ELSEWHERE)

    answer = reply("nortavanil dose maximale par jour ?", Library.of([NORTAVEL, ("autrelabo.fr", other)]))

    assert "20 mg par jour" in quoted(answer)
    assert "15 mg par jour" in quoted(answer)
    assert isinstance(answer, Answer)
    assert {citation.document for citation in answer.citations} == {"nortavel.fr", "autrelabo.fr"}


def test_two_labels_that_agree_are_quoted_once() -> None:
    same = edition("Nortavanil Autrelabo 5 mg, comprimé", "Nortavanil", "fr", Kind.SMPC, NORTAVEL_FR)

    answer = reply("nortavanil dose maximale par jour ?", Library.of([NORTAVEL, ("autrelabo.fr", same)]))

    assert isinstance(answer, Answer)
    assert len({citation.document for citation in answer.citations}) == 1


def test_a_brand_without_a_label_of_its_own_is_answered_from_its_substance() -> None:
    generic = edition("RAMIPRIL AUTRELABO 5 mg, comprimé", "ramipril", "fr", Kind.SMPC, NORTAVEL_ELSEWHERE)

    answer = reply("Triatec dose maximale par jour ?", Library.of([("ramipril.fr", generic)]))

    assert isinstance(answer, Answer)
    assert answer.citations[0].title == "RAMIPRIL AUTRELABO 5 mg, comprimé"


def test_the_form_named_chooses_among_the_labels_of_a_substance() -> None:
    swallowed = edition("NORTAVANIL AUTRELABO 5 mg, comprimé", "Nortavanil", "fr", Kind.SMPC, NORTAVEL_ELSEWHERE)
    injected = edition("NORTAVANIL AUTRELABO, solution injectable", "Nortavanil", "fr", Kind.SMPC, NORTAVEL_FR)
    library = Library.of([("injected.fr", injected), ("swallowed.fr", swallowed)])

    answer = reply("nortavanil cp : dose maximale par jour ?", library)

    assert isinstance(answer, Answer)
    assert {citation.document for citation in answer.citations} == {"swallowed.fr"}


def test_a_row_of_a_table_is_quoted_with_its_header() -> None:
    rows = [
        "Poids | Dose par prise",
        *(f"{weight} kg | {weight * 2} mg matin et soir, au milieu du repas" for weight in range(10, 40)),
    ]
    heading = "4.2. Posologie et mode d'administration"
    plain = edition("NORTAVEL, sirop", "Nortavanil", "fr", Kind.SMPC, [("4.2", (heading,), "\n".join(rows))])
    table = replace(plain, passages=(replace(plain.passages[0], table=True),))

    assert "Poids | Dose par prise" in quoted(reply("nortavel dose pour 25 kg ?", Library.of([("sirop.fr", table)])))
