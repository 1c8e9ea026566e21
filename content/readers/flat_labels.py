"""Structure of US labels whose text runs on without line breaks: headlines, numbered subsections, standard sub-headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from content.readers.flat_tables import MARK

# Section titles by openFDA field, as 21 CFR 201.57 and 201.80 word them.
_HEADLINES = {
    "indications_and_usage": r"INDICATIONS?(?: AND |\s*&\s*)USAGE",
    "dosage_and_administration": r"DOSAGE(?: AND |\s*&\s*)ADMINISTRATION",
    "dosage_forms_and_strengths": r"DOSAGE FORMS?(?: AND |\s*&\s*)STRENGTHS?",
    "contraindications": r"CONTRAINDICATIONS?",
    "warnings_and_cautions": r"WARNINGS?(?: AND |\s*&\s*)PRECAUTIONS?",
    "use_in_specific_populations": r"USE IN SPECIFIC POPULATIONS?",
    "information_for_patients": r"PATIENT COUNSELING INFORMATION|INFORMATION FOR PATIENTS?",
    "how_supplied": r"HOW SUPPLIED(?: ?/ ?STORAGE(?: AND HANDLING)?)?",
    "storage_and_handling": r"STORAGE(?: AND HANDLING)?",
    "overdosage": r"OVERDOSAGE",
    "carcinogenesis_and_mutagenesis_and_impairment_of_fertility": (
        r"CARCINOGENESIS ?,? ?(?:AND )?MUTAGENESIS ?,? ?(?:AND )?IMPAIRMENT OF FERTILITY"
    ),
    "animal_pharmacology_and_or_toxicology": r"ANIMAL (?:TOXICOLOGY|PHARMACOLOGY)(?: AND ?/ ?OR (?:PHARMACOLOGY|TOXICOLOGY))?",
    "lactation": r"LACTATION",
    "recent_major_changes": r"RECENT MAJOR CHANGES",
    "spl_medguide": r"MEDICATION GUIDE",
    "spl_patient_package_insert": r"PATIENT (?:PACKAGE INSERT|INFORMATION)",
}
# Titles of numbered subsections that are the same in every label; the longest wins.
_STANDARD = sorted(
    """Pregnancy|Lactation|Nursing Mothers|Females and Males of Reproductive Potential|Labor and Delivery|Pediatric Use|
    Geriatric Use|Renal Impairment|Hepatic Impairment|Patients with Renal Impairment|Patients with Hepatic Impairment|
    Mechanism of Action|Pharmacodynamics|Pharmacokinetics|Microbiology|Pharmacogenomics|Immunogenicity|
    Clinical Trials Experience|Clinical Trial Experience|Clinical Studies Experience|Postmarketing Experience|
    Post-Marketing Experience|Post-marketing Experience|Postmarketing Reports|Recommended Dosage|Recommended Dose|
    Important Administration Instructions|Important Dosage and Administration Instructions|Patient Selection|Administration|
    Carcinogenesis, Mutagenesis, Impairment of Fertility|Carcinogenesis, Mutagenesis, and Impairment of Fertility|
    Animal Toxicology and/or Pharmacology|Animal Pharmacology and/or Toxicology|Controlled Substance|Abuse|Dependence|
    How Supplied|Storage and Handling|Embryo-Fetal Toxicity""".replace("\n", "").split("|"),
    key=lambda title: -len(title.strip()),
)
_STANDARD_TITLE = re.compile("|".join(rf"(?i:{re.escape(title.strip())})(?= [A-Z\[(®•]|$)" for title in _STANDARD))
# Sub-headings inside a subsection (pregnancy and lactation labelling rule, clinical pharmacology).
_RUN_IN = re.compile(
    r"(?:^|(?<=[.\])] ))(Risk Summary|Clinical Considerations|Human Data|Animal Data|Absorption|Distribution|Metabolism|"
    r"Elimination|Excretion|Specific Populations|Drug Interaction Studies|Pediatric Patients|Geriatric Patients|"
    r"(?:Patients with )?(?:Renal|Hepatic) Impairment|Cardiac Electrophysiology|"
    r"Presence in (?:Human )?Milk|Contraception|Infertility|Pregnancy Testing)(?= [A-Z])"
)
# Patient leaflets and medication guides are a run of questions.
_QUESTION = re.compile(r"(?:^|(?<=[.!?:\])] )|(?<=[a-z\d] ))((?:What|How|Who|When|Why|Where) (?:[a-z]+ )[^.?!•]{3,110}\?)")
_NUMBER = re.compile(r"(?:^|(?<=\s))(\d{1,2})\.(\d{1,2})\s+(?=[A-Z\"“‘•†≥]|\d+[-\s]?[A-Z])")
_CONNECTORS = frozenset(
    """a an and as at by due during for from in including is into may can who of on or other than
    that the to under using versus via vs with without mg mcg ml kg g""".split()
)
_BULLETS = frozenset("•·▪")
_MAX_TITLE_WORDS = 22


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text under one sub-heading; `title` is empty for what stands before the first."""

    title: str
    level: int
    text: str


