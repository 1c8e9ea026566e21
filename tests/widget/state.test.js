import assert from "node:assert/strict";
import { test } from "node:test";

import { apply, fromSnapshot, phase } from "../../widget/state.js";
import { reply, stream } from "./facts.js";

const lobby = {
  participant: { id: "g1", name: "Dr Claire Fictif-Martin", tracked: true, state: "waiting" },
  detailing: { state: "live", number: null, shown: [], total: 15, deck_title: "Gouttazol", rep_name: "Camille Fictive", scheduled_at: "2026-11-22T10:00:00+00:00" },
  conversation: [],
};

const after = (snapshot, ...facts) => facts.reduce(apply, fromSnapshot(snapshot));

test("someone in the lobby waits, whatever the session does", () => {
  assert.equal(phase(fromSnapshot(lobby)), "waiting");
});

test("someone let in is in the session as it stands", () => {
  const said = stream("conversation:g1");
  assert.equal(phase(after(lobby, said("admission_granted"))), "live");
});

test("someone turned away stays out", () => {
  const said = stream("conversation:g1");
  assert.equal(phase(after(lobby, said("admission_refused"))), "refused");
});

test("without a session there is the assistant", () => {
  assert.equal(phase(fromSnapshot({ participant: null, detailing: null, conversation: [] })), "assistant");
});

test("an ended session is over for everyone who was in it", () => {
  const room = stream("room:d1");
  assert.equal(phase(after(lobby, room("detailing_started"), room("detailing_ended", { reason: "rep" }))), "ended");
});

test("the slides shown are kept once each, by number", () => {
  const room = stream("room:d1");
  const show = (number) => room("slide_shown", { number, title: `Titre ${number}` });

  const { detailing } = after(lobby, room("detailing_started"), show(1), show(5), show(2), show(5));

  assert.deepEqual(detailing.shown.map((slide) => slide.number), [1, 2, 5]);
  assert.equal(detailing.number, 5);
});

test("a fact of somebody else's page changes nothing", () => {
  const state = fromSnapshot(lobby);
  assert.equal(apply(state, stream("console:d1")("hcp_arrived", { participant_id: "g2", name: null, profession: null })), state);
});

test("a snapshot and the facts after it make the same room as the snapshot taken later", () => {
  const said = stream("conversation:g1");
  const room = stream("room:d1");
  const granted = said("admission_granted");
  const asked = said("question_asked", { question_id: "q1", text: "Quelle dose ?", slide_number: 2 });
  const replied = said("reply_given", reply());
  const later = {
    participant: { ...lobby.participant, state: "admitted" },
    detailing: { ...lobby.detailing, number: 2, shown: [{ number: 2, title: "Ordre du jour" }] },
    conversation: [granted, asked, replied],
  };

  const followed = after(lobby, granted, room("slide_shown", { number: 2, title: "Ordre du jour" }), asked, replied);

  assert.deepEqual(followed, fromSnapshot(later));
});
