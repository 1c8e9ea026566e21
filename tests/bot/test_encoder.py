"""An optional encoder: what it may change in a reply and what not, how vectors are kept, what is said of a broken one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from conftest import edition
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from bot import Library, reply
from bot.__main__ import as_json
from bot.encoder import Encoder, OnnxEncoder, UnusableEncoder, Vectors
from bot.meaning import STEP, Memory
from bot.model import Handover
from bot.reading import read
from bot.retrieval import rank
from content.model import Kind

ROOT = Path(__file__).parents[2]
# Words in one line mean the same to the model of these tests.
MEANINGS = ["picotements fourmillements", "ongles", "peau", "relais document query"]
SIDE_EFFECTS = (
    "Des atteintes des ongles ont été rapportées chez certains patients traités.",
    "Des atteintes de la peau ont été rapportées chez certains patients traités.",
    "Des fourmillements ont été rapportés chez certains patients traités.",
)
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
QUESTION = "Nortavel effets indésirables type picotements"


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model of a few hundred bytes: a table of word vectors and its tokenizer."""
    folder = tmp_path_factory.mktemp("model")
    words = {"[UNK]": 0} | {word: row for row, line in enumerate(MEANINGS, 1) for word in line.split()}
    numbers = {word: number for number, word in enumerate(words)}
    rows = np.zeros((len(words), len(MEANINGS) + 1), dtype=np.float32)
    rows[list(numbers.values()), list(words.values())] = 1.0
    rows[0] = 0.1
    tokenizer = Tokenizer(models.WordLevel(numbers, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["rows", "input_ids"], ["last_hidden_state"]),
            helper.make_node("Constant", [], ["pooler_output"], value=numpy_helper.from_array(np.eye(1, 5, dtype=np.float32))),
        ],
        "encoder",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"]) for name in INPUTS],
        [
            helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", rows.shape[1]]),
            helper.make_tensor_value_info("pooler_output", TensorProto.FLOAT, [1, 5]),
        ],
        [numpy_helper.from_array(rows, "rows")],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), folder / "model.onnx")
    return folder


@pytest.fixture
def own_model(model: Path, tmp_path: Path) -> Path:
    """A copy of the model, to be damaged."""
    return Path(shutil.copytree(model, tmp_path / "own"))


@pytest.fixture
def side_effects() -> Library:
    """A medicine whose side effects stand in three sentences that words alone cannot tell apart."""
    passage = ("4.8", ("4.8. Effets indésirables",), " ".join(SIDE_EFFECTS))
    return Library.of([("nortavel.fr", edition("NORTAVEL 5 mg, comprimé", "Nortavanil", "fr", Kind.SMPC, [passage]))])


class Counting:
    """An encoder that sees no difference between texts, and counts what it was given."""

    name = "counting" * 4

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str], role: str = "document") -> Vectors:
        self.encoded.extend(texts)
        return np.ones((len(texts), 1), dtype=np.float32)


def many_sentences(count: int) -> Library:
    text = " ".join(f"Des vertiges ont été rapportés chez {number} patients traités." for number in range(count))
    return Library.of([("many", edition("NORTAVEL", "Nortavanil", "fr", Kind.SMPC, [("4.8", ("4.8. Effets",), text)]))])


def understood(library: Library, encoder: Encoder, folder: Path) -> Library:
    return library.understood(Memory(encoder, folder).meaning(library.sources))


def best(library: Library) -> str:
    """The sentence of the side effects that scores highest."""
    asked = read(QUESTION, library, (), None)
    ranked = rank(asked, library.sources[0], library, asked.concepts)
    return ranked.source.text(int(ranked.scores.argmax()))


def as_bytes(question: str, library: Library) -> bytes:
    return json.dumps(as_json(reply(question, library)), ensure_ascii=False).encode()


def test_the_sentence_nearest_in_meaning_goes_first(side_effects: Library, model: Path, tmp_path: Path) -> None:
    """Fails when `MEANING` is zero: the order is then that of the words."""
    assert best(side_effects) == SIDE_EFFECTS[0]
    assert best(understood(side_effects, OnnxEncoder(model), tmp_path)) == SIDE_EFFECTS[2]


