"""What two processes know of each other, with Redis and without: facts, tickets, presence, the end of credentials, questions.

In a `room` the rep's line is on the second node, and the HCP's on the first.
"""

from __future__ import annotations

import asyncio
import pickle
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import furnished
import pytest
from furnished import Account, Room
from hinting import Redis
from redis.asyncio import Redis as Client
from running import Browser, Line, Relais
from socketio.exceptions import ConnectionError as NotLetIn
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.model import Handover, Reading
from server.conversation.screening import screen
from server.edge import assistant, calls, whereabouts
from server.edge.commands.conversation import conclude
from server.edge.commands.direct import deliver
from server.edge.hints import BYTES_LIMIT, PATIENCE, FactStored, Hints
from server.edge.keys import ACTS, SOCKETS
from server.medical.tables import AdverseEventReport
from server.people.tables import Staff, StaffSession
from server.settings import Settings
from server.store import Transaction, new_id
from server.store.tables import StoredFact

REPORT = "Mon patient de 54 ans a eu une éruption cutanée sous allopurinol."
QUESTION = "Quelle est la posologie de l'allopurinol en cas d'insuffisance rénale ?"
HOW_LATE = 3.0


@pytest.fixture
def away(redis: Redis) -> Iterator[Redis]:
    """A Redis that is there again after the test, whatever the test did to it."""
    yield redis
    redis.go_on()
    redis.kill()
    redis.start()


@pytest.fixture
async def relais(relais: Any) -> Any:
    """Both nodes, and they hear each other."""
    await until(lambda: all(hints_of(node).listening_since < time.monotonic() for node in (relais, relais.other)))
    return relais


def hints_of(node: Relais) -> Hints:
    """The line of a node to the others."""
    hints = node.app[SOCKETS]._hints
    assert hints is not None
    return hints


def shown(line: Line) -> list[int]:
    """The slides that a line heard of, but for the first: somebody may have found that one when they joined."""
    return [body["number"] for body in line.bodies("slide_shown") if body["number"] != 1]


async def until(true: Callable[[], bool]) -> None:
    """Wait for what nobody announces."""
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.02)


def somebody_else(redis: Redis) -> AbstractAsyncContextManager[Any]:
    """Who can write to the channel too, and listen."""
    return Client.from_url(redis.url)


async def test_the_people_of_these_tests_are_on_both_nodes(relais: Any, room: Room) -> None:
    assert [[who.role for who in node.app[SOCKETS]._people.values()] for node in (relais, relais.other)] == [["hcp"], ["rep"]]


async def test_a_fact_is_heard_on_the_other_node_long_before_anybody_looks_at_heads(relais: Any, room: Room) -> None:
    began = time.monotonic()

    for number in range(20):
        await room.rep.call("show_slide", {"number": 2 + number % 3})
    await room.hcp.until(lambda: len(shown(room.hcp)) == 20)

    assert time.monotonic() - began < HOW_LATE * 2
    seqs = [fact["seq"] for fact in room.hcp.facts if fact["stream"] == f"room:{room.detailing_id}"]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))


@pytest.mark.parametrize("how", ["kill", "stand_still"])
async def test_without_redis_commands_are_answered_and_facts_come_by_the_heads(
    how: str, room: Room, relais: Any, away: Redis
) -> None:
    getattr(away, how)()

    began = time.monotonic()
    answers = [await room.rep.call("show_slide", {"number": number}) for number in (2, 3, 4)]
    answered = time.monotonic() - began
    await room.hcp.until(lambda: len(shown(room.hcp)) == 3)

    assert all(answer["ok"] for answer in answers)
    assert answered < HOW_LATE
    assert time.monotonic() - began < HOW_LATE + answered
    assert shown(room.hcp) == [2, 3, 4]


async def test_a_redis_that_comes_back_empty_is_found_again(room: Room, relais: Any, away: Redis) -> None:
    away.kill()
    await room.rep.call("show_slide", {"number": 2})
    await room.hcp.until(lambda: shown(room.hcp) == [2])
    away.start()

    back = time.monotonic()
    await until(lambda: all(back < hints_of(node).listening_since < time.monotonic() for node in (relais, relais.other)))

    await room.rep.call("presenting", {"epoch": 1})
    await room.rep.call("point", {"x": 0.25, "y": 0.5})
    await room.hcp.hears("pointer_moved")
    assert time.monotonic() - back < HOW_LATE


async def test_a_ticket_is_used_once_wherever_it_is_used(relais: Any, room: Room) -> None:
    """Seen to fail with a ticket that is looked up and deleted afterwards."""
    ticket = await room.rep.browser.ticket(detailing_id=room.detailing_id)
    browsers = [Browser(address, "fr") for address in relais.addresses * 2]
    relais._browsers.extend(browsers)

    lines = await asyncio.gather(*(browser.connect("rep", ticket) for browser in browsers), return_exceptions=True)

    assert sorted(isinstance(line, NotLetIn) for line in lines) == [False, True, True, True]


