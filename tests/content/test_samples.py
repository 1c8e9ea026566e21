"""What ships with Relais: documents whose terms allow it, and the register that says so."""

from __future__ import annotations

import pytest

from content import readers
from content.model import Kind, UnreadableContent
from content.readers import register
from content.samples import FOLDER

ENTRIES = {entry.file: entry for entry in register.entries(FOLDER / register.NAME)}
LABELS = [path for path in readers.find([FOLDER]) if not path.with_suffix(".deck.yaml").exists()]


def test_every_sample_has_an_entry_and_every_entry_a_sample():
    assert {str(path.relative_to(FOLDER)) for path in LABELS} == set(ENTRIES)


def test_there_are_a_dozen_documents_in_two_languages_and_three_kinds(samples):
    assert len(LABELS) >= 12
    assert {edition.language for edition in samples.values()} == {"fr", "en"}


def test_every_sample_says_source_date_and_licence(samples):
    for name, edition in samples.items():
        assert edition.source, name
        assert edition.dated, name
        assert edition.licence, name


def test_the_register_agrees_with_what_the_documents_say():
    for path in LABELS:
        entry, edition = ENTRIES[str(path.relative_to(FOLDER))], readers.read(path)
        assert edition.dated == entry.dated, path.name
        assert edition.source == entry.source, path.name
        if entry.sections:
            assert {passage.section for passage in edition.passages} <= set(entry.sections), path.name


def test_no_sample_is_under_terms_that_forbid_shipping():
    terms = " ".join(f"{entry.licence} {entry.copied_from}" for entry in ENTRIES.values()).lower()

    assert not any(word in terms for word in ("-nc", "non-commercial", "none stated", "gfdl", "test purposes"))


def test_the_samples_stay_small():
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 3_000_000


def test_the_deck_stands_on_an_smpc_that_ships_with_it(samples):
    deck, smpc = samples["allopurinol-cristers.pdf"], samples["allopurinol-cristers-100mg_69235513.rcp.html"]

    assert (deck.product, smpc.kind) == (smpc.product, Kind.SMPC)


def test_the_renal_doses_of_the_smpc_are_a_table(samples):
    smpc = samples["allopurinol-cristers-100mg_69235513.rcp.html"]

    (table,) = [p for p in smpc.passages if p.section == "4.2" and p.table]
    assert table.path[-1] == "Sujets âgés et Insuffisants rénaux"
    assert table.text.splitlines()[-1] == "Cl Cr < 20 ml/mn | 100 mg/1 jour sur 2"


@pytest.mark.parametrize("text", ["documents: none", "documents: [{file: a}]", "[", "documents:"])
def test_a_broken_register_is_refused(tmp_path, text):
    (tmp_path / "sources.yaml").write_text(text)
    (tmp_path / "a.md").write_text("---\nproduct: FICTOL\nkind: smpc\n---\n## 4.1 Indications\n\nDouleur.\n")

    with pytest.raises(UnreadableContent, match="bad_register"):
        readers.read(tmp_path / "a.md")
