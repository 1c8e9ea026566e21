"""Snapshot and facts after it make the next snapshot, for every fact and everyone who hears it; and nothing stays lost.

The states compared are those of the browser: what people see after the facts is what they would see on a fresh page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import furnished
import pytest
from furnished import Account, Join
from replayed import in_the_browser
from running import Line, Relais

from server.app import EDGES
from server.store import Announcement
from server.store.messages import FACTS, STREAMS

assert EDGES, "importing the application declares every fact"
# The streams that each page follows; the desk's answered inquiries stay on the page and are in no later snapshot.
FOLLOWED = {"hcp": {"conversation", "room"}, "rep": {"room", "console"}, "msl": {"desk"}, "colleague": {"room"}}
# A colleague is an MSL in the session, who can only come once it has started.
NEVER_HEARD = {("detailing_started", "colleague")}
# Whose place is gone has no page that goes on.
LAST_WORDS = {"admission_revoked", "place_restored"}
ANSWERED_BY_THE_LABEL = "Quelle est la posologie de l'allopurinol en cas d'insuffisance rénale ?"
REPORT = "Mon patient de 54 ans a eu une éruption cutanée sous allopurinol."


class Stage:
    """A session in which anything can be made to happen; `see` brings in whoever is watched before it does."""

    def __init__(self, relais: Relais, join: Join, msl: Account, deck: str, label: str) -> None:
        self.relais, self.msl, self.deck, self.label, self._join = relais, msl, deck, label, join
        self.lines: dict[str, Line] = {}

    async def line(self, role: str) -> Line:
        """The one line of a role."""
        if role not in self.lines:
            self.lines[role] = await self._join(role)
        return self.lines[role]

    async def another(self) -> Line:
        """A second MSL comes into the running session."""
        return await self._join("colleague", by=await furnished.account(self.relais, "Robin Exemple", "msl"))

    async def act(self, role: str, name: str, **body: Any) -> dict[str, Any]:
        """A command that must succeed."""
        answer = await (await self.line(role)).call(name, body)
        assert answer["ok"], answer
        return answer

    async def participant(self) -> str:
        """The id of the HCP's place in the session."""
        hcp = await self.line("hcp")
        return str(hcp.snapshot["participant"]["id"])

    async def admitted(self) -> None:
        """The HCP is in the room, and their page follows it."""
        hcp = await self.line("hcp")
        await self.act("rep", "admit_hcp", participant_id=await self.participant())
        await hcp.hears("admission_granted")
        await hcp.join({})

    async def live(self) -> None:
        """The session runs with the HCP in it."""
        await self.admitted()
        await self.act("rep", "start_detailing")
        await (await self.line("hcp")).hears("slide_shown")

    async def accompanied(self) -> Line:
        """The session runs, with a second MSL in it."""
        await self.live()
        return await self.another()

    async def hand_over(self) -> None:
        """The rep lets an MSL present who is in the session."""
        room = (await (await self.line("rep")).join({}))["snapshot"]["detailing"]
        await self.act("rep", "hand_over", to=room["colleagues"][0]["staff_id"])

    async def ended(self) -> None:
        """The session is over."""
        await self.live()
        await self.act("rep", "end_detailing")

    async def held(self) -> None:
        """HCPs see a neutral screen."""
        await self.live()
        await self.act("rep", "hold_screen")

    async def mandatory(self) -> None:
        """The deck has a mandatory slide that was not shown."""
        await self.live()
        await furnished.make_mandatory(self.relais, self.deck, 4)

    async def wanted(self) -> None:
        """The rep has asked the MSL to come."""
        await self.live()
        await self.act("rep", "call_colleague", staff_id=self.msl.id)

    async def polled(self) -> None:
        """The first of the deck's questions is put to everyone."""
        await self.live()
        await self.act("rep", "start_poll", number=1)

    async def document(self) -> str:
        """The session runs, and there is an approved document to offer; returns its id."""
        await self.live()
        return self.label

    async def handed(self) -> str:
        """A document was offered; returns its id."""
        await self.live()
        await self.act("rep", "offer_document", edition_id=self.label)
        return self.label

    async def asked(self) -> str:
        """A question with its reply; returns its id."""
        await self.live()
        question = await self.act("hcp", "ask_question", text=ANSWERED_BY_THE_LABEL, language="fr")
        await (await self.line("hcp")).hears("reply_given")
        return str(question["question_id"])

    async def handed_over(self) -> str:
        """An inquiry in the queue; returns its id."""
        await self.live()
        return str((await self.act("hcp", "request_person", text="Je voudrais parler à quelqu'un."))["inquiry_id"])

    async def assigned(self) -> str:
        """An inquiry that the MSL has taken on; returns its id."""
        inquiry_id = await self.handed_over()
        await self.act("msl", "assign_inquiry", inquiry_id=inquiry_id)
        return inquiry_id

    async def open(self, edition_id: str) -> None:
        """The HCP opens a document."""
        browser = (await self.line("hcp")).browser
        room = await browser.post("/room", data={"bearer": browser.bearer})
        assert (await browser.get(f"{room.bootstrap['media']}/documents/{edition_id}")).status == 200