async def test_where_people_look_and_who_presents_is_known_on_the_other_node(room: Room, relais: Any, rep: Account) -> None:
    browser = relais.with_lines_at(0)
    await browser.sign_in(rep.email, furnished.PASSWORD)
    second = await browser.line("rep", detailing_id=room.detailing_id)

    await room.hcp.call("look", {"number": 1, "visible": True})
    await room.rep.call("presenting", {"epoch": 1})

    there = {"participant_id": room.participant_id, "number": 1, "visible": True, "connected": True}
    for line in (room.rep, second):
        await line.until(lambda line=line: there in line.bodies("presence_changed"))
        await line.until(lambda line=line: {"epoch": 1, "connected": True} in line.bodies("lease_seen"))
        (participant,) = (await line.join({}))["snapshot"]["participants"]
        assert (participant["number"], participant["visible"], participant["connected"]) == (1, True, True)
    await room.hcp.close()
    await room.rep.until(lambda: room.rep.bodies("presence_changed")[-1]["connected"] is False)
    await room.rep.close()
    await second.until(lambda: second.bodies("lease_seen")[-1] == {"epoch": 1, "connected": False})


async def test_the_pointer_is_seen_on_the_other_node(relais: Any, room: Room) -> None:
    await room.rep.call("presenting", {"epoch": 1})

    await room.rep.call("point", {"x": 0.25, "y": 0.5})

    assert await room.hcp.hears("pointer_moved") == {"x": 0.25, "y": 0.5}


