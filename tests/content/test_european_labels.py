"""French agency pages and block trees, ePI bundles, EMA annexes."""

from __future__ import annotations

import json
from datetime import date

import pytest

from content import readers
from content.model import Audience, Kind, UnreadableContent
from content.readers import ema

PAGE = """<html><head><title>RCP</title></head><body><script>menu()</script><div id="textDocument">
<p class="DateNotif">ANSM - Mis à jour le : 21/09/2017</p>
<p class="AmmAnnexeTitre1"><a name="RcpDenomination">1. DENOMINATION DU MEDICAMENT</a></p>
<p class=AmmCorpsTexteGras>FICTOL 100 mg, comprimé</p>
<p class="AmmAnnexeTitre1">2. COMPOSITION QUALITATIVE ET QUANTITATIVE</p>
<p class=AmmComposition>Fictium ............................ 100,00 mg</p><p class=AmmCorpsTexte>Pour un comprimé.</p>
<p class="AmmAnnexeTitre1">4. DONNEES CLINIQUES</p>
<p class="AmmAnnexeTitre2">4.2. Posologie et mode d'administration</p>
<p class=AmmAnnexeTitre4>Insuffisance rénale</p>
<p class=AmmListePuces1><span style='font-family:Symbol'>·<span>         </span></span>L’œdème impose 100&nbsp;mg.</p>
<table><tr><td rowspan=2>Clairance</td><td>80</td></tr><tr><td>40</td></tr></table>
<p class="AmmAnnexeTitre1">7. TITULAIRE</p><p class=AmmCorpsTexte><b>FICTIF SA</b></p><p>1 RUE DE NULLE PART</p>
<p class="AmmAnnexeTitre">CONDITIONS DE PRESCRIPTION ET DE DELIVRANCE</p><p class=AmmCorpsTexte>Liste I.</p>
<p class=AmmCorpsTexte><a href="#HautDePage">Retour en haut de la page</a></p></div>
<a href="affichageDoc.php?specid=60000000&amp;typedoc=R">RCP</a></body></html>"""


@pytest.fixture
def page(tmp_path):
    (tmp_path / "a.html").write_bytes(PAGE.encode("windows-1252"))
    return readers.read(tmp_path / "a.html")


def test_a_french_page_says_what_it_is(page):
    assert (page.kind, page.audience, page.country, page.dated) == (Kind.SMPC, Audience.HCP, "FR", date(2017, 9, 21))
    assert (page.product, page.substances, page.names) == ("FICTOL 100 mg, comprimé", ("Fictium",), ("FICTOL",))
    assert (page.holder, page.source) == (
        "FICTIF SA",
        "https://base-donnees-publique.medicaments.gouv.fr/affichageDoc.php?specid=60000000&typedoc=R",
    )


def test_windows_1252_is_read_and_the_frame_of_the_page_left_out(page):
    assert [(p.section, p.path, p.text) for p in page.passages if p.section not in ("1", "2", "7")] == [
        ("4.2", ("4.2. Posologie et mode d'administration", "Insuffisance rénale"), "- L’œdème impose 100 mg."),
        ("4.2", ("4.2. Posologie et mode d'administration", "Insuffisance rénale"), "Clairance | 80\nClairance | 40"),
        ("prescription", ("CONDITIONS DE PRESCRIPTION ET DE DELIVRANCE",), "Liste I."),
    ]
    assert "Retour" not in page.text
    assert "menu" not in page.text