@pytest.mark.parametrize(
    "question", ["dose max de nortavel", "nortavel + lithium", "nortavel et grossesse", "nortavel goût du comprimé", "veliprax"]
)
def test_an_encoder_that_sees_no_difference_changes_no_byte(library: Library, question: str, tmp_path: Path) -> None:
    """Fails when the products themselves are added, which are never zero, instead of where they stand in their edition."""
    assert as_bytes(question, understood(library, Counting(), tmp_path)) == as_bytes(question, library)


def test_the_evidence_of_a_reply_names_the_encoder_that_took_part(library: Library, tmp_path: Path) -> None:
    encoder = Counting()

    assert reply("dose max de nortavel", understood(library, encoder, tmp_path)).reading.evidence["encoder"] == encoder.name
    assert "encoder" not in reply("dose max de nortavel", library).reading.evidence


def test_without_an_encoder_nothing_of_it_is_loaded() -> None:
    """Fails with an import of onnxruntime at the head of `bot/encoder.py`."""
    code = "import sys, bot, bot.encoder, bot.meaning; sys.exit(bool({'onnxruntime', 'tokenizers'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_what_the_documents_do_not_say_is_still_handed_over(side_effects: Library, model: Path, tmp_path: Path) -> None:
    """To this encoder the word asked about is as good as one of the text; whether there is evidence is not its to say."""
    library = understood(side_effects, OnnxEncoder(model), tmp_path)

    assert isinstance(reply("Nortavel donne-t-il des picotements ?", library), Handover)


def test_vectors_are_made_once_for_each_text(library: Library, tmp_path: Path) -> None:
    """Fails when `Memory` reads no file."""
    understood(library, once := Counting(), tmp_path)
    understood(library, again := Counting(), tmp_path)

    assert len(once.encoded) == len(set(once.encoded)) > STEP // 4
    assert again.encoded == []


def test_a_new_text_alone_is_encoded(library: Library, side_effects: Library, tmp_path: Path) -> None:
    understood(library, Counting(), tmp_path)
    understood(side_effects, fresh := Counting(), tmp_path)

    assert fresh.encoded == list(SIDE_EFFECTS)


def test_what_was_encoded_is_kept_when_learning_is_broken_off(tmp_path: Path) -> None:
    """Fails without the `finally` of `learn`."""
    many = many_sentences(STEP * 2)
    steps = Memory(first := Counting(), tmp_path).learn(many.sources)
    assert next(steps) == STEP
    steps.close()
    list(Memory(second := Counting(), tmp_path).learn(many.sources))

    assert len(first.encoded) == STEP
    assert not set(first.encoded) & set(second.encoded)
    assert len(first.encoded + second.encoded) == STEP * 2


def test_a_kept_file_that_cannot_be_read_is_made_again(library: Library, tmp_path: Path) -> None:
    understood(library, Counting(), tmp_path)
    for file in tmp_path.rglob("*.npz"):
        file.write_bytes(file.read_bytes()[:100])
    understood(library, again := Counting(), tmp_path)

    assert again.encoded


def test_vectors_of_another_encoder_are_not_used(library: Library, tmp_path: Path) -> None:
    understood(library, Counting(), tmp_path)
    other = Counting()
    other.name = "another"
    understood(library, other, tmp_path)

    assert other.encoded


def test_a_text_has_the_same_bytes_each_time_and_in_any_company(model: Path) -> None:
    alone, together = OnnxEncoder(model), OnnxEncoder(model)
    texts = list(SIDE_EFFECTS)

    assert together.encode(texts).tobytes() == together.encode(texts).tobytes()
    assert together.encode(texts).tobytes() == b"".join(alone.encode([text]).tobytes() for text in texts)


def test_vectors_have_unit_length(model: Path) -> None:
    assert np.linalg.norm(OnnxEncoder(model).encode(list(SIDE_EFFECTS)), axis=1) == pytest.approx([1.0] * 3)