async def test_whoever_was_on_a_node_that_is_gone_is_not_connected(
    relais: Any, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.hcp.call("look", {"number": 1, "visible": True})
    await room.rep.until(lambda: any(body["visible"] for body in room.rep.bodies("presence_changed")))
    monkeypatch.setattr(whereabouts, "SILENCE", 2.5)

    # As if the HCP's node had lost its power: it says nothing any more, not even that it ends.
    monkeypatch.setattr(hints_of(relais), "tell", lambda _: None)

    await room.rep.until(lambda: room.rep.bodies("presence_changed")[-1]["connected"] is False)


async def test_whoever_was_in_a_call_on_a_node_that_is_gone_is_in_it_no_longer(
    relais: Any, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail, as it must: kept for as long as nobody said otherwise, the HCP stayed in the call for ever."""
    for line in (room.hcp, room.rep):
        await line.call("in_call", {"entry": new_id(), "joins": True, "microphone": True, "camera": True})
    await room.rep.until(lambda: len(room.rep.bodies("call_changed")[-1]["people"]) == 2)
    monkeypatch.setattr(whereabouts, "SILENCE", 2.5)

    monkeypatch.setattr(hints_of(relais), "tell", lambda _: None)

    await room.rep.until(lambda: [person["role"] for person in room.rep.bodies("call_changed")[-1]["people"]] == ["rep"])


async def test_who_comes_back_on_another_node_is_in_the_call_as_before(
    room: Room, relais: Any, rep: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = new_id()
    said = {"entry": entry, "joins": True, "microphone": True, "camera": True}
    await room.rep.call("in_call", {**said, "entry": new_id()})
    await room.hcp.call("in_call", said)
    screen, browser = relais.with_lines_at(0), relais.with_lines_at(1)
    await screen.sign_in(rep.email, furnished.PASSWORD)
    left = await screen.line("rep", detailing_id=room.detailing_id)
    browser.bearer = room.hcp.browser.bearer
    await room.hcp.close()

    back = await browser.line("hcp")
    assert (await back.call("in_call", {**said, "joins": False, "microphone": False}))["ok"]
    monkeypatch.setattr(calls, "PATIENCE", 0.0)
    await left.until(lambda: left.bodies("call_changed")[-1]["people"][-1]["microphone"] is False)
    for node in (relais, relais.other):
        await node.app[SOCKETS]._calls.keep_up()
    await room.rep.call("show_slide", {"number": 2})
    await left.until(lambda: any(body["number"] == 2 for body in left.bodies("slide_shown")))

    assert [len(body["people"]) for body in left.bodies("call_changed")] == [2] * len(left.bodies("call_changed"))
    assert not back.bodies("call_lost")


@pytest.mark.parametrize("ending", ["signed_out", "role_lost"])
async def test_a_credential_that_ends_ends_its_sockets_on_every_node(ending: str, room: Room, relais: Any, away: Redis) -> None:
    away.kill()

    def end(tx: Transaction) -> None:
        if ending == "signed_out":
            tx.session.execute(delete(StaffSession))
            return
        for someone in tx.session.scalars(select(Staff)):
            someone.roles = ["content"]

    began = time.monotonic()
    await relais.store.change(end)
    await room.rep.gone()

    assert time.monotonic() - began < HOW_LATE


HOSTILE = {
    "no JSON": b"{",
    "pickle": pickle.dumps(print),
    "socket.io": b'{"method":"emit","event":"fact","data":{},"namespace":"/hcp","room":null}',
    "not sealed": b'{"process":"x","hint":{"kind":"hello"}}',
    "not UTF-8": b"\xff" * 64,
    "nothing": b"",
    "huge": b"x" * (4 * BYTES_LIMIT),
    "deep": b"[" * 100_000,
}


async def test_hostile_bytes_on_the_channel_are_ignored_and_counted(relais: Any, room: Room, redis: Redis) -> None:
    mine, other = hints_of(relais), hints_of(relais.other)
    wrong_shape = [mine._seal(words) + words for words in (b"{}", b"[1]", b'{"process":"x","hint":{"kind":"fact","seq":"x"}}')]
    altered = bytearray(mine.sealed(FactStored(stream=f"room:{room.detailing_id}", seq=9)))
    altered[-3] ^= 1
    hostile = [*HOSTILE.values(), *wrong_shape, bytes(altered)]

    async with somebody_else(redis) as client:
        for raw in hostile:
            await client.publish(mine._channel, raw)
    await until(lambda: mine.ignored == other.ignored == len(hostile))

    assert (await room.rep.call("show_slide", {"number": 3}))["ok"]
    await room.hcp.until(lambda: shown(room.hcp) == [3])


async def test_what_waited_for_redis_too_long_is_not_said_any_more(relais: Any, redis: Redis, settings: Settings) -> None:
    """Seen to fail, as it must: said whenever Redis was back, both were heard."""
    late = Hints(redis.url, settings.secret)
    for seq, age in ((1, -60.0), (2, 2 * PATIENCE), (3, -60.0)):
        late._outgoing.put_nowait((time.monotonic() - age, FactStored(stream="room:late", seq=seq)))
    heard: list[Any] = []

    async def hear(_: str, hint: Any) -> None:
        heard.append(hint)

    hints_of(relais).on_hint(hear)
    running = asyncio.create_task(late.run())
    await until(lambda: FactStored(stream="room:late", seq=3) in heard)
    running.cancel()
    await asyncio.wait([running])

    assert [hint.seq for hint in heard if isinstance(hint, FactStored)] == [1, 3]


async def test_hints_hold_no_word_and_no_name_of_anybody(relais: Any, room: Room, redis: Redis, label: str) -> None:
    said = b""
    async with somebody_else(redis) as client, client.pubsub() as channel:
        await channel.subscribe(hints_of(relais)._channel)
        assert (await room.hcp.call("ask_question", {"text": QUESTION, "language": "fr"}))["ok"]
        await room.hcp.call("write_to_rep", {"text": "Bonjour, ici le cabinet Fictif-Martin."})
        await room.hcp.hears("delivery_decided")
        await room.hcp.call("in_call", {"entry": new_id(), "joins": True, "microphone": True, "camera": True})
        await room.rep.until(lambda: "Claire" in str(room.rep.bodies("call_changed")))
        while (message := await channel.get_message(timeout=0.3)) is not None:
            said += message["data"] if message["type"] == "message" else b""

    assert f"conversation:{room.participant_id}".encode() in said
    assert not any(word in said for word in (b"posologie", b"cabinet", b"Fictif", b"Camille", b"question"))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nodes that look for what others left every moment, however lately it was left."""
    monkeypatch.setattr(assistant, "LOOK", 0.2)
    monkeypatch.setattr(assistant, "LEFT_AFTER", assistant.LEFT_AFTER * 0)


async def test_what_a_node_left_unread_is_taken_up_by_another(impatient: None, room: Room, relais: Any, label: str) -> None:
    """Seen to fail without `_look_for_what_is_left`."""
    for node in (relais, relais.other):
        # As if the node that accepts the words died before it read them.
        node.app[ACTS].on_words(lambda _: None)

    question = await room.hcp.call("ask_question", {"text": QUESTION, "language": "fr"})
    message = await room.hcp.call("write_to_rep", {"text": "Bonjour, à tout à l'heure."})

    assert (await room.hcp.hears("reply_given"))["question_id"] == question["question_id"]
    assert (await room.hcp.hears("delivery_decided"))["message_id"] == message["message_id"]


async def test_what_two_nodes_conclude_at_once_is_concluded_once(room: Room, relais: Any) -> None:
    """Seen to fail without the lock in `deliver`: delivered and reported twice."""
    for node in (relais, relais.other):
        node.app[ACTS].on_words(lambda _: None)
    asked = [await room.hcp.call("ask_question", {"text": REPORT, "language": "fr"}) for _ in range(3)]
    written = [await room.hcp.call("write_to_rep", {"text": REPORT}) for _ in range(3)]
    reading = Handover(Reading("fr"), screen(REPORT, speaker="hcp"), "no_evidence")

    await asyncio.gather(
        *(node.store.change(conclude, one["question_id"], reading) for one in asked for node in (relais, relais.other) * 2),
        *(node.store.change(deliver, one["message_id"], reading) for one in written for node in (relais, relais.other) * 2),
    )

    def counts(session: Session) -> dict[str, int]:
        facts = session.execute(select(StoredFact.name, func.count()).group_by(StoredFact.name)).all()
        reports = session.scalar(select(func.count()).select_from(AdverseEventReport)) or 0
        return {**{name: count for name, count in facts}, "reports": reports}  # noqa: C416

    found = await relais.store.read(counts)
    assert (found["reply_given"], found["delivery_decided"], found["reports"]) == (3, 3, 6)
