"""Our retrieval and our reading of questions beside plain methods, on the same questions in one run.

    python -m tests.bench.language QUESTIONS.jsonl --content PATH… [--root DIR] [--encoder FOLDER]

Questions as in the contract of `python -m bot reply`, with `kind`, `doc`, `sections` and `evidence` (those of kind `answer` are
used); `--root` is what their `doc` is relative to, `--encoder` adds a line for the assistant with a sentence encoder. Needs the
packages of the group `bench`: bm25s, tantivy, scikit-learn.
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import intents
from bot import Library, cache, reply
from bot.encoder import OnnxEncoder
from bot.meaning import Memory
from bot.model import Answer, Turn
from bot.reading import read
from bot.words import STEMS, words
from content import readers
from content.model import Edition, Passage, UnreadableContent
from content.sections import Topic, codes_for

FOUND = 0.8  # share of the three-word runs of the evidence that an answer must hold
PASSAGES = 5  # as many as an answer may cite

Place = tuple[str, str, str]  # document, section, text


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with what is expected of its answer."""

    text: str
    context: tuple[Turn, ...]
    document: Path
    sections: tuple[str, ...]
    evidence: tuple[str, ...]


def questions(file: Path, root: Path) -> list[Asked]:
    """The questions of a file that a document answers."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    return [
        Asked(
            row["question"],
            tuple(Turn(turn["role"], turn["text"]) for turn in row.get("context") or ()),
            _document(row["doc"], root),
            tuple(row["sections"]),
            tuple(row["evidence"]),
        )
        for row in rows
        if row["kind"] == "answer"
    ]


def _document(reference: str, root: Path) -> Path:
    """The file meant; a record of a collection (`notices.jsonl.gz#cis=N`) is the Markdown file made of it."""
    path, _, record = reference.partition("#cis=")
    file = root / path
    return (
        next(file.parent.with_name(f"{file.parent.name}_md").glob(f"{record}_*.md"), file).resolve() if record else file.resolve()
    )


def ours(library: Library) -> Callable[[Asked], list[Place]]:
    """The assistant itself."""

    def find(asked: Asked) -> list[Place]:
        item = reply(asked.text, library, context=asked.context)
        return [(c.document, c.section, c.text) for c in item.citations] if isinstance(item, Answer) else []

    return find


def plain_bm25(passages: Sequence[tuple[str, Passage]], texts: Sequence[str]) -> Callable[[Asked], list[Place]]:
    """bm25s over whole passages, each with its product and titles; folded and stemmed words, nothing else."""
    engine = importlib.import_module("bm25s").BM25()
    engine.index([_stemmed(text) for text in texts], show_progress=False)

    def find(asked: Asked) -> list[Place]:
        numbers, _ = engine.retrieve([_stemmed(_spoken(asked))], k=PASSAGES, show_progress=False)
        return [_place(passages[number]) for number in numbers[0].tolist()]

    return find


def tantivy_search(passages: Sequence[tuple[str, Passage]], texts: Sequence[str]) -> Callable[[Asked], list[Place]]:
    """tantivy over the same texts and words."""
    tantivy = importlib.import_module("tantivy")
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("text", stored=False, tokenizer_name="whitespace")
    schema.add_unsigned_field("number", stored=True)
    index = tantivy.Index(schema.build())
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for number, text in enumerate(texts):
        writer.add_document(tantivy.Document(text=" ".join(_stemmed(text)), number=number))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def find(asked: Asked) -> list[Place]:
        query = index.parse_query(" ".join(re.sub(r"\W", "", word) for word in _stemmed(_spoken(asked))), ["text"])
        hits = searcher.search(query, PASSAGES).hits
        return [_place(passages[searcher.doc(address)["number"][0]]) for _, address in hits]

    return find


def _place(passage: tuple[str, Passage]) -> Place:
    return passage[0], passage[1].section, passage[1].text


def _spoken(asked: Asked) -> str:
    """A follow-up is searched with the question before it, as any engine would need."""
    return " ".join([*(turn.text for turn in asked.context if turn.role == "hcp"), asked.text])


def _stemmed(text: str) -> list[str]:
    return [STEMS["fr"](word) for word in words(text)]


def compared(name: str, find: Callable[[Asked], list[Place]], asked: Sequence[Asked]) -> str:
    """One line of the table: right document, section and answer, length and time."""
    document = section = answer = length = 0
    started = time.perf_counter()
    for one in asked:
        places = find(one)
        texts = [text for _, _, text in places]
        here = bool(places) and Path(places[0][0]).resolve() == one.document
        document += here
        section += here and _same(places[0][1], one.sections)
        answer += all(_share(evidence, texts) >= FOUND for evidence in one.evidence)
        length += sum(len(text.split()) for text in texts)
    each = (time.perf_counter() - started) / len(asked)
    shares = " | ".join(f"{count / len(asked):.0%}" for count in (document, section, answer))
    return f"| {name} | {shares} | {length // len(asked)} | {each * 1000:.1f} |"


def _same(section: str, expected: Sequence[str]) -> bool:
    return any(section == one or section.startswith(f"{one}.") or one.startswith(f"{section}.") for one in expected)


def _share(evidence: str, texts: Sequence[str]) -> float:
    held = {run for text in texts for run in _runs(text)}
    wanted = _runs(evidence)
    return sum(run in held for run in wanted) / len(wanted)


def _runs(text: str) -> list[tuple[str, ...]]:
    cut = re.findall(r"\w+", text.lower().replace("’", "'"))
    return [tuple(cut[place : place + 3]) for place in range(max(1, len(cut) - 2))]


def section_readers(library: Library) -> list[tuple[str, Callable[[Asked], Topic | None]]]:
    """Our reading of what is asked, and a classifier trained on the same example sentences."""
    pipeline = importlib.import_module("sklearn.pipeline")
    tfidf = importlib.import_module("sklearn.feature_extraction.text").TfidfVectorizer
    regression = importlib.import_module("sklearn.linear_model").LogisticRegression(C=10, max_iter=2000)
    union = pipeline.make_union(tfidf(ngram_range=(1, 2)), tfidf(analyzer="char_wb", ngram_range=(2, 5)))
    model: Any = pipeline.make_pipeline(union, regression)
    examples = [
        (sentence.replace("{x}", ""), topic)
        for file in ("sentences", "sentences_more")
        for topic, entry in intents.load(file).items()
        for language in ("fr", "en")
        for sentence in entry[language]
    ]
    model.fit([sentence for sentence, _ in examples], [topic for _, topic in examples])

    def our_reading(asked: Asked) -> Topic | None:
        return next(iter(read(asked.text, library, asked.context, None).asked), None)

    def trained(asked: Asked) -> Topic | None:
        return Topic(model.predict([asked.text])[0])

    return [("concepts and learnt sections (ours)", our_reading), ("tf-idf + logistic regression", trained)]


def main() -> None:
    """Prints both tables in Markdown."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.language", description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--content", nargs="+", type=Path, required=True)
    parser.add_argument("--root", type=Path, default=Path(".."))
    parser.add_argument("--encoder", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    asked = questions(arguments.questions, arguments.root)
    editions = list(_editions(arguments.content))
    library = Library.of(editions)
    passages = [(reference, passage) for reference, edition in editions for passage in edition.passages]
    texts = [
        " ".join([edition.product, *edition.substances, *passage.path, passage.text])
        for _, edition in editions
        for passage in edition.passages
    ]
    print("| retrieval | right document | right section | right answer | words | ms |\n|---|---|---|---|---|---|")
    print(compared("the assistant", ours(library), asked))
    if arguments.encoder:
        meaning = Memory(OnnxEncoder(arguments.encoder), cache.folder() / "vectors").meaning(library.sources)
        print(compared("the assistant with the encoder", ours(library.understood(meaning)), asked))
    print(compared("BM25 over passages (bm25s)", plain_bm25(passages, texts), asked))
    print(compared("BM25 over passages (tantivy)", tantivy_search(passages, texts), asked))
    print("\n| reading of the section | right |\n|---|---|")
    for name, topic_of in section_readers(library):
        right = sum(
            (topic := topic_of(one)) is not None and any(_same(code, one.sections) for code in codes_for(topic)) for one in asked
        )
        print(f"| {name} | {right / len(asked):.0%} |")


def _editions(paths: Sequence[Path]) -> list[tuple[str, Edition]]:
    found = []
    for file in readers.find(paths):
        try:
            found.append((str(file), readers.read(file)))
        except UnreadableContent as error:
            print(f"skipped {file}: {error}")
    return found


if __name__ == "__main__":
    main()
