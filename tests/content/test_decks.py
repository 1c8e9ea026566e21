"""Decks: a PDF and its description, read and rendered."""

from __future__ import annotations

import io

import pypdfium2 as pdfium
import pytest
import yaml
from PIL import Image

from content import readers
from content.model import Kind, UnreadableContent
from content.readers.deck import incomplete
from content.rendering import render

DESCRIPTION = {
    "title": "Fictol en pratique",
    "product": "FICTOL 5 mg, comprimé",
    "substances": ["fictium"],
    "country": "FR",
    "language": "fr",
    "version": "1.0",
    "slides": [
        {"number": 1, "title": "Couverture", "alt": "La couverture.", "notes": "Saluer.", "key_message": "Bienvenue."},
        {"number": 2, "title": "Sécurité", "mandatory": True, "topics": ["warnings"], "references": ["RCP 4.4"]},
    ],
}
PROTECTED = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/O<%(key)s>/U<%(key)s>/P -4>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]/Size 5>>
%%%%EOF""" % {b"key": b"ab" * 32}


def pdf(*sizes: tuple[float, float], rotation: int = 0) -> bytes:
    document = pdfium.PdfDocument.new()
    for width, height in sizes:
        document.new_page(width, height).set_rotation(rotation)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def write(tmp_path):
    def write(source: bytes, description: object = None):
        (tmp_path / "talk.pdf").write_bytes(source)
        if description is not None:
            (tmp_path / "talk.deck.yaml").write_text(yaml.safe_dump(description, allow_unicode=True))
        return tmp_path / "talk.pdf"

    return write


def refusal(action) -> str:
    with pytest.raises(UnreadableContent) as refused:
        action()
    return refused.value.code


def test_a_described_deck_is_complete_with_its_slides(write):
    deck = readers.read(write(pdf((160, 90), (160, 90)), DESCRIPTION))

    assert (deck.kind, deck.product, deck.country, deck.version) == (Kind.DECK, "FICTOL 5 mg, comprimé", "FR", "1.0")
    first, second = deck.slides
    assert (first.title, first.alt, first.notes, first.key_message) == ("Couverture", "La couverture.", "Saluer.", "Bienvenue.")
    assert (second.mandatory, second.topics, second.references) == (True, ("warnings",), ("RCP 4.4",))


def test_a_slide_without_a_text_alternative_is_to_be_completed(write):
    deck = readers.read(write(pdf((160, 90), (160, 90)), DESCRIPTION))

    assert incomplete(deck) == (2,)
    assert deck.slides[1].alt == "Diapositive 2 sur 2 : Sécurité"


def test_a_bare_pdf_is_a_deck_to_be_described(write):
    deck = readers.read(write(pdf((160, 90))))

    assert (deck.kind, deck.title, deck.product, deck.country) == (Kind.DECK, "talk", "", None)
    assert incomplete(deck) == (1,)


@pytest.mark.parametrize(
    "changed",
    [{"slides": DESCRIPTION["slides"][:1]}, {"title": None}, {"audience": "everybody"}, {"unknown": "field"}, {"slides": "two"}],
)
def test_a_description_that_does_not_fit_is_refused(write, changed):
    path = write(pdf((160, 90), (160, 90)), DESCRIPTION | changed)

    assert refusal(lambda: readers.read(path)) == "bad_description"


def test_a_changed_description_is_another_edition(write):
    source = pdf((160, 90), (160, 90))
    before = readers.read(write(source, DESCRIPTION)).digest

    assert readers.read(write(source, DESCRIPTION | {"version": "1.1"})).digest != before


def test_the_notes_for_the_rep_are_in_no_text_that_hcps_see(samples):
    deck = samples["allopurinol-cristers.pdf"]
    seen = deck.text + "".join(slide.text + slide.alt for slide in deck.slides)

    assert all(slide.notes and slide.notes not in seen for slide in deck.slides)


def test_the_sample_deck_has_a_passage_for_each_slide_on_its_page(samples):
    deck = samples["allopurinol-cristers.pdf"]

    assert [(p.section, p.page) for p in deck.passages] == [(f"slide:{n}", n) for n in range(1, 16)]
    assert incomplete(deck) == ()


def test_a_page_is_rendered_in_three_widths():
    (slide,) = render(pdf((160, 90)))

    sizes = {width: Image.open(io.BytesIO(image)).size for width, image in slide.images.items()}
    assert sizes == {1600: (1600, 900), 800: (800, 450), 320: (320, 180)}
    assert (slide.number, slide.total, slide.height) == (1, 1, 900)
    assert {Image.open(io.BytesIO(image)).format for image in slide.images.values()} == {"WEBP"}


def test_a_rotated_page_is_rendered_upright():
    (slide,) = render(pdf((90, 160), rotation=90))

    assert slide.height == 900


def test_pages_of_several_sizes_each_keep_their_own():
    assert [slide.height for slide in render(pdf((160, 90), (100, 100)))] == [900, 1600]


def test_pages_come_one_at_a_time():
    slides = render(pdf((160, 90), (160, 90)))

    assert (next(slides).number, next(slides).number) == (1, 2)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (PROTECTED, "encrypted"),
        (b"%PDF-1.7 broken", "broken_pdf"),
        (pdf(*[(16, 9)] * 301), "too_many_pages"),
        (pdf((10, 300)), "page_too_large"),
        (pdf(), "broken_pdf"),
    ],
    ids=["encrypted", "broken", "301 pages", "too tall", "no page"],
)
def test_what_cannot_be_shown_is_refused_before_the_first_page(source, code):
    assert refusal(lambda: next(render(source))) == code


def test_every_pdf_without_a_password_is_rendered(pdfs):
    for path in pdfs:
        if "password" not in path.name:
            assert Image.open(io.BytesIO(next(render(path.read_bytes())).images[1600])).width == 1600, path.name


def test_a_deck_brings_the_questions_that_may_be_put_to_its_audience(write) -> None:
    polls = [{"question": "Prescrivez-vous déjà ?", "options": ["Oui", "Non"]}]

    edition = readers.read(write(pdf((320, 180), (320, 180)), {**DESCRIPTION, "polls": polls}))

    assert [(poll.question, poll.options) for poll in edition.polls] == [("Prescrivez-vous déjà ?", ("Oui", "Non"))]


@pytest.mark.parametrize("options", [["Oui"], ["Oui", ""], list("ABCDEFG")], ids=["one answer", "an empty one", "seven"])
def test_a_question_without_a_choice_is_refused(write, options) -> None:
    path = write(pdf((320, 180), (320, 180)), {**DESCRIPTION, "polls": [{"question": "Oui ?", "options": options}]})

    assert refusal(lambda: readers.read(path)) == "bad_description"


def test_the_words_of_a_slide_are_its_authors_where_they_are_given(write) -> None:
    words = "Dose | Jour\n100 mg | 1\n"
    slides = [{**DESCRIPTION["slides"][0], "text": words}, DESCRIPTION["slides"][1]]

    edition = readers.read(write(pdf((320, 180), (320, 180)), {**DESCRIPTION, "slides": slides}))

    assert edition.slides[0].text == "Dose | Jour\n100 mg | 1"
