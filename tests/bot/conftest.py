"""Small editions of fictitious medicines, in both languages, for tests that must not depend on any file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest

from bot import Library
from content.model import Edition, Kind, Passage

Section = tuple[str, tuple[str, ...], str]

NORTAVEL_FR: Sequence[Section] = (
    (
        "4.1",
        ("4.1. Indications thérapeutiques",),
        "Nortavel est indiqué dans le traitement de l'hypertension artérielle de l'adulte.",
    ),
    (
        "4.2",
        ("4.2. Posologie et mode d'administration", "Posologie", "Adultes"),
        "La dose initiale recommandée est de 5 mg une fois par jour. La dose maximale est de 20 mg par jour.",
    ),
    (
        "4.2",
        ("4.2. Posologie et mode d'administration", "Posologie", "Insuffisance rénale"),
        "En cas d'insuffisance rénale sévère (clairance < 30 ml/min), la dose ne doit pas dépasser 5 mg par jour.",
    ),
    (
        "4.2",
        ("4.2. Posologie et mode d'administration", "Posologie", "Population pédiatrique"),
        "Nortavel n'est pas recommandé chez l'enfant et l'adolescent de moins de 18 ans.",
    ),
    (
        "4.3",
        ("4.3. Contre-indications",),
        "Ce médicament est contre-indiqué :\n- en cas d'allergie au nortavanil ;\n- en cas d'angio-œdème connu.",
    ),
    (
        "4.5",
        ("4.5. Interactions avec d'autres médicaments et autres formes d'interactions",),
        "L'association avec le lithium est déconseillée : la lithiémie peut augmenter jusqu'à la toxicité.",
    ),
    (
        "4.6",
        ("4.6. Fertilité, grossesse et allaitement", "Grossesse"),
        "Nortavel est contre-indiqué aux deuxième et troisième trimestres de la grossesse.",
    ),
    (
        "4.6",
        ("4.6. Fertilité, grossesse et allaitement", "Allaitement"),
        "Le passage dans le lait maternel n'est pas connu : l'allaitement est déconseillé.",
    ),
    ("4.8", ("4.8. Effets indésirables",), "Les effets indésirables les plus fréquents sont la toux et les vertiges."),
    ("4.9", ("4.9. Surdosage",), "Le surdosage peut provoquer une hypotension. Le nortavanil est dialysable."),
    ("6.4", ("6.4. Précautions particulières de conservation",), "A conserver à une température ne dépassant pas 25 °C."),
)
VELIPRAX_EN: Sequence[Section] = (
    ("indications_and_usage", ("1 INDICATIONS AND USAGE",), "VELIPRAX is indicated for the treatment of gout flares in adults."),
    (
        "dosage_and_administration",
        ("2 DOSAGE AND ADMINISTRATION", "2.1 Recommended Dosage"),
        "The recommended starting dosage is 40 mg once daily. The maximum recommended dosage is 80 mg once daily.",
    ),
    (
        "dosage_and_administration",
        ("2 DOSAGE AND ADMINISTRATION", "2.3 Missed Dose"),
        "If a dose is missed by more than 12 hours, skip it and take the next dose at the usual time.",
    ),
    ("contraindications", ("4 CONTRAINDICATIONS",), "VELIPRAX is contraindicated in patients treated with azathioprine."),
    (
        "lactation",
        ("8 USE IN SPECIFIC POPULATIONS", "8.2 Lactation"),
        "There are no data on the presence of velipraxan in human milk.",
    ),
    ("overdosage", ("10 OVERDOSAGE",), "There is no specific antidote for VELIPRAX overdosage."),
    ("how_supplied", ("16 HOW SUPPLIED/STORAGE AND HANDLING",), "Store at 20°C to 25°C. Protect from light."),
)

NORTAVEL_ELSEWHERE: Sequence[Section] = (
    (
        "4.2",
        ("4.2. Posologie et mode d'administration", "Posologie"),
        "La dose initiale est de 5 mg une fois par jour. La dose maximale est de 15 mg par jour.",
    ),
)


def edition(product: str, substance: str, language: str, kind: Kind, sections: Sequence[Section]) -> Edition:
    """An edition whose text is its sections one after the other."""
    text = ""
    passages = []
    for code, path, words in sections:
        start = len(text) + len(path[-1]) + 1
        text += f"{path[-1]}\n{words}\n"
        passages.append(Passage(code, path, words, start, start + len(words)))
    digest = hashlib.sha256(text.encode()).hexdigest()
    country = "FR" if language == "fr" else "US"
    return Edition(digest, kind, product, product, (substance,), language, text, tuple(passages), country=country)


NORTAVEL = ("nortavel.fr", edition("NORTAVEL 5 mg, comprimé", "Nortavanil", "fr", Kind.SMPC, NORTAVEL_FR))
VELIPRAX = ("veliprax.us", edition("Veliprax", "VELIPRAXAN", "en", Kind.US_LABEL, VELIPRAX_EN))


@pytest.fixture(scope="session")
def library() -> Library:
    """Two fictitious medicines, one in French, one in English."""
    return Library.of([NORTAVEL, VELIPRAX])
