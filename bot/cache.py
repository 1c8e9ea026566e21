"""The index of a set of documents, kept on disk for the next run of the command line: JSON and arrays, nothing that can run.

A cached library is the same as a fresh one. Its file is named after the bytes of the documents, of what stands beside them and
of the code that reads and indexes them, so that a change of any of these asks for another file.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import Stemmer
from pydantic import TypeAdapter, ValidationError

from bot.indexing import Source
from bot.library import Library
from content.model import Edition
from content.readers import register
from content.sections import Topic

KEPT = 6  # sets of documents whose index is kept: the latest used
_CODE = Path(__file__).parents[1]
_ARRAYS = tuple(field.name for field in fields(Source) if field.name not in ("reference", "edition", "topics"))
_EDITIONS = TypeAdapter(tuple[Edition, ...])

Array = npt.NDArray[Any]


def folder() -> Path:
    """Where indexes are kept: `RELAIS_CACHE`, else the user's cache folder."""
    if own := os.environ.get("RELAIS_CACHE"):
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "relais"


def key(files: Sequence[Path]) -> str:
    """What the index of these files depends on, as one digest."""
    digest = hashlib.sha256(_code().encode())
    for file in files:
        digest.update(f"\0{file}\0".encode())
        for path in (file, file.with_name(file.name.removesuffix(file.suffix) + ".deck.yaml")):
            digest.update(_bytes(path))
    for near in sorted({parent / register.NAME for file in files for parent in file.resolve().parents[:2]}):
        digest.update(_bytes(near))
    return digest.hexdigest()


@cache
def _code() -> str:
    digest = hashlib.sha256(f"{np.__version__} {Stemmer.version()}".encode())
    indexing = [_CODE / "bot" / name for name in ("cache.py", "indexing.py", "library.py", "words.py")]
    reading = sorted(
        path for path in (_CODE / "content").rglob("*") if path.suffix in (".py", ".yaml") and "samples" not in path.parts
    )
    for path in (*indexing, *reading):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _bytes(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b""


def load(name: str) -> tuple[Library, list[str]] | None:
    """The library kept under a key with the notes kept with it; None when there is none that can be read."""
    path = folder() / f"{name}.npz"
    try:
        with np.load(path, allow_pickle=False) as file:
            stored = {part: file[part] for part in file.files}
        path.touch()
        return _library(stored)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, ValidationError):
        return None


def save(name: str, library: Library, notes: Sequence[str]) -> None:
    """Keeps a library, and notes for whoever loads it; a folder that cannot be written is no reason to stop."""
    stored = {part: np.concatenate([getattr(source, part) for source in library.sources]) for part in _ARRAYS if library.sources}
    stored |= {f"size {part}": np.array([len(getattr(source, part)) for source in library.sources]) for part in _ARRAYS}
    stored |= {f"frequency {language}": counts for language, counts in library.frequencies.items()}
    topics = [json.dumps(about) for source in library.sources for about in source.topics]
    kinds = {about: number for number, about in enumerate(dict.fromkeys(topics))}
    stored["topics"] = np.array([kinds[about] for about in topics], dtype=np.int32)
    texts = {
        "references": [source.reference for source in library.sources],
        "topics": [json.loads(about) for about in kinds],
        "vocabulary": list(library.vocabulary),
        "passages": library.passages,
        "notes": list(notes),
    }
    stored["texts"] = np.frombuffer(json.dumps(texts).encode(), dtype=np.uint8)
    stored["editions"] = np.frombuffer(_EDITIONS.dump_json(tuple(source.edition for source in library.sources)), dtype=np.uint8)
    try:
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=folder(), suffix=".part", delete=False) as file:
            np.savez(file, **stored)  # type: ignore[arg-type]
        Path(file.name).replace(folder() / f"{name}.npz")
        for old in sorted(folder().glob("*.npz"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        return


def _library(stored: dict[str, Array]) -> tuple[Library, list[str]]:
    texts = json.loads(stored["texts"].tobytes())
    editions = _EDITIONS.validate_json(stored["editions"].tobytes())
    columns = {part: _cut(stored, part) for part in _ARRAYS}
    kinds = [{Topic(topic): sure for topic, sure in about.items()} for about in texts["topics"]]
    topics = (kinds[number] for number in stored["topics"].tolist())
    sources = tuple(
        Source(
            reference=reference,
            edition=edition,
            topics=tuple(islice(topics, len(edition.passages))),
            **{part: columns[part][place] for part in _ARRAYS},
        )
        for place, (reference, edition) in enumerate(zip(texts["references"], editions, strict=True))
    )
    frequencies = {part.removeprefix("frequency "): stored[part] for part in stored if part.startswith("frequency ")}
    vocabulary = {term: number for number, term in enumerate(texts["vocabulary"])}
    return Library(sources, vocabulary, frequencies, texts["passages"]), texts["notes"]


def _cut(stored: dict[str, Array], part: str) -> list[Array]:
    ends = np.cumsum(stored[f"size {part}"])
    return np.split(stored[part], ends[:-1]) if len(ends) else []
