"""A server with an encoder: what it learns in the background, and that nobody waits for it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from furnished import Room

from bot.encoder import Vectors
from server.__main__ import main
from server.settings import Settings

ASKED = {"text": "Allopurinol et allaitement ?", "language": "fr"}


class Slow:
    """An encoder that encodes documents only once it is let, and notes the questions it is given."""

    name = "slow" * 8

    def __init__(self) -> None:
        self.begun, self.let, self.fails = Event(), Event(), False
        self.questions: list[str] = []

    def encode(self, texts: Sequence[str], role: str = "document") -> Vectors:
        if role == "query":
            self.questions.extend(texts)
        else:
            self.begun.set()
            self.let.wait(10)
            if self.fails:
                raise ArithmeticError
        return np.ones((len(texts), 1), dtype=np.float32)


@pytest.fixture
def encoder() -> Iterator[Slow]:
    slow = Slow()
    yield slow
    slow.let.set()


@pytest.fixture
def settings(settings: Settings, encoder: Slow, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a server with this encoder."""
    monkeypatch.setattr("server.app.OnnxEncoder", lambda folder: encoder)
    return replace(settings, encoder=Path("an encoder"))


async def answered(room: Room) -> int:
    """Asks, and says how many citations come back."""
    asked = len(room.hcp.bodies("reply_given"))
    await room.hcp.call("ask_question", ASKED)
    return len((await room.hcp.hears("reply_given", times=asked + 1))["citations"])


@pytest.mark.usefixtures("label")
async def test_questions_are_answered_while_the_encoder_learns(room: Room, encoder: Slow) -> None:
    """Fails when the library is given out only with its meanings."""
    assert await answered(room)

    assert await asyncio.to_thread(encoder.begun.wait, 10)
    assert encoder.questions == []


@pytest.mark.usefixtures("label")
async def test_once_learnt_the_encoder_reads_the_questions_too(room: Room, encoder: Slow) -> None:
    await answered(room)
    encoder.let.set()

    async with asyncio.timeout(10):
        while not encoder.questions:
            assert await answered(room)

    assert set(encoder.questions) == {ASKED["text"]}


@pytest.mark.usefixtures("label")
async def test_an_encoder_that_fails_leaves_the_answers_by_words(room: Room, encoder: Slow) -> None:
    encoder.fails = True
    encoder.let.set()

    assert await answered(room)
    assert await answered(room)
    assert encoder.questions == []


def test_a_server_whose_encoder_cannot_be_used_says_why_and_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["server", "serve"])
    monkeypatch.setenv("RELAIS_FOLDER", str(tmp_path))
    monkeypatch.setenv("RELAIS_ENCODER", str(tmp_path / "nowhere"))

    assert main() == 1
    assert f"Relais does not start: {tmp_path / 'nowhere'} is no folder" in capsys.readouterr().err
