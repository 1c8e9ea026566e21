import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { admitted, apply, fromSnapshot, owed, perceive, together, waiting } from "../../widget/console-state.js";

const SLIDES = [1, 2, 3, 4].map((number) => ({ number, title: `Slide ${number}`, mandatory: number % 2 === 0 }));

const REP = { staff_id: "s1", name: "Camille Fictive", role: "rep", epoch: 1 };
const MSL = { staff_id: "s2", name: "Dr Sacha Exemple", role: "msl", epoch: 2 };

const planned = () =>
  fromSnapshot({
    detailing: {
      ...{ state: "planned", number: null, total: 4, started_at: null, ended_at: null, shown: [] },
      ...{ planned_minutes: 20, presenter: REP, colleagues: [], held: false, calls: 0, left_out: [] },
    },
    participants: [],
    questions: [],
    requests: [],
  });

/** The state after these facts, each `[name, body]`. */
function after(...facts) {
  return facts.reduce(
    (state, [name, body], index) => apply(state, { stream: "room:d1", seq: index + 1, name, at: `2026-11-22T10:00:0${index}Z`, body }),
    planned(),
  );
}

const arrival = (id, name = null) => ["hcp_arrived", { participant_id: id, name, profession: name && "physician" }];
const admission = (id) => ["hcp_admitted", { participant_id: id }];
const slide = (number) => ["slide_shown", { number, title: `Slide ${number}` }];
const looking = (id, number, { visible = true, connected = true } = {}) => ({ participant_id: id, number, visible, connected });

describe("the session", () => {
  test("it is live from the moment of its start", () => {
    const state = after(["detailing_started", {}]);

    assert.equal(state.phase, "live");
    assert.equal(state.startedAt, "2026-11-22T10:00:00Z");
  });

  test("a slide shown is the current one and stays marked as shown", () => {
    const state = after(["detailing_started", {}], slide(1), slide(3), slide(1));

    assert.equal(state.number, 1);
    assert.deepEqual(state.shown, [1, 3]);
  });

  test("mandatory slides are owed until they were shown", () => {
    const state = after(["detailing_started", {}], slide(1), slide(2));

    assert.deepEqual(owed(state, SLIDES).map(({ number }) => number), [4]);
  });

  test("who presents is whoever was given the lease, or took it, last", () => {
    assert.equal(after(["lease_given", MSL]).presenter.name, "Dr Sacha Exemple");
    assert.equal(after(["lease_given", MSL], ["lease_taken", { ...REP, epoch: 3 }]).presenter.epoch, 3);
  });

  test("the screen is held until it is released, or the session is over", () => {
    assert.equal(after(["screen_held", {}]).held, true);
    assert.equal(after(["screen_held", {}], ["screen_released", {}]).held, false);
    assert.equal(after(["screen_held", {}], ["detailing_ended", { reason: "content" }]).held, false);
  });

  test("an MSL is in the session from coming to leaving", () => {
    const entered = ["colleague_entered", { staff_id: "s2", name: "Dr Sacha Exemple" }];

    assert.deepEqual(after(["colleague_called", { staff_id: "s2", name: "Dr Sacha Exemple" }]).called, ["s2"]);
    assert.equal(after(entered).colleagues.length, 1);
    assert.deepEqual(after(entered, ["colleague_left", { staff_id: "s2" }]).colleagues, []);
  });

  test("a session closed without mandatory slides says which", () => {
    assert.deepEqual(after(["mandatory_slides_omitted", { numbers: [4], reason: "…" }]).leftOut, [4]);
  });

  test("a session that its content stopped says so", () => {
    assert.equal(after(["detailing_ended", { reason: "content" }]).stoppedByContent, true);
    assert.equal(after(["detailing_ended", { reason: "rep" }]).stoppedByContent, false);
  });
});

