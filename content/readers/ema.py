"""Product information annexes of the EMA in French or English, as PDF or as the text of one. The SmPC of Annex I is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from content.model import Edition, Kind, UnreadableContent
from content.readers import pdf
from content.readers.blocks import Block, Heading, Paragraph, canonical, compose, line_block
from content.readers.language import language_of
from content.readers.markup import SUBTITLE_LENGTH, is_subtitle
from content.readers.naming import other_names, short_name
from content.sections import fold, taxonomy, topics_of_heading

_BEGIN = re.compile(r"^(RÉSUMÉ DES CARACTÉRISTIQUES DU PRODUIT|SUMMARY OF PRODUCT CHARACTERISTICS)$")
_END = re.compile(r"^(ANNEXE|ANNEX) II\b")
_NUMBERED = re.compile(r"^(\d{1,2}(?:\.\d)?)\.?\s+(.+)$")
_PAGE_NUMBER = re.compile(r"^\d{1,3}$")
_STATED = re.compile(
    r"(?:équivalent à|contient|equivalent to|contains) (?:[\d ,.]+(?:mg|g|microgrammes?|micrograms?|UI|IU|units) )?"
    r"(?:de |d['’]|of )?(?P<name>[^\W\d]{5,}(?: [^\W\d]{5,})?)"
)
# How much of a title must agree with the standard's: holders abridge and update them.
_AGREEING = 9

# Sections that hold tables or lists of short lines.
_TABULAR = frozenset({"4.8", "6.1", "6.5", "6.6"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the annex and the page it stands on, None where pages are not known."""

    text: str
    page: int | None


def looks_like(text: str) -> bool:
    """Whether the first pages of a text announce an SmPC."""
    return any(_BEGIN.match(line.strip()) for line in text.splitlines())


def read_pdf(source: bytes, digest: str) -> Edition:
    """Read an annex in PDF; its passages carry pages, from 1."""
    with pdf.opened(source) as document:
        lines = [Line(line, n + 1) for n in range(len(document)) for line in pdf.page_lines(document, n)]
        product, substance = pdf.inn_title(document)
    return _edition(lines, digest, product, substance)


def read_text(source: bytes, digest: str) -> Edition:
    """Read the text of an annex, lines wrapped and paragraphs parted by blank lines; without pages."""
    return _edition([Line(line, None) for line in _unwrapped(source.decode("utf-8", "replace"))], digest, "", "")


def _unwrapped(text: str) -> Iterator[str]:
    held: list[str] = []
    lines = [line.strip() for line in text.splitlines()]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        alone = not held and is_subtitle(line) and following[:1].isupper()
        if line and not _PAGE_NUMBER.match(line):
            starts = _NUMBERED.match(line) or line[0] in "-•·" or line.isupper()
            if held and starts:
                yield " ".join(held)
                held = []
            held.append(line)
        elif line:
            continue
        if held and (alone or not following or not line):
            yield " ".join(held)
            held = []
    if held:
        yield " ".join(held)


def _edition(lines: list[Line], digest: str, product: str, substance: str) -> Edition:
    text, passages = compose(_blocks(_smpc(lines)))
    if not {"4.1", "4.2", "4.3"} & {passage.section for passage in passages}:
        raise UnreadableContent("not_a_label", "no section of an SmPC")
    own = {section: [p.text for p in passages if p.section == section] for section in ("1", "2", "7")}
    forms = "\n".join(own["1"]).split("\n")
    short = short_name(forms[0]) or forms[0]
    stated = _STATED.findall(" ".join(own["2"]))
    language = language_of(text) or "en"
    return Edition(
        digest=digest,
        kind=Kind.SMPC,
        title=f"{'Résumé des caractéristiques du produit' if language == 'fr' else 'SmPC'} – {product or short}",
        product=product or short,
        substances=(substance,) if substance else tuple(stated[:1]),
        names=other_names(product or short, (substance,), (*forms, *stated[:1])),
        language=language,
        country="EU",
        holder=own["7"][0].split("\n")[0] if own["7"] else None,
        text=text,
        passages=passages,
    )


def _smpc(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines of Annex I without page numbers; a sentence that a page break cuts is put back on the page it begins on."""
    inside = False
    held: Line | None = None
    for line in lines:
        text = canonical(line.text)
        if _BEGIN.match(text):
            inside = True
        elif inside and _END.match(text):
            break
        elif not inside or not text or _PAGE_NUMBER.match(text):
            continue
        elif held and held.page != line.page and not text[0].isupper() and held.text[-1] not in ".:;!?":
            held = Line(f"{held.text} {text}", held.page)
        else:
            if held:
                yield held
            held = Line(text, line.page)
    if held:
        yield held


def _blocks(lines: Iterable[Line]) -> Iterator[Block]:
    """Numbered titles count only in the order of the SmPC, so that numbered steps in the text are not taken for sections."""
    expected = list(taxonomy().smpc_titles)
    held = list(lines)
    number = ""
    for line, following in zip(held, [*held[1:], Line("", None)], strict=True):
        opened = _section(line.text, expected)
        if opened:
            number = opened
            del expected[: expected.index(number) + 1]
            size = _title_length(line.text, number)
            yield Heading(line.text[:size], 2 if "." in number else 1, number)
            yield Paragraph(line.text[size:], line.page)
        elif _is_subtitle(line.text, following.text, number):
            yield Heading(line.text, 3)
        else:
            yield line_block(line.text, line.page)


def _section(text: str, expected: list[str]) -> str | None:
    found = _NUMBERED.match(text)
    if not found or found[1] not in expected:
        return None
    title = fold(found[2])
    if found[2].isupper() and "." not in found[1]:
        return found[1]
    return found[1] if any(title.startswith(fold(known)[:_AGREEING]) for known in taxonomy().smpc_titles[found[1]]) else None


def _title_length(text: str, number: str) -> int:
    """Where the title ends when the first words of the section run on in its line."""
    for known in taxonomy().smpc_titles[number]:
        at = fold(text).find(fold(known))
        if 0 <= at < 6 and text[at + len(known) :].strip()[:1].isupper():
            return at + len(known)
    return len(text)


def _is_subtitle(text: str, following: str, number: str) -> bool:
    """A short line over a full paragraph. In tables, flattened to short lines, only the name of a topic is believed."""
    if not is_subtitle(text) or not following[:1].isupper() or "." in text:
        return False
    if number in _TABULAR:
        return bool(topics_of_heading(text))
    return len(following) > SUBTITLE_LENGTH // 2
