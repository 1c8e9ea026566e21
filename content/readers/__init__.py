"""The one door to content: a file in any supported format becomes an `Edition`.

Deciding on a format is deterministic and looks at the bytes before the name. Nothing is ever fetched; XML and HTML are
parsed without network, DTD or entities; files beyond `MAX_BYTES` are refused.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from content.model import Edition, UnreadableContent
from content.readers import ansm, deck, ema, fhir, markdown, openfda, pdf, register, spl
from content.readers.markup import parse_xml

MAX_BYTES = 64 * 1024 * 1024
SUFFIXES = (".md", ".markdown", ".json", ".json.gz", ".html", ".htm", ".xml", ".pdf", ".txt")
_FIRST_PAGES = 20_000
_NOT_CONTENT = frozenset({"readme", "sources", "index", "license", "licence", "changelog", "notice", "robots"})


def read(path: Path) -> Edition:
    """Read one document of any supported format.

    Raises `UnreadableContent` with a stable code: `missing`, `too_large`, `empty`, `unknown_format`, `not_a_label`,
    `several_labels`, `bad_front_matter`, `broken_gzip`, `broken_json`, `broken_xml`, `broken_pdf`, `encrypted`,
    `too_many_pages`, `page_too_large`, `too_deep`, `bad_description`, `bad_register`.
    """
    stored = _bytes_of(path)
    digest = hashlib.sha256(stored).hexdigest()
    source = _unzipped(stored) if stored[:2] == b"\x1f\x8b" else stored
    head = source[:_FIRST_PAGES].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise UnreadableContent("empty", path.name)
    try:
        edition = _dispatch(path, source, head, digest)
    except RecursionError as error:
        raise UnreadableContent("too_deep", path.name) from error
    return register.completed(edition, path)


def _dispatch(path: Path, source: bytes, head: bytes, digest: str) -> Edition:
    if head.startswith((b"{", b"[")):
        return _json(source, digest)
    if head.startswith(b"---"):
        return markdown.read(source, digest)
    if head.startswith(b"<"):
        return _markup(path, source, digest)
    if head.startswith(b"%PDF"):
        return _pdf(path, source, digest)
    if path.name.lower().endswith(".txt") and ema.looks_like(source[:_FIRST_PAGES].decode("utf-8", "replace")):
        return ema.read_text(source, digest)
    raise UnreadableContent("unknown_format", path.name)


def _pdf(path: Path, source: bytes, digest: str) -> Edition:
    """A described PDF is a deck, one that announces an SmPC is a label, any other is a deck yet to be described."""
    description = path.with_name(path.name[: -len(path.suffix)] + ".deck.yaml")
    if description.exists():
        return deck.read(source, _bytes_of(description), path.stem)
    with pdf.opened(source) as document:
        first = "\n".join(line for page in range(min(3, len(document))) for line in pdf.page_lines(document, page))
    return ema.read_pdf(source, digest) if ema.looks_like(first) else deck.read(source, None, path.stem)


def _markup(path: Path, source: bytes, digest: str) -> Edition:
    if ansm.looks_like(source):
        return ansm.read_page(source, digest)
    if source.lstrip()[:5] == b"<?xml" or path.name.lower().endswith(".xml"):
        root = parse_xml(source)
        if root.tag == "{http://hl7.org/fhir}Bundle":
            return fhir.from_xml(root, digest)
        if root.tag == f"{{{spl.NAMESPACE}}}document":
            return spl.read(root, digest)
    raise UnreadableContent("not_a_label", "markup of another kind")


def find(paths: Iterable[Path]) -> list[Path]:
    """The documents among files and folders, sorted, each once. A file named outright is taken as it is.

    In folders READMEs, indexes, registers, hidden files and the sources of a deck (what shares its name) are left out.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found |= dict.fromkeys(file for file in sorted(path.rglob("*")) if file.is_file() and _is_content(file, path))
        else:
            found[path] = None
    return sorted(found)


def _is_content(file: Path, root: Path) -> bool:
    name = file.name.lower()
    if any(part.startswith(".") for part in file.relative_to(root).parts):
        return False
    suffix = next((s for s in sorted(SUFFIXES, key=len, reverse=True) if name.endswith(s)), None)
    if suffix is None or name.removesuffix(suffix) in _NOT_CONTENT:
        return False
    is_deck_source = suffix != ".pdf" and file.with_name(file.name[: -len(suffix)] + ".deck.yaml").exists()
    return not is_deck_source


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableContent("too_large", path.name)
        return path.read_bytes()
    except OSError as error:
        raise UnreadableContent("missing", f"{path.name}: {error.strerror}") from error


def _unzipped(stored: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(stored)) as stream:
            source = stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableContent("broken_gzip", str(error)) from error
    if len(source) > MAX_BYTES:
        raise UnreadableContent("too_large", "unpacked")
    return source


def _json(source: bytes, digest: str) -> Edition:
    try:
        data: Any = json.loads(source)
    except (ValueError, RecursionError) as error:
        raise UnreadableContent("broken_json", str(error)) from error
    match data:
        case {"results": _}:
            return openfda.read(data, digest)
        case {"resourceType": "Bundle"}:
            return fhir.read(data, digest)
        case {"source": _, "content": list()}:
            return ansm.read_blocks(data, digest)
    raise UnreadableContent("not_a_label", "JSON of another kind")