# For each fact: what comes first (its result goes on), then the act by which the fact is heard.
Before = Callable[[Stage], Awaitable[Any]]
Act = Callable[[Stage, Any], Awaitable[Any]]
ACTS: dict[str, tuple[Before, Act]] = {
    "detailing_started": (Stage.admitted, lambda s, _: s.act("rep", "start_detailing")),
    "slide_shown": (Stage.live, lambda s, _: s.act("rep", "show_slide", number=3)),
    "screen_held": (Stage.live, lambda s, _: s.act("rep", "hold_screen")),
    "screen_released": (Stage.held, lambda s, _: s.act("rep", "release_screen")),
    "everyone_called": (Stage.live, lambda s, _: s.act("rep", "call_everyone")),
    "lease_taken": (Stage.live, lambda s, _: s.act("rep", "take_over", epoch=1)),
    "lease_given": (Stage.accompanied, lambda s, _: s.hand_over()),
    "oral_answer_marked": (Stage.asked, lambda s, asked: s.act("rep", "mark_answered_orally", question_id=asked)),
    "mandatory_slides_omitted": (Stage.mandatory, lambda s, _: s.act("rep", "end_detailing", reason="Appelé en urgence.")),
    "colleague_called": (Stage.live, lambda s, _: s.act("rep", "call_colleague", staff_id=s.msl.id)),
    "colleague_wanted": (Stage.live, lambda s, _: s.act("rep", "call_colleague", staff_id=s.msl.id)),
    "colleague_no_longer_wanted": (Stage.wanted, lambda s, _: s.act("rep", "end_detailing")),
    "colleague_entered": (Stage.live, lambda s, _: s.another()),
    "colleague_left": (Stage.accompanied, lambda _, other: other.call("leave_detailing")),
    "hand_moved": (Stage.live, lambda s, _: s.act("hcp", "move_hand", raised=True)),
    "hand_seen": (Stage.live, lambda s, _: s.act("hcp", "move_hand", raised=True)),
    "reaction_marked": (Stage.live, lambda s, _: s.act("hcp", "react", number=1, kind="useful", given=True)),
    "reaction_seen": (Stage.live, lambda s, _: s.act("hcp", "react", number=1, kind="useful", given=True)),
    "poll_started": (Stage.live, lambda s, _: s.act("rep", "start_poll", number=1)),
    "poll_closed": (Stage.polled, lambda s, _: s.act("rep", "close_poll", number=1)),
    "poll_result_shown": (Stage.polled, lambda s, _: s.act("rep", "show_poll_result", number=1)),
    "poll_answer_kept": (Stage.polled, lambda s, _: s.act("hcp", "answer_poll", number=1, option=2)),
    "poll_answered": (Stage.polled, lambda s, _: s.act("hcp", "answer_poll", number=1, option=2)),
    "document_offered": (Stage.document, lambda s, label: s.act("rep", "offer_document", edition_id=label)),
    "document_received": (Stage.handed, Stage.open),
    "reply_judged": (Stage.asked, lambda s, asked: s.act("hcp", "judge_reply", question_id=asked, useful=True)),
    "detailing_ended": (Stage.live, lambda s, _: s.act("rep", "end_detailing")),
    "hcp_arrived": (lambda s: s.line("rep"), lambda s, _: s.line("hcp")),
    "hcp_admitted": (Stage.participant, lambda s, who: s.act("rep", "admit_hcp", participant_id=who)),
    "hcp_refused": (Stage.participant, lambda s, who: s.act("rep", "refuse_hcp", participant_id=who)),
    "hcp_removed": (Stage.participant, lambda s, who: s.act("rep", "remove_hcp", participant_id=who)),
    "lobby_locked": (lambda s: s.line("rep"), lambda s, _: s.act("rep", "lock_lobby")),
    "lobby_unlocked": (lambda s: s.act("rep", "lock_lobby"), lambda s, _: s.act("rep", "unlock_lobby")),
    "hcp_left": (Stage.live, lambda s, _: _withdraw(s)),
    "slide_viewed": (Stage.live, lambda s, _: s.act("hcp", "view_slide", **furnished.view())),
    "admission_granted": (Stage.participant, lambda s, who: s.act("rep", "admit_hcp", participant_id=who)),
    "admission_refused": (Stage.participant, lambda s, who: s.act("rep", "refuse_hcp", participant_id=who)),
    "question_asked": (Stage.live, lambda s, _: s.act("hcp", "ask_question", text=ANSWERED_BY_THE_LABEL, language="fr")),
    "question_heard": (Stage.live, lambda s, _: s.act("hcp", "ask_question", text=ANSWERED_BY_THE_LABEL, language="fr")),
    "reply_given": (Stage.live, lambda s, _: s.act("hcp", "ask_question", text=ANSWERED_BY_THE_LABEL, language="fr")),
    "inquiry_accepted": (Stage.asked, lambda s, asked: s.act("hcp", "request_person", question_id=asked)),
    "inquiry_opened": (Stage.asked, lambda s, asked: s.act("hcp", "request_person", question_id=asked)),
    "inquiry_progressed": (Stage.handed_over, lambda s, inquiry: s.act("msl", "assign_inquiry", inquiry_id=inquiry)),
    "inquiry_taken": (Stage.handed_over, lambda s, inquiry: s.act("msl", "assign_inquiry", inquiry_id=inquiry)),
    "inquiry_assigned": (Stage.handed_over, lambda s, inquiry: s.act("msl", "assign_inquiry", inquiry_id=inquiry)),
    "inquiry_released": (Stage.assigned, lambda s, inquiry: s.act("msl", "release_inquiry", inquiry_id=inquiry)),
    "inquiry_answered": (Stage.assigned, lambda s, inquiry: s.act("msl", "answer_inquiry", inquiry_id=inquiry, text="Oui.")),
    "inquiry_closed": (Stage.assigned, lambda s, inquiry: s.act("msl", "answer_inquiry", inquiry_id=inquiry, text="Oui.")),
    "message_written": (Stage.live, lambda s, _: s.act("rep", "write_to_hcps", participant_id=None, text="Bienvenue.")),
    "message_heard": (Stage.live, lambda s, _: s.act("rep", "write_to_hcps", participant_id=None, text="Bienvenue.")),
    "detailing_rated": (Stage.ended, lambda s, _: s.act("hcp", "rate_detailing", stars=4)),
    "delivery_decided": (Stage.live, lambda s, _: s.act("hcp", "write_to_rep", text="Bonjour, plus fort s'il vous plaît.")),
    "adverse_event_reported": (Stage.live, lambda s, _: s.act("hcp", "report_adverse_event", text=REPORT)),
}
HEARD = [(fact, role) for fact in sorted(FACTS) for role in FOLLOWED if FACTS[fact].stream.name in FOLLOWED[role]]
HEARD = [case for case in HEARD if case not in NEVER_HEARD and case[0] not in LAST_WORDS]


