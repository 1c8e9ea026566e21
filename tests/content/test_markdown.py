"""Markdown with front matter, and leaflets whose sub-titles run on in the text."""

from __future__ import annotations

from datetime import date

import pytest

from content import readers
from content.model import Audience, Kind

LEAFLET = """---
title: "Notice : FICTOL 5 mg, comprimé"
kind: leaflet
product: "FICTOL 5 mg, comprimé"
substances: ["Fictium"]
language: fr
country: FR
retrieved: 2021-05-08
---

## 2. Quelles sont les informations à connaître avant d'utiliser FICTOL ?

Ne prenez jamais FICTOL 5 mg, comprimé :

- si vous êtes allergique. Autres médicaments et FICTOL 5 mg, comprimé Informez votre médecin.

FICTOL 5 mg, comprimé avec des aliments et boissons Sans objet.

Grossesse et allaitement Grossesse Ne prenez pas FICTOL. Voir la rubrique Grossesse.
Conduite de véhicules et utilisation de machines Sans effet.

## 3. Comment utiliser FICTOL ?

Un comprimé par jour. Si vous oubliez de prendre FICTOL 5 mg, comprimé: Ne doublez pas la dose.
"""
SMPC = """---
produit: FICTOL 5 mg, comprimé
substances: FICTIUM, AUTRIUM
langue: fr
document: RCP, rubriques 4.6 et 4.8 seulement
mis_a_jour: 10/12/2023
source: ANSM, base de données publique des médicaments (BDPM)
---

# FICTOL 5 mg, comprimé

## 4.6. Fertilité, grossesse et allaitement

Grossesse

Il n’existe pas de données.

## 4.8. Effets indésirables

| Classe | Fréquence |
| --- | --- |
| Affections oculaires | Rare |
"""


@pytest.fixture
def leaflet(tmp_path):
    (tmp_path / "a.md").write_text(LEAFLET, "utf-8")
    return readers.read(tmp_path / "a.md")


@pytest.fixture
def smpc(tmp_path):
    (tmp_path / "b.md").write_text(SMPC, "utf-8")
    return readers.read(tmp_path / "b.md")


def test_a_leaflet_is_for_the_public_and_says_what_it_is(leaflet):
    assert (leaflet.kind, leaflet.audience, leaflet.country, leaflet.language) == (Kind.LEAFLET, Audience.PUBLIC, "FR", "fr")
    assert (leaflet.product, leaflet.substances, leaflet.names) == ("FICTOL 5 mg, comprimé", ("Fictium",), ("FICTOL",))


def test_sub_titles_that_run_on_open_passages_of_their_own(leaflet):
    assert [(p.section, p.path[1:], p.text) for p in leaflet.passages] == [
        (
            "leaflet:2",
            ("Ne prenez jamais FICTOL 5 mg, comprimé :",),
            "Ne prenez jamais FICTOL 5 mg, comprimé :\n- si vous êtes allergique.",
        ),
        ("leaflet:2", ("Autres médicaments et FICTOL 5 mg, comprimé",), "Informez votre médecin."),
        ("leaflet:2", ("FICTOL 5 mg, comprimé avec des aliments et boissons",), "Sans objet."),
        ("leaflet:2", ("Grossesse",), "Ne prenez pas FICTOL. Voir la rubrique Grossesse."),
        ("leaflet:2", ("Conduite de véhicules et utilisation de machines",), "Sans effet."),
        ("leaflet:3", (), "Un comprimé par jour."),
        (
            "leaflet:3",
            ("Si vous oubliez de prendre FICTOL 5 mg, comprimé:",),
            "Si vous oubliez de prendre FICTOL 5 mg, comprimé:\nNe doublez pas la dose.",
        ),
    ]


def test_the_french_dialect_of_the_front_matter_is_read(smpc):
    assert (smpc.kind, smpc.country, smpc.dated) == (Kind.SMPC, "FR", date(2023, 12, 10))
    assert smpc.substances == ("FICTIUM", "AUTRIUM")


def test_a_partial_document_says_so_in_its_title(smpc):
    assert smpc.title == "FICTOL 5 mg, comprimé – RCP, rubriques 4.6 et 4.8 seulement"


def test_a_bare_line_over_a_paragraph_is_a_sub_heading(smpc):
    assert smpc.passages[0].path == ("4.6. Fertilité, grossesse et allaitement", "Grossesse")


def test_a_pipe_table_is_a_table_passage(smpc):
    assert (smpc.passages[1].table, smpc.passages[1].text) == (True, "Classe | Fréquence\nAffections oculaires | Rare")
