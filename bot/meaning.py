"""How near sentences are in meaning to a question, by an encoder; their vectors are made once for each text and kept."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Generator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.encoder import Encoder, Vectors
from bot.indexing import Source

STEP = 64  # texts encoded at a time: about as long as a server may wait before it stops
FILE = 4096  # texts in a file: what a broken-off run loses at most

Kept = npt.NDArray[np.float16]


class Meaning:
    """The sentences of a library as vectors of one encoder. Immutable; the same question and sentences give the same numbers."""

    def __init__(self, encoder: Encoder, vectors: dict[str, Kept]) -> None:
        self.encoder = encoder.name
        self._vectors = vectors  # reference of a source → a row a sentence
        # An answer ranks several editions against one question.
        self._question = lru_cache(maxsize=1)(lambda text: encoder.encode([text], "query")[0])

    def nearness(self, question: str, source: Source) -> Vectors:
        """For each sentence 0 to 1: the farthest of its edition to the nearest."""
        near = self._vectors[source.reference].astype(np.float32) @ self._question(question)
        low, high = float(near.min()), float(near.max())
        # Three decimals are more than an encoder knows, and less than what sets two processors apart.
        return np.asarray(((near - low) / max(high - low, 1e-3)).round(3), dtype=np.float32)


class Memory:
    """The vectors of one encoder by text, kept in a folder between runs: arrays only, nothing that can run.

    Files are only ever added, each named after what it holds, so several processes may share a folder; it may be deleted.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder, self._folder = encoder, folder / encoder.name[:32]
        self._known: dict[bytes, Kept] = {}
        for path in sorted(self._folder.glob("*.npz")):
            self._known.update(_load(path))

    def learn(self, sources: Sequence[Source]) -> Generator[int]:
        """Encodes the sentences not known yet, a few at each step; yields how many are left. May be broken off at any step."""
        wanted = dict.fromkeys(text for source in sources for text in _texts(source))
        missing = [text for text in wanted if _key(text) not in self._known]
        fresh: dict[bytes, Kept] = {}
        try:
            for done in range(0, len(missing), STEP):
                texts = missing[done : done + STEP]
                fresh.update(zip(map(_key, texts), self._encoder.encode(texts).astype(np.float16), strict=True))
                if len(fresh) >= FILE:
                    self._keep(fresh)
                    fresh = {}
                yield max(0, len(missing) - done - STEP)
        finally:
            self._keep(fresh)

    def meaning(self, sources: Sequence[Source]) -> Meaning:
        """What the sentences of these sources mean; encodes what `learn` has left."""
        for _ in self.learn(sources):
            pass
        return Meaning(
            self._encoder,
            {
                source.reference: np.stack([self._known[_key(text)] for text in _texts(source)])
                for source in sources
                if len(source.spans)
            },
        )

    def _keep(self, fresh: dict[bytes, Kept]) -> None:
        """A folder that cannot be written is no reason to stop."""
        self._known.update(fresh)
        if not fresh:
            return
        texts = np.frombuffer(b"".join(fresh), dtype=np.uint8).reshape(len(fresh), -1)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as file:
                np.savez(file, texts=texts, vectors=np.stack(list(fresh.values())))
            Path(file.name).replace(self._folder / f"{hashlib.sha256(texts.tobytes()).hexdigest()[:32]}.npz")
        except OSError:
            return


def _load(path: Path) -> dict[bytes, Kept]:
    """The vectors of one file; none when it cannot be read: they are made again."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            return dict(zip(map(bytes, file["texts"]), file["vectors"], strict=True))
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return {}


def _texts(source: Source) -> list[str]:
    """The bare sentences: titles are heard as words already, and labels of one substance share most of their sentences."""
    return [source.text(sentence) for sentence in range(len(source.spans))]


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
