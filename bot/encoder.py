"""What turns sentences into vectors, when an installation brings it: one interface, and a model from a local folder behind it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

LONGEST = 256  # tokens read of one text: sentences are shorter, and what a table says stands in its first rows
_POOLED = "sentence_embedding"  # the output of models that pool by themselves; others give a vector a token
_INPUTS = frozenset({"input_ids", "attention_mask", "token_type_ids"})


class UnusableEncoder(Exception):
    """Why an encoder cannot be used, in words for whoever chose it."""


class Encoder(Protocol):
    """Turns texts into vectors whose product says how near they are in meaning."""

    @property
    def name(self) -> str:
        """What the vectors depend on, as one digest: kept vectors of another name are not used."""

    def encode(self, texts: Sequence[str], role: str = "document") -> Vectors:
        """One row of unit length a text, the same whatever stands beside it; `role` is `query` or `document`."""


class OnnxEncoder:
    """A sentence encoder in a folder: one `.onnx` file, `tokenizer.json`, and what sentence-transformers keeps beside them.

    Read when there: `1_Pooling/config.json` (first token instead of the mean) and the prompts of
    `config_sentence_transformers.json`. Raises `UnusableEncoder`.
    """

    def __init__(self, folder: Path) -> None:
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise UnusableEncoder(f"an encoder needs the packages of the extra `encoder` in pyproject.toml ({error})") from error
        model = _model(folder)
        tokenizer = folder / "tokenizer.json"
        if not tokenizer.is_file():
            raise UnusableEncoder(f"{folder} holds no tokenizer.json")
        settings = [folder / "1_Pooling" / "config.json", folder / "config_sentence_transformers.json"]
        pooling, prompts = map(_settings, settings)
        self._first_token = bool(pooling.get("pooling_mode_cls_token"))
        self._prompts: dict[str, str] = prompts.get("prompts") or {}
        self._name = _digest(onnxruntime.__version__, [*sorted(model.parent.glob("*.onnx*")), tokenizer, *settings])
        options = onnxruntime.SessionOptions()
        # One thread in one order: sums of fractions depend on the order of their parts.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.use_deterministic_compute = True
        try:
            self._session: Any = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # both libraries raise whatever they like
            raise UnusableEncoder(f"{folder} cannot be loaded: {error}") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        self._inputs = [given.name for given in self._session.get_inputs()]
        outputs = [given.name for given in self._session.get_outputs()]
        self._output = _POOLED if _POOLED in outputs else outputs[0]
        if unknown := sorted(set(self._inputs) - _INPUTS):
            raise UnusableEncoder(f"{model} asks for {', '.join(unknown)}: this is no encoder of sentences")
        try:
            self.encode(["Relais"])
        except Exception as error:
            raise UnusableEncoder(f"{model} does not turn a sentence into a vector: {error}") from error

    @property
    def name(self) -> str:
        """Digest of the files and of the program that runs them."""
        return self._name

    def encode(self, texts: Sequence[str], role: str = "document") -> Vectors:
        """One row of unit length a text. Texts go one by one: in company a quantised model scales them by one another."""
        return np.stack([self._one(self._prompts.get(role, "") + text) for text in texts])

    def _one(self, text: str) -> Vectors:
        read = self._tokenizer.encode(text)
        given = {"input_ids": read.ids, "attention_mask": read.attention_mask, "token_type_ids": read.type_ids}
        (found,) = self._session.run([self._output], {name: np.array([given[name]], dtype=np.int64) for name in self._inputs})
        tokens = found[0] if found.ndim == 3 else found
        vector = tokens[0] if self._first_token else tokens.mean(axis=0)
        length = np.linalg.norm(vector)
        if vector.ndim != 1 or not np.isfinite(length):
            raise ValueError(f"{self._output} has the shape {found.shape} and the length {length}")
        return np.asarray(vector / (length or 1.0), dtype=np.float32)


def _model(folder: Path) -> Path:
    if not folder.is_dir():
        raise UnusableEncoder(f"{folder} is no folder")
    models = sorted({*folder.glob("*.onnx"), *folder.glob("onnx/*.onnx")})
    if len(models) != 1:
        names = ", ".join(path.name for path in models) or "none"
        raise UnusableEncoder(f"{folder} has to hold exactly one .onnx file, here or in onnx/: found {names}")
    return models[0]


def _settings(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    except ValueError as error:
        raise UnusableEncoder(f"{path} is no JSON: {error}") from error
    return found if isinstance(found, dict) else {}


def _digest(version: str, files: Sequence[Path]) -> str:
    digest = hashlib.sha256(f"{version} {LONGEST}".encode())
    for path in files:
        if path.is_file():
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