def test_a_block_tree_is_read_as_its_page(tmp_path):
    tree = {
        "source": {"cis": "60000001"},
        "content": [
            {"type": "AmmAnnexeTitre", "content": "NOTICE", "anchor": "Ann3bNotice"},
            {"type": "AmmNoticeTitre1", "content": "Dénomination du médicament", "anchor": "Ann3bDenomination", "children": [
                {"type": "AmmCorpsTexteGras", "content": "FICTOL, gel", "html": "<p class='AmmCorpsTexteGras'>FICTOL, gel</p>"},
                {"type": "AmmCorpsTexteGras", "content": "Fictium", "html": "<p class='AmmCorpsTexteGras'>Fictium</p>"}]},
            {"type": "AmmNoticeTitre1", "content": "Que contient cette notice ?", "anchor": "Ann3bSomm", "children": [
                {"type": "AmmCorpsTexte", "content": "1. Sommaire"}]},
            {"type": "AmmAnnexeTitre1", "content": "3. COMMENT UTILISER FICTOL ?", "children": [
                {"type": "AmmCorpsTexteGras", "content": "Posologie", "html": "<p class='AmmCorpsTexteGras'>Posologie</p>"},
                {"type": "listePuce", "content": ["· Matin < soir", "· Soir"]}]},
            {"type": "AmmAnnexeTitre1", "content": "1. QU’EST-CE QUE FICTOL ?", "children": [
                {"type": "AmmCorpsTexte", "content": "Un gel."}]},
        ],
    }  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps(tree))

    leaflet = readers.read(tmp_path / "a.json")

    assert (leaflet.kind, leaflet.audience, leaflet.product) == (Kind.LEAFLET, Audience.PUBLIC, "FICTOL, gel")
    assert leaflet.substances == ("Fictium",)
    assert "Sommaire" not in leaflet.text
    assert [(p.section, p.path[1:], p.text) for p in leaflet.passages[1:]] == [
        ("leaflet:3", ("Posologie",), "- Matin < soir\n- Soir"),
        ("leaflet:1", (), "Un gel."),
    ]


def bundle(composition_type, sections, **fields):
    name = {"productName": "Fictol 5 mg tablets", "part": [
        {"part": "Fictol", "type": {"coding": [{"code": "220000000002"}]}},
        {"part": "fictium", "type": {"coding": [{"code": "220000000003"}]}}]}  # fmt: skip
    resources = [
        {
            "resourceType": "Composition",
            "type": composition_type,
            "title": "Fictol",
            "date": "2023-09-14",
            "section": sections,
            **fields,
        },
        {"resourceType": "MedicinalProductDefinition", "name": [name]},
    ]
    return {"resourceType": "Bundle", "entry": [{"resource": resource} for resource in resources]}


def section(title, div="", inner=(), code=None):
    coding = [{"system": "http://loinc.org", "code": code}] if code else []
    return {"title": title, "text": {"div": f"<div>{div}</div>"}, "section": list(inner), "code": {"coding": coding}}


def read_bundle(tmp_path, *args, **fields):
    (tmp_path / "a.json").write_text(json.dumps(bundle(*args, **fields)))
    return readers.read(tmp_path / "a.json")


def test_an_epi_smpc_has_smpc_numbers(tmp_path):
    posology = section("4.2 Posology", "<p><b>Elderly</b></p><p>Halve the dose.</p><table><tr><td>A</td><td>B</td></tr></table>")

    smpc = read_bundle(tmp_path, {"text": "SmPC"}, [section("4. Clinical particulars", "", [posology])], language="en-GB")

    assert (smpc.kind, smpc.product, smpc.substances) == (Kind.SMPC, "Fictol", ("fictium",))
    assert (smpc.language, smpc.country, smpc.dated) == ("en", "GB", date(2023, 9, 14))
    assert [(p.section, p.path, p.text, p.table) for p in smpc.passages] == [
        ("4.2", ("4.2 Posology", "Elderly"), "Halve the dose.", False),
        ("4.2", ("4.2 Posology", "Elderly"), "A | B", True),
    ]


def test_an_epi_leaflet_has_rubrics(tmp_path):
    rubric = section("2. What you need to know", "<p>Ask first.</p>", [section("Pregnancy", "<p>Do not take it.</p>")])

    leaflet = read_bundle(tmp_path, {"text": "Package Leaflet"}, [section("B. Package Leaflet", "unavailable", [rubric])])

    assert (leaflet.kind, leaflet.audience) == (Kind.LEAFLET, Audience.PUBLIC)
    assert [(p.section, p.path) for p in leaflet.passages] == [
        ("leaflet:2", ("2. What you need to know",)),
        ("leaflet:2", ("2. What you need to know", "Pregnancy")),
    ]