describe("the people", () => {
  test("who arrives waits in the lobby, first come first", () => {
    const state = after(arrival("p1", "Dr A"), arrival("p2"));

    assert.deepEqual(waiting(state).map(({ id }) => id), ["p1", "p2"]);
    assert.deepEqual(admitted(state), []);
  });

  test("who is admitted leaves the lobby for the room", () => {
    const state = after(arrival("p1"), admission("p1"));

    assert.deepEqual(waiting(state), []);
    assert.deepEqual(admitted(state).map(({ id }) => id), ["p1"]);
  });

  test("who is removed is in neither", () => {
    const state = after(arrival("p1"), admission("p1"), ["hcp_removed", { participant_id: "p1" }]);

    assert.deepEqual([...waiting(state), ...admitted(state)], []);
  });

  test("the door is locked until it is unlocked", () => {
    assert.equal(after(["lobby_locked", {}]).locked, true);
    assert.equal(after(["lobby_locked", {}], ["lobby_unlocked", {}]).locked, false);
  });

  test("who is refused is in neither", () => {
    const state = after(arrival("p1"), ["hcp_refused", { participant_id: "p1" }]);

    assert.deepEqual([...waiting(state), ...admitted(state)], []);
  });

  test("who comes back keeps their place", () => {
    const state = after(arrival("p1", "Dr A"), admission("p1"), arrival("p1", "Dr A"));

    assert.deepEqual(admitted(state).map(({ id }) => id), ["p1"]);
  });

  test("who goes on without tracking leaves no name behind", () => {
    const state = after(arrival("p1", "Dr A"), admission("p1"), ["hcp_left", { participant_id: "p1" }], arrival("p2"), admission("p2"));

    assert.deepEqual(admitted(state).map(({ id, name }) => [id, name]), [["p2", null]]);
  });

  test("viewing time adds up per slide", () => {
    const viewed = (number, milliseconds) => ["slide_viewed", { participant_id: "p1", number, milliseconds }];
    const state = after(arrival("p1"), viewed(1, 2000), viewed(1, 500), viewed(2, 3000));

    assert.deepEqual(state.participants[0].viewed, { 1: 2500, 2: 3000 });
  });

  test("only those connected count, and only a visible tab on the current slide is together", () => {
    const looks = [looking("p1", 2), looking("p2", 1), looking("p3", 2, { visible: false }), looking("p4", 2, { connected: false })];
    const everyone = ["p1", "p2", "p3", "p4"].flatMap((id) => [arrival(id), admission(id)]);
    const state = looks.reduce(perceive, after(["detailing_started", {}], slide(2), ...everyone));

    assert.deepEqual(together(state), { here: 1, all: 3 });
  });

  test("a look of someone unknown changes nobody", () => {
    const state = after(arrival("p1"));

    assert.deepEqual(perceive(state, looking("p9", 3)).participants, state.participants);
  });
});

describe("questions and requests", () => {
  test("a question comes with the time at which it was heard", () => {
    const body = { question_id: "q1", participant_id: "p1", slide_number: 2, outcome: "handover", text: null, documents: [] };

    assert.deepEqual(after(["question_heard", body]).questions, [{ ...body, orally: false, at: "2026-11-22T10:00:00Z" }]);
  });

  test("a question that the rep answered by voice as well is marked, and no other", () => {
    const heard = (id) => ["question_heard", { question_id: id, participant_id: "p1", slide_number: 2, outcome: "answer", text: "?", documents: [] }];
    const state = after(heard("q1"), heard("q2"), ["oral_answer_marked", { question_id: "q2" }]);

    assert.deepEqual(state.questions.map(({ orally }) => orally), [false, true]);
  });

  test("a request has one line that moves on", () => {
    const progress = (state) => ["inquiry_progressed", { number: "MI-2026-00001", state }];

    assert.deepEqual(after(progress("queued"), progress("assigned")).requests, [{ number: "MI-2026-00001", state: "assigned" }]);
  });
});

test("a fact that the console does not know changes nothing", () => {
  const state = planned();

  assert.equal(apply(state, { stream: "room:d1", seq: 1, name: "admission_granted", at: "2026-11-22T10:00:00Z", body: {} }), state);
});
