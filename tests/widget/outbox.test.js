import assert from "node:assert/strict";
import { test } from "node:test";

import { Outbox, uuid7 } from "../../widget/outbox.js";

function line() {
  const sent = [];
  const deliver = (name, message) => {
    sent.push([name, message]);
    return deliver.up ? Promise.resolve({ ok: true }) : Promise.reject(new Error("no acknowledgement"));
  };
  deliver.up = false;
  return { sent, deliver };
}
const settled = () => new Promise((done) => setImmediate(done));

test("an act without acknowledgement is sent again with the same id", async () => {
  const { sent, deliver } = line();
  const outbox = new Outbox(deliver);
  const answer = outbox.put("ask_question", { text: "Quelle dose ?", language: "fr" });
  await settled();

  deliver.up = true;
  outbox.resend();

  assert.deepEqual(await answer, { ok: true });
  assert.equal(sent.length, 2);
  assert.deepEqual(sent[0], sent[1]);
});

test("an acknowledged act is not sent again", async () => {
  const { sent, deliver } = line();
  deliver.up = true;
  const outbox = new Outbox(deliver);
  await outbox.put("view_slide", { number: 1, milliseconds: 3000 });
  outbox.resend();
  assert.equal(sent.length, 1);
  assert.equal(outbox.size, 0);
});

test("an act that is underway is not sent a second time", async () => {
  const sent = [];
  const outbox = new Outbox((name) => new Promise(() => sent.push(name)));
  outbox.put("ask_question", {});
  outbox.resend();
  assert.deepEqual(sent, ["ask_question"]);
});

test("acts are sent again in the order in which they were done", async () => {
  const { sent, deliver } = line();
  const outbox = new Outbox(deliver);
  for (const text of ["un", "deux", "trois"]) outbox.put("ask_question", { text });
  await settled();
  sent.length = 0;
  outbox.resend();
  assert.deepEqual(sent.map(([, message]) => message.text), ["un", "deux", "trois"]);
});

test("a refusal is an answer, and settles the act", async () => {
  const outbox = new Outbox(async () => ({ ok: false, code: "too_long", message: "Le texte est trop long." }));
  assert.equal((await outbox.put("ask_question", {})).code, "too_long");
  assert.equal(outbox.size, 0);
});

test("an id made before is kept", async () => {
  const { sent, deliver } = line();
  deliver.up = true;
  const id = uuid7();
  await new Outbox(deliver).put("ask_question", { id, text: "?" });
  assert.equal(sent[0][1].id, id);
});

test("ids are UUIDs of version 7 that sort by time", () => {
  const ids = [1_700_000_000_000, 1_700_000_000_001, 1_900_000_000_000].map(uuid7);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(parseInt(ids[0].replace("-", "").slice(0, 12), 16), 1_700_000_000_000);
});