def test_prompts_and_pooling_of_the_folder_are_followed(own_model: Path) -> None:
    """`query` is a word of the model: put before the text, and with the first token alone taken, it is all that is left."""
    (own_model / "config_sentence_transformers.json").write_text(json.dumps({"prompts": {"query": "query "}}))
    (own_model / "1_Pooling").mkdir()
    (own_model / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_cls_token": True}))
    encoder = OnnxEncoder(own_model)

    assert encoder.encode(["ongles"], "query").tolist() == encoder.encode(["relais"]).tolist()
    assert encoder.encode(["ongles peau"]).tolist() == encoder.encode(["ongles"]).tolist()


def test_a_model_that_pools_by_itself_is_taken_at_its_word(own_model: Path) -> None:
    """Its second output is one vector whatever the text, and no sentence's unless it is named so."""
    changed = onnx.load(own_model / "model.onnx")
    changed.graph.output[1].name = changed.graph.node[1].output[0] = "sentence_embedding"
    onnx.save(changed, own_model / "model.onnx")

    assert OnnxEncoder(own_model).encode(["ongles", "peau"]).tolist() == [[1.0, 0.0, 0.0, 0.0, 0.0]] * 2


def test_another_byte_in_the_folder_makes_another_name(own_model: Path, model: Path) -> None:
    (own_model / "config_sentence_transformers.json").write_text("{}")

    assert OnnxEncoder(own_model).name != OnnxEncoder(model).name


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (shutil.rmtree, "is no folder"),
        (lambda folder: (folder / "model.onnx").unlink(), "exactly one .onnx file, here or in onnx/: found none"),
        (lambda folder: shutil.copy(folder / "model.onnx", folder / "b.onnx"), "found b.onnx, model.onnx"),
        (lambda folder: (folder / "tokenizer.json").unlink(), "holds no tokenizer.json"),
        (lambda folder: (folder / "tokenizer.json").write_text("{"), "cannot be loaded"),
        (lambda folder: (folder / "model.onnx").write_bytes(b"no model"), "cannot be loaded"),
        (lambda folder: (folder / "config_sentence_transformers.json").write_text("{"), "is no JSON"),
    ],
)
def test_a_broken_folder_says_what_is_wrong(own_model: Path, damage: Callable[[Path], object], words: str) -> None:
    damage(own_model)

    with pytest.raises(UnusableEncoder, match=words.replace(".", r"\.")):
        OnnxEncoder(own_model)


def test_a_model_of_something_else_is_refused(own_model: Path) -> None:
    changed = onnx.load(own_model / "model.onnx")
    changed.graph.input[0].name = changed.graph.node[0].input[1] = "pixels"
    onnx.save(changed, own_model / "model.onnx")

    with pytest.raises(UnusableEncoder, match="asks for pixels: this is no encoder of sentences"):
        OnnxEncoder(own_model)


@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers"])
def test_a_missing_package_names_the_extra(package: str, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(UnusableEncoder, match="extra `encoder`"):
        OnnxEncoder(model)


def ask(content: Path, encoder: Path, kept: Path) -> subprocess.CompletedProcess[str]:
    """`python -m bot explain`, in a process of its own."""
    command = [sys.executable, "-m", "bot", "explain", "nortavel dose max", "--content", content, "--encoder", encoder]
    return subprocess.run(command, cwd=ROOT, env={"RELAIS_CACHE": str(kept)}, capture_output=True, text=True, check=False)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    file = tmp_path / "nortavel.md"
    head = 'title: "Nortavel"\nkind: smpc\nproduct: "Nortavel"\nsubstances: ["nortavanil"]\nlanguage: fr\ncountry: FR'
    file.write_text(f"---\n{head}\n---\n\n## 4.2. Posologie\n\nLa dose maximale est de 20 mg par jour.\n", "utf-8")
    return file


def test_the_command_line_encodes_once_and_gives_the_same_bytes(content: Path, model: Path, tmp_path: Path) -> None:
    fresh = ask(content, model, tmp_path / "kept")
    again = ask(content, model, tmp_path / "kept")

    assert "20 mg" in fresh.stdout
    assert fresh.stdout == again.stdout
    assert ("encoding" in fresh.stderr, "encoding" in again.stderr) == (True, False)


def test_the_command_line_says_why_an_encoder_cannot_be_used(content: Path, tmp_path: Path) -> None:
    done = ask(content, tmp_path / "nowhere", tmp_path / "kept")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"{tmp_path / 'nowhere'} is no folder"
