import assert from "node:assert/strict";
import { test } from "node:test";

import { byPassage, entries, lastQuestion } from "../../widget/transcript.js";
import { citation, reply, stream } from "./facts.js";

const due = "2026-11-22T11:00:00+00:00";
const accepted = { inquiry_id: "i1", number: "MI-2026-00001", question_id: "q1", due_at: due };
const asks = (id, text = "Quelle dose ?") => ({ question_id: id, text, slide_number: 3 });
const written = (fields = {}) => ({ id: "q9", name: "ask_question", text: "Et chez l'enfant ?", at: due, refusal: null, ...fields });
const kinds = (said) => said.map((entry) => entry.kind);

test("a question and its reply are two entries, and the question knows it was answered", () => {
  const said = stream("conversation:g1");
  const [question, answer] = entries([said("question_asked", asks("q1")), said("reply_given", reply())], []);
  assert.equal(question.answered, true);
  assert.equal(answer.question, "Quelle dose ?");
});

test("a request follows its inquiry from the queue to the answer, and the answer stands at the end", () => {
  const said = stream("conversation:g1");
  const facts = [
    said("inquiry_accepted", accepted),
    said("question_asked", asks("q2")),
    said("inquiry_taken", { inquiry_id: "i1", number: "MI-2026-00001", msl_name: "Dr Noa Modèle" }),
    said("inquiry_answered", { inquiry_id: "i1", number: "MI-2026-00001", msl_name: "Dr Noa Modèle", text: "Bonjour", references: [] }),
  ];

  const [inquiry, , answer] = entries(facts, []);

  assert.equal(inquiry.state, "answered");
  assert.equal(inquiry.person, "Dr Noa Modèle");
  assert.equal(answer.kind, "answer");
});

test("a reply no longer offers a person once one was asked about it", () => {
  const said = stream("conversation:g1");
  const handover = reply({ kind: "handover", reason: "no_evidence", citations: [] });
  const facts = [said("question_asked", asks("q1")), said("reply_given", handover), said("inquiry_accepted", accepted)];
  assert.equal(entries(facts, [])[1].inquiry, true);
});

test("only the reply to the last question lets one choose", () => {
  const said = stream("conversation:g1");
  const facts = [said("question_asked", asks("q1")), said("reply_given", reply({ kind: "clarify" }))];
  assert.equal(entries(facts, [])[1].last, true);
  assert.equal(entries([...facts, said("question_asked", asks("q2"))], [])[1].last, false);
});

test("what is not sent yet stands last", () => {
  const said = stream("conversation:g1");
  assert.deepEqual(kinds(entries([said("question_asked", asks("q1"))], [written()])), ["question", "unsent"]);
});

test("what was sent is shown once, also while its acknowledgement is still on the way", () => {
  const said = stream("conversation:g1");
  assert.deepEqual(kinds(entries([said("question_asked", asks("q9"))], [written()])), ["question"]);
});

test("a report is shown under its number", () => {
  const said = stream("conversation:g1");
  const [report] = entries([said("adverse_event_reported", { report_id: "r1", number: "AE-2026-00001" })], []);
  assert.equal(report.number, "AE-2026-00001");
});

test("the last question is the one a person would be asked about", () => {
  const said = stream("conversation:g1");
  const facts = [said("question_asked", asks("q1")), said("question_asked", asks("q2", "Et le foie ?")), said("reply_given", reply())];
  assert.deepEqual(lastQuestion(facts), { id: "q2", text: "Et le foie ?" });
  assert.equal(lastQuestion([]), null);
});

test("sentences side by side from one passage share their source", () => {
  const groups = byPassage([citation(), citation({ start: 60 }), citation({ passage_id: "p2" }), citation()]);
  assert.deepEqual(groups.map((group) => group.length), [2, 1, 1]);
});