async def _withdraw(stage: Stage) -> None:
    answer = await (await stage.line("hcp")).browser.post("/api/consent", json={"tracking": False})
    assert answer.json()["ok"]


def test_every_fact_has_an_act_that_makes_it_heard() -> None:
    assert set(ACTS) == set(FACTS) - LAST_WORDS


def test_every_stream_is_followed_by_someone() -> None:
    assert set().union(*FOLLOWED.values()) == set(STREAMS)


@pytest.mark.parametrize(("fact", "role"), HEARD, ids=[f"{fact} for {role}" for fact, role in HEARD])
async def test_a_snapshot_and_the_fact_after_it_make_the_next_snapshot(
    fact: str, role: str, relais: Relais, join: Join, msl: Account, deck: str, label: str
) -> None:
    stage = Stage(relais, join, msl, deck, label)
    come_first, act = ACTS[fact]
    given = await come_first(stage)
    watcher = await stage.line(role)
    start = await watcher.join({})
    before = len(watcher.facts)

    await act(stage, given)
    await watcher.until(lambda: fact in {heard["name"] for heard in watcher.facts[before:]})
    after = await watcher.join({})
    heard = [f for f in watcher.facts[before:] if start["heads"][f["stream"]] < f["seq"] <= after["heads"][f["stream"]]]
    seqs = {stream: head for stream, head in after["heads"].items() if stream in start["heads"]}
    assert len(heard) == sum(seqs.values()) - sum(start["heads"].values()), "a fact was lost or came twice"

    [[was, became, is_now]] = await asyncio.to_thread(in_the_browser, [(role, start["snapshot"], heard, after["snapshot"])])
    assert became == is_now
    assert became != was, "this test moves nothing"


