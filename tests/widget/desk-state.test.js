import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { apply, fromSnapshot, listed } from "../../widget/desk-state.js";
import { timeLeft, urgency } from "../../widget/urgency.js";

const opening = (id, due) => ({
  name: "inquiry_opened",
  at: "2026-11-22T10:00:00Z",
  body: { inquiry_id: id, number: `MI-${id}`, product: null, reason: "no_evidence", excerpt: "…", language: "fr", due_at: due },
});
const assignment = (id, msl) => ({
  name: "inquiry_assigned",
  at: "2026-11-22T10:01:00Z",
  body: { inquiry_id: id, msl_id: msl, msl_name: `MSL ${msl}` },
});
const about = (name, id) => ({ name, at: "2026-11-22T10:02:00Z", body: { inquiry_id: id } });

/** The desk after these facts. */
function after(...facts) {
  const empty = fromSnapshot({ inquiries: [] });
  return facts.reduce((state, fact, index) => apply(state, { stream: "desk:medical", seq: index + 1, ...fact }), empty);
}

const ids = (state, show) => listed(state, show, "m1").map(({ inquiry_id }) => inquiry_id);

describe("the queue", () => {
  test("the least time left comes first, whenever it was opened", () => {
    const state = after(opening("late", "2026-11-23T10:00:00Z"), opening("soon", "2026-11-22T11:00:00Z"));

    assert.deepEqual(ids(state, "queue"), ["soon", "late"]);
  });

  test("an inquiry opened live carries the moment of its fact", () => {
    assert.equal(after(opening("a", "2026-11-22T11:00:00Z")).inquiries[0].opened_at, "2026-11-22T10:00:00Z");
  });

  test("what one MSL takes leaves the queue and is theirs alone", () => {
    const opened = [opening("a", "2026-11-22T11:00:00Z"), opening("b", "2026-11-22T12:00:00Z")];
    const state = after(...opened, assignment("a", "m1"), assignment("b", "m2"));

    assert.deepEqual(ids(state, "queue"), []);
    assert.deepEqual(ids(state, "mine"), ["a"]);
    assert.deepEqual(ids(state, "all"), ["a", "b"]);
  });

  test("what is released is in the queue again, with nobody's name on it", () => {
    const state = after(opening("a", "2026-11-22T11:00:00Z"), assignment("a", "m1"), about("inquiry_released", "a"));

    assert.deepEqual(ids(state, "queue"), ["a"]);
    assert.equal(state.inquiries[0].msl_name, null);
  });

  test("what is answered waits for nobody and stands last", () => {
    const state = after(
      opening("a", "2026-11-22T11:00:00Z"),
      opening("b", "2026-11-22T12:00:00Z"),
      assignment("a", "m1"),
      about("inquiry_closed", "a"),
    );

    assert.deepEqual(ids(state, "mine"), []);
    assert.deepEqual(ids(state, "all"), ["b", "a"]);
  });

  test("a fact that the desk does not know changes nothing", () => {
    const state = after(opening("a", "2026-11-22T11:00:00Z"));

    assert.equal(apply(state, { stream: "room:d1", seq: 1, ...about("detailing_started", "a") }), state);
  });
});

describe("the promised time", () => {
  const promise = { opened_at: "2026-11-22T10:00:00Z", due_at: "2026-11-22T11:00:00Z", state: "queued" };
  const at = (time) => Date.parse(`2026-11-22T${time}Z`);

  test("below a quarter of it an inquiry is urgent, and past it late", () => {
    assert.equal(urgency(promise, at("10:44:59")), "ok");
    assert.equal(urgency(promise, at("10:45:01")), "soon");
    assert.equal(urgency(promise, at("11:00:01")), "late");
  });

  test("an answered inquiry is never late", () => {
    assert.equal(urgency({ ...promise, state: "answered" }, at("23:00:00")), "answered");
  });

  test("it is told in the two largest units, before and after", () => {
    assert.equal(timeLeft("2026-11-22T11:00:00Z", at("10:55:51"), "j"), "4 min 09 s");
    assert.equal(timeLeft("2026-11-22T11:00:00Z", at("11:12:00"), "j"), "12 min 00 s");
    assert.equal(timeLeft("2026-11-22T13:05:00Z", at("10:00:00"), "j"), "3 h 05 min");
    assert.equal(timeLeft("2026-11-24T14:00:00Z", at("10:00:00"), "j"), "2 j 04 h");
  });
});