def test_an_epi_us_label_has_loinc_codes(tmp_path):
    inner = section("How should I take it?", "<p>Daily.</p>", code="42229-5")

    label = read_bundle(tmp_path, {"coding": [{"system": "http://loinc.org"}]}, [section("PATIENT", "", [inner], "42230-3")])

    assert [(p.section, p.path) for p in label.passages] == [("42230-3", ("PATIENT", "How should I take it?"))]


def test_the_words_decide_on_the_language_when_the_tag_is_wrong(tmp_path):
    text = "<p>Ce médicament est pour vous et les patients de votre médecin dans la durée du traitement.</p>"

    assert read_bundle(tmp_path, {"text": "Notice"}, [section("1. Titre", text)], language="en").language == "fr"


def test_an_epi_in_xml_is_read_as_in_json(tmp_path):
    (tmp_path / "a.xml").write_text(
        '<Bundle xmlns="http://hl7.org/fhir"><entry><resource><Composition><type><text value="Package Leaflet"/></type>'
        '<title value="Fictol"/><section><title value="1. What Fictol is"/><text><div xmlns="http://www.w3.org/1999/xhtml">'
        "<p>A medicine.</p></div></text></section></Composition></resource></entry></Bundle>"
    )

    leaflet = readers.read(tmp_path / "a.xml")

    assert [(p.section, p.text) for p in leaflet.passages] == [("leaflet:1", "A medicine.")]


ANNEX = """ANNEXE I

RÉSUMÉ DES CARACTÉRISTIQUES DU PRODUIT

2

1. DÉNOMINATION DU MÉDICAMENT

FICTOL 210 mg, poudre

2. COMPOSITION QUALITATIVE ET QUANTITATIVE

Chaque flacon contient 210 mg de fictium.

4. INFORMATIONS CLINIQUES

4.2 Posologie et mode d'administration

Mode d’administration
Voie intramusculaire, dans le muscle fessier, par un professionnel de santé formé à
l’injection.
1. Tapoter le flacon.
2. Ouvrir la seringue.

4.3 Contre-indications

Aucune.

ANNEXE II

A. FABRICANT
"""


def test_an_ema_annex_is_read_to_the_end_of_annex_i(tmp_path):
    (tmp_path / "annex.txt").write_text(ANNEX)

    smpc = readers.read(tmp_path / "annex.txt")

    assert (smpc.product, smpc.substances, smpc.country, smpc.language) == ("FICTOL", ("fictium",), "EU", "fr")
    assert "FABRICANT" not in smpc.text
    assert [(p.section, p.path[1:], p.text) for p in smpc.passages if p.section > "4"] == [
        (
            "4.2",
            ("Mode d’administration",),
            "Voie intramusculaire, dans le muscle fessier, par un professionnel de santé formé à l’injection.\n"
            "1. Tapoter le flacon.\n2. Ouvrir la seringue.",
        ),
        ("4.3", (), "Aucune."),
    ]


def test_an_annex_without_sections_is_refused():
    with pytest.raises(UnreadableContent, match="not_a_label"):
        ema.read_text("RÉSUMÉ DES CARACTÉRISTIQUES DU PRODUIT\n\nRien.".encode(), "0")


def test_passages_of_an_ema_pdf_carry_their_page(samples):
    annex = samples["zypadhera_153856_fr.smpc.pdf"]

    assert (annex.product, annex.substances) == ("Zypadhera", ("olanzapine pamoate",))
    assert {p.page for p in annex.passages if p.section == "4.1"} == {2}
    assert [p.page for p in annex.passages] == sorted(p.page for p in annex.passages)