async def test_who_comes_back_gets_exactly_what_they_missed(room: furnished.Room) -> None:
    seen = (await room.hcp.join({}))["heads"]
    await room.hcp.close()
    for number in (2, 3, 4):
        await room.rep.call("show_slide", {"number": number})

    back = await room.hcp.browser.line("hcp", seen=seen)
    answer = await back.join(seen)

    assert answer["snapshot"] is None
    assert [(fact["name"], fact["body"]["number"]) for fact in answer["facts"]] == [("slide_shown", n) for n in (2, 3, 4)]
    assert [fact["seq"] for fact in answer["facts"]] == list(
        range(seen[f"room:{room.detailing_id}"] + 1, answer["heads"][f"room:{room.detailing_id}"] + 1)
    )


async def test_a_replayed_fact_is_the_fact_that_was_sent(room: furnished.Room) -> None:
    seen = (await room.hcp.join({}))["heads"]
    await room.rep.call("show_slide", {"number": 2})
    await room.hcp.until(lambda: [body["number"] for body in room.hcp.bodies("slide_shown")][-1:] == [2])

    assert (await room.hcp.join(seen))["facts"] == room.hcp.facts[-1:]


async def test_who_was_away_for_long_starts_from_a_snapshot(room: furnished.Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.edge.snapshots.REPLAY_LIMIT", 10)
    seen = (await room.hcp.join({}))["heads"]
    for number in range(10):
        await room.rep.send("show_slide", {"id": furnished.new_id(), "number": 1 + number % 4})
    await room.rep.call("show_slide", {"number": 3})

    answer = await room.hcp.join(seen)

    assert answer["facts"] == []
    assert answer["snapshot"]["detailing"]["number"] == 3


async def test_who_claims_to_have_seen_what_was_never_said_starts_from_a_snapshot(room: furnished.Room) -> None:
    seen = {stream: head + 5 for stream, head in (await room.hcp.join({}))["heads"].items()}

    assert (await room.hcp.join(seen))["snapshot"] is not None


async def test_a_lost_last_fact_is_told_by_the_heads_within_seconds(room: furnished.Room, relais: Relais) -> None:
    stream = f"room:{room.detailing_id}"
    seen = (await room.hcp.join({}))["heads"]
    lost: list[Announcement] = []
    relais.store.listen(lost.append)
    await room.rep.call("show_slide", {"number": 4})

    await room.hcp.until(lambda: room.hcp.heads[stream] > seen[stream])

    assert len(lost) == 1
    assert [fact["body"]["number"] for fact in (await room.hcp.join(seen))["facts"]] == [4]


async def test_who_is_let_in_learns_at_once_that_there_is_a_room_to_follow(join: Join) -> None:
    rep, hcp = await join("rep"), await join("hcp")
    await rep.call("start_detailing")
    in_the_lobby = set(hcp.heads)

    await rep.call("admit_hcp", {"participant_id": hcp.snapshot["participant"]["id"]})
    await hcp.until(lambda: set(hcp.heads) > in_the_lobby)

    answer = await hcp.join(dict.fromkeys(in_the_lobby, 0))
    assert answer["snapshot"]["detailing"]["number"] == 1


async def test_in_the_lobby_nothing_of_the_room_is_heard(join: Join) -> None:
    rep, hcp = await join("rep"), await join("hcp")
    await rep.call("start_detailing")
    await rep.call("show_slide", {"number": 2})
    await rep.hears("slide_shown", times=2)

    answer = await hcp.join({})

    held = answer["snapshot"]["detailing"]
    assert (held["number"], held["shown"]) == (None, [])
    assert [stream.partition(":")[0] for stream in answer["heads"]] == ["conversation"]
    assert hcp.facts == []
    assert (await hcp.call("ask_question", {"text": "Allô ?", "language": "fr"}))["code"] == "not_admitted"
    assert (await hcp.call("view_slide", furnished.view()))["code"] == "not_admitted"


async def test_who_is_turned_away_hears_nothing_and_does_not_come_back_by_the_same_link(
    join: Join, invite: furnished.Invite
) -> None:
    invitation = await invite()
    rep, hcp = await join("rep"), await join("hcp", invitation=invitation)
    await rep.call("refuse_hcp", {"participant_id": hcp.snapshot["participant"]["id"]})
    await hcp.hears("admission_refused")

    answers = {"entry": f"t:{invitation.token}", "identity": "me", "tracking": "yes"}
    again = await hcp.browser.post("/room", data=answers)

    assert again.status == 400
    assert "/media/" not in again.text
