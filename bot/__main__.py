"""The assistant on the command line: `python -m bot ask | explain | reply | screen` (DESIGN section 9; see README.md)."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot import Library, cache, reply, screen
from bot.encoder import Encoder, OnnxEncoder, UnusableEncoder
from bot.meaning import Memory
from bot.model import Answer, Clarification, Decline, Handover, Reply, Turn
from content import readers
from content.model import Edition, UnreadableContent

_KINDS = {Answer: "answer", Clarification: "clarify", Handover: "handover", Decline: "decline"}


def _library(arguments: argparse.Namespace) -> Library:
    started = time.perf_counter()
    files = readers.find(arguments.content)
    key = cache.key(files)
    if kept := cache.load(key):
        library, skipped = kept
    else:
        skipped = []
        library = Library.of(_editions(files, skipped))
        cache.save(key, library, skipped)
    for note in skipped:
        print(note, file=sys.stderr)
    if arguments.encoder:
        library = _understood(library, OnnxEncoder(arguments.encoder))
    print(f"{len(library.sources)} documents ready in {time.perf_counter() - started:.1f} s", file=sys.stderr)
    return library


def _understood(library: Library, encoder: Encoder) -> Library:
    memory = Memory(encoder, cache.folder() / "vectors")
    for step, left in enumerate(memory.learn(library.sources)):
        if step % 50 == 0:
            print(f"encoding: {left} sentences left", file=sys.stderr)
    return library.understood(memory.meaning(library.sources))


def _editions(files: list[Path], skipped: list[str]) -> Iterator[tuple[str, Edition]]:
    for number, file in enumerate(files, 1):
        if number % 50 == 0 or number == len(files):
            print(f"reading {number} of {len(files)}", file=sys.stderr)
        try:
            yield str(file), readers.read(file)
        except UnreadableContent as error:
            skipped.append(f"skipped {file}: {error}")


def as_json(item: Reply) -> dict[str, Any]:
    """A reply as the contract of the command line writes it, without `id` and `ms`."""
    return {
        "kind": _KINDS[type(item)],
        "reason": item.reason,
        "lang": item.reading.language,
        "products": list(item.reading.products),
        "sections": list(item.reading.sections),
        "options": list(item.options) if isinstance(item, Clarification) else [],
        "citations": [
            {key: value for key, value in asdict(citation).items() if key != "digest"}
            for citation in (item.citations if isinstance(item, Answer) else ())
        ],
        "safety": list(item.safety.labels),
    }


def _rows(batch: Path) -> Iterator[dict[str, Any]]:
    with batch.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _write(row: dict[str, Any]) -> None:
    print(json.dumps(row, ensure_ascii=False))


def _reply_batch(arguments: argparse.Namespace) -> None:
    library = _library(arguments)
    for row in _rows(arguments.batch):
        context = tuple(Turn(turn["role"], turn["text"]) for turn in row.get("context") or ())
        started = time.perf_counter()
        item = reply(row["question"], library, context=context, language=row.get("lang"))
        elapsed = (time.perf_counter() - started) * 1000
        _write({"id": row["id"], **as_json(item), "ms": round(elapsed, 2)})


def _screen_batch(arguments: argparse.Namespace) -> None:
    for row in _rows(arguments.batch):
        started = time.perf_counter()
        found = asdict(screen(row["text"], speaker=row.get("speaker") or "hcp", language=row.get("lang")))
        elapsed = (time.perf_counter() - started) * 1000
        _write({"id": row["id"], **found, "ms": round(elapsed, 2)})


def _ask(arguments: argparse.Namespace) -> None:
    item = reply(arguments.question, _library(arguments), language=arguments.lang)
    if isinstance(item, Answer):
        for citation in item.citations:
            print(f"{citation.text}\n    {citation.title} — {' › '.join(citation.path)} [{citation.document}]\n")
    else:
        print(f"{_KINDS[type(item)]}: {item.reason}", *(item.options if isinstance(item, Clarification) else ()), sep="\n  ")
    if item.safety.is_report:
        print(f"safety: {', '.join(item.safety.labels)}")


def _explain(arguments: argparse.Namespace) -> None:
    item = reply(arguments.question, _library(arguments), language=arguments.lang)
    row = as_json(item) | {"evidence": item.reading.evidence, "screening": asdict(item.safety)}
    print(json.dumps(row, ensure_ascii=False, indent=2))


def _train(arguments: argparse.Namespace) -> None:
    from bot import asked_training, training

    if arguments.what == "sections":
        if arguments.folds:
            print(*asked_training.measure(arguments.folds), sep="\n")
        else:
            asked_training.train()
    elif arguments.folds:
        print(*training.measure(arguments.also, arguments.folds), sep="\n")
    else:
        training.train(arguments.also)


def _takes_content(command: argparse.ArgumentParser) -> None:
    command.add_argument("--content", nargs="+", type=Path, required=True, metavar="PATH")
    command.add_argument("--encoder", type=Path, metavar="FOLDER", help="a sentence encoder: .onnx file and tokenizer.json")


def main() -> None:
    """Parses the arguments and runs one command."""
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for name, run, text in (
        ("ask", _ask, "one reply, for people"),
        ("explain", _explain, "the reading, the evidence, the scores, the decision"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("question")
        command.add_argument("--lang", choices=("fr", "en"))
        _takes_content(command)
        command.set_defaults(run=run)
    for name, run, text in (
        ("reply", _reply_batch, "one JSON line per question"),
        ("screen", _screen_batch, "one JSON line per message"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("--batch", type=Path, required=True, metavar="FILE.jsonl")
        if name == "reply":
            _takes_content(command)
        command.set_defaults(run=run)
    command = commands.add_parser("train", help="make the weights of the safety screening, or of the reading of sections")
    command.add_argument("what", nargs="?", choices=("safety", "sections"), default="safety")
    command.add_argument(
        "--also", action="append", default=[], type=Path, metavar="FILE.jsonl", help="more labelled messages of safety"
    )
    command.add_argument("--folds", type=int, metavar="N", help="write nothing: measure on messages held out, N times")
    command.set_defaults(run=_train)
    arguments = parser.parse_args()
    try:
        arguments.run(arguments)
    except UnusableEncoder as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
