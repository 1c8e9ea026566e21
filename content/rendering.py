"""Slides as images: each page of a deck in three widths, one page at a time so that progress can be told."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
from PIL import Image

from content.model import UnreadableContent
from content.readers import pdf

# Width in pixels, WebP quality. Text stays legible at 70 in the jump grid; more than 80 doubles the bytes unseen.
SIZES = ((pdf.FULL_WIDTH, 80), (800, 75), (320, 70))
_WEBP_METHOD = 4


@dataclass(frozen=True, slots=True)
class RenderedSlide:
    """One page, from 1, of `total`, as WebP by width (1600, 800, 320). `height` is that of the widest."""

    number: int
    total: int
    height: int
    images: dict[int, bytes]


def render(source: bytes) -> Iterator[RenderedSlide]:
    """Render a PDF page by page.

    Raises `UnreadableContent` (`encrypted`, `broken_pdf`, `too_many_pages`, `page_too_large`) before the first page,
    or `broken_pdf` at a page that cannot be drawn. Not to be run in two threads at once: PDFium is not thread-safe.
    """
    with pdf.opened(source) as document:
        for index in range(len(document)):
            yield _rendered(document, index)


def _rendered(document: pdfium.PdfDocument, index: int) -> RenderedSlide:
    try:
        page = document[index]
        full = page.render(scale=pdf.FULL_WIDTH / page.get_width()).to_pil().convert("RGB")
        page.close()
    except (pdfium.PdfiumError, ValueError, MemoryError) as error:
        raise UnreadableContent("broken_pdf", f"page {index + 1}") from error
    if full.width != pdf.FULL_WIDTH:
        full = full.resize((pdf.FULL_WIDTH, round(full.height * pdf.FULL_WIDTH / full.width)), Image.Resampling.LANCZOS)
    images = {width: _webp(full, width, quality) for width, quality in SIZES}
    return RenderedSlide(index + 1, len(document), full.height, images)


def _webp(full: Image.Image, width: int, quality: int) -> bytes:
    size = (width, max(1, round(full.height * width / full.width)))
    image = full if width == full.width else full.resize(size, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=quality, method=_WEBP_METHOD)
    return buffer.getvalue()
