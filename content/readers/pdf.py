"""PDF files: opened within limits, their text page by page. PDFium is not thread-safe: one thread at a time."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw

from content.model import UnreadableContent

MAX_PAGES = 300
MAX_PAGE_PIXELS = 50_000_000
FULL_WIDTH = 1600

_INN_TITLE = re.compile(r"^(?P<product>.+?),\s*INN-(?P<substance>.+)$")


@contextlib.contextmanager
def opened(source: bytes) -> Iterator[pdfium.PdfDocument]:
    """An open document of 1 to 300 pages; raises `encrypted`, `broken_pdf`, `too_many_pages`, `page_too_large`."""
    try:
        document = pdfium.PdfDocument(source)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        locked = code in (pdfium_raw.FPDF_ERR_PASSWORD, pdfium_raw.FPDF_ERR_SECURITY)
        raise UnreadableContent("encrypted" if locked else "broken_pdf", str(error)) from error
    try:
        _check(document)
        yield document
    finally:
        document.close()


def _check(document: pdfium.PdfDocument) -> None:
    if len(document) > MAX_PAGES:
        raise UnreadableContent("too_many_pages", f"{len(document)} pages")
    for index in range(len(document)):
        try:
            width, height = document.get_page_size(index)
        except pdfium.PdfiumError as error:
            raise UnreadableContent("broken_pdf", f"page {index + 1}") from error
        if width <= 0 or height <= 0:
            raise UnreadableContent("broken_pdf", f"page {index + 1} has no area")
        if FULL_WIDTH * FULL_WIDTH * height / width > MAX_PAGE_PIXELS:
            raise UnreadableContent("page_too_large", f"page {index + 1}")


def page_lines(document: pdfium.PdfDocument, index: int) -> list[str]:
    """The lines of a page (from 0) as they were before wrapping: PDFium ends a wrapped line with a space."""
    try:
        page = document[index]
        text_page = page.get_textpage()
        text = text_page.get_text_bounded()
        text_page.close()
        page.close()
    except pdfium.PdfiumError as error:
        raise UnreadableContent("broken_pdf", f"page {index + 1}") from error
    lines: list[str] = []
    wrapped = False
    for line in text.replace("\x02", "-").split("\r\n"):
        if wrapped and line.strip():
            lines[-1] += line
        elif line.strip():
            lines.append(line)
        wrapped = line.endswith(" ") and bool(line.strip())
    return lines


def inn_title(document: pdfium.PdfDocument) -> tuple[str, str]:
    """Product and substance from the title the EMA gives its files (“Zypadhera, INN-olanzapine pamoate”), else empty."""
    found = _INN_TITLE.match(str(document.get_metadata_dict().get("Title", "")))
    return (found["product"], found["substance"]) if found else ("", "")