def headline(field: str, text: str) -> tuple[str, str]:
    """The section's own title as printed, and the text after it. Without one the title is made from the field's name."""
    words = _HEADLINES.get(field) or re.escape(field.replace("_", " "))
    found = re.match(rf"(?:\d{{1,2}}(?:\.\d{{1,2}})?\.?\s+)?(?:{words})\b[:.]?\s*", text, re.IGNORECASE)
    if found:
        return found[0].strip().rstrip(":."), text[found.end() :]
    return field.replace("_", " ").replace("spl ", "").capitalize(), text


def runs_of(text: str, title: str) -> Iterator[Run]:
    """The text cut at its numbered subsections and then at standard sub-headings.

    A number counts as a subsection only in sequence (5.1, 5.2, 5.3) within the section's own number, so that numbers in
    the prose do not cut it. Where the end of a subsection's title cannot be told, the title stays in the text.
    """
    marks = _marks(text, title)
    bounds = [found.start() for found in marks] + [len(text)]
    yield from _run_ins(text[: bounds[0]].strip(), 2)
    for mark, end in zip(marks, bounds[1:], strict=True):
        body = text[mark.end() : end].strip()
        size = _title_length(body)
        number = mark[0].strip()
        if size and size < len(body):
            yield Run(f"{number} {body[:size].strip()}", 2, "")
            yield from _run_ins(body[size:].strip(), 3)
        else:
            yield Run(number, 2, "")
            yield from _run_ins(body, 3)


def questions_of(text: str) -> Iterator[Run]:
    """A patient leaflet cut at its questions (“How should I take …?”)."""
    at, title = 0, ""
    for found in _QUESTION.finditer(text):
        if text[at : found.start()].strip() or title:
            yield Run(title, 2, text[at : found.start()].strip())
        at, title = found.end(), found[1]
    yield Run(title, 2, text[at:].strip())


def _marks(text: str, title: str) -> list[re.Match[str]]:
    own = re.match(r"\d{1,2}", title)
    marks: list[re.Match[str]] = []
    for found in _NUMBER.finditer(text):
        section, step = int(found[1]), int(found[2])
        if own and section != int(own[0]):
            continue
        if not marks and not own and found.start() != 0:
            continue
        if marks and int(marks[0][1]) != section:
            continue
        if step == (int(marks[-1][2]) + 1 if marks else 1) or (not marks and found.start() == 0):
            marks.append(found)
    return marks


def _run_ins(text: str, level: int) -> Iterator[Run]:
    at, title = 0, ""
    for found in _RUN_IN.finditer(text):
        if text[at : found.start()].strip():
            yield Run(title, level, text[at : found.start()].strip())
        elif title:
            yield Run(title, level, "")
        at, title = found.end(), found[1]
    if text[at:].strip():
        yield Run(title, level, text[at:].strip())


def _title_length(body: str) -> int:
    """How many characters of the body are the subsection's title, 0 if that cannot be told.

    A title is in title case, so it ends before the capital that opens the first sentence: the last one before an ordinary
    lower-case word. When the sentence opens by repeating words of the title (“Tumor Lysis Syndrome Tumor Lysis Syndrome
    may …”), it ends before the first of them.
    """
    known = _STANDARD_TITLE.match(body)
    if known:
        return known.end()
    starts: list[int] = []
    words: list[str] = []
    last_capital = 0
    for token in islice(re.finditer(r"\S+", body[:400]), _MAX_TITLE_WORDS + 2):
        if token[0] in _BULLETS or token[0].startswith(MARK):
            return token.start()
        word = token[0].strip("()[],:;®™*†“”\"'")
        if word[:1].islower() and word not in _CONNECTORS:
            return starts[_repeat(words, last_capital)] if last_capital else 0
        if token[0].endswith("."):
            return 0
        if token[0][0].isupper():
            last_capital = len(words)
        starts.append(token.start())
        words.append(word.lower())
    return 0


def _repeat(words: list[str], last: int) -> int:
    """Where the run of words that ends at `last` and stood earlier in the title begins; `last` itself if none did."""
    first = last
    while first > 1:
        run = words[first - 1 : last + 1]
        if not any(words[at : at + len(run)] == run for at in range(first - 1)):
            break
        first -= 1
    return first
