import assert from "node:assert/strict";
import { test } from "node:test";

import { Outbox, uuid7 } from "../../widget/outbox.js";

const DAY = 24 * 3600 * 1000;

function line() {
  const sent = [];
  const deliver = (name, message) => {
    sent.push([name, message]);
    return deliver.up ? Promise.resolve({ ok: true }) : Promise.reject(new Error("no acknowledgement"));
  };
  deliver.up = false;
  return { sent, deliver };
}

/** What a vault promises, without a browser. */
class Kept {
  things = new Map();
  put = async (name, value) => void this.things.set(name, structuredClone(value));
  remove = async (name) => void this.things.delete(name);
  all = async (beginning) => [...this.things].filter(([name]) => name.startsWith(beginning)).map(([, value]) => value);
  clear = async () => this.things.clear();
  forgetThePast = async () => {};
}

const settled = () => new Promise((done) => setImmediate(done));
const texts = (sent) => sent.map(([, message]) => message.text);

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
  await outbox.put("view_slide", { number: 1 });
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

test("on a line that keeps order nothing waits for the acknowledgement of what went before", async () => {
  const sent = [];
  const outbox = new Outbox((_, message) => new Promise(() => sent.push(message.text)));
  for (const text of ["un", "deux", "trois"]) outbox.put("ask_question", { text });
  await settled();
  assert.deepEqual(sent, ["un", "deux", "trois"]);
});

test("on a way that keeps no order each act waits for the one before", async () => {
  const sent = [];
  const answers = [];
  const outbox = new Outbox((_, message) => new Promise((answer) => (sent.push(message.text), answers.push(answer))), { inOrder: () => false });
  for (const text of ["un", "deux"]) outbox.put("ask_question", { text });
  await settled();
  assert.deepEqual(sent, ["un"]);
  answers[0]({ ok: true });
  await settled();
  assert.deepEqual(sent, ["un", "deux"]);
});

/** Seen to fail, as it must: with all of them sent at once, "deux" overtook "un", which was told to wait. */
test("acts are sent again in the order in which they were done, also when the first is told to wait", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const done = [];
  let up = false;
  let busy = true;
  const outbox = new Outbox(async (_, { text }) => {
    if (!up) throw new Error("no acknowledgement");
    if (text === "un" && busy) return { ok: false, code: "busy", message: "", retry_after: 2 };
    done.push(text);
    return { ok: true };
  });
  for (const text of ["un", "deux", "trois"]) outbox.put("ask_question", { text });
  await settled();

  up = true;
  outbox.resend();
  await settled();
  assert.deepEqual(done, []);
  busy = false;
  t.mock.timers.tick(2000);
  await settled();

  assert.deepEqual(done, ["un", "deux", "trois"]);
});

test("a report waits for nothing that is told to wait", async () => {
  const done = [];
  const outbox = new Outbox(async (name) => {
    if (name === "ask_question") return { ok: false, code: "busy", message: "", retry_after: 100 };
    done.push(name);
    return { ok: true };
  });
  outbox.put("ask_question", { text: "?" });
  await settled();

  await outbox.put("report_adverse_event", { text: "Éruption" });

  assert.deepEqual(done, ["report_adverse_event"]);
  outbox.clear();
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

test("what a page did not get acknowledged is sent by the next one, before anything new and with the same ids", async () => {
  const vault = new Kept();
  const before = new Outbox(line().deliver);
  await before.keepIn(vault);
  for (const text of ["un", "deux"]) before.put("ask_question", { text });
  await settled();

  const { sent, deliver } = line();
  deliver.up = true;
  const after = new Outbox(deliver);
  deliver.up = false;
  after.put("ask_question", { text: "trois" });
  await settled();
  sent.length = 0;
  deliver.up = true;
  const kept = await after.keepIn(vault);

  assert.deepEqual(kept.map(({ message }) => message.text), ["un", "deux"]);
  assert.deepEqual(await Promise.all(kept.map(({ answer }) => answer)), [{ ok: true }, { ok: true }]);
  await settled();
  assert.deepEqual(texts(sent), ["un", "deux", "trois"]);
  assert.equal(new Set(sent.map(([, { id }]) => id)).size, 3);
  assert.equal(vault.things.size, 0);
});

test("what was done more than a day ago is not sent any more, and its page learns so", async () => {
  const vault = new Kept();
  const id = uuid7(Date.now() - DAY - 1000).replace(/^.{13}/, (Date.now() - DAY - 1000).toString(16).padStart(12, "0").replace(/^(.{8})/, "$1-"));
  await vault.put(`act/${id}`, { name: "ask_question", message: { id, text: "hier" } });
  const { sent, deliver } = line();
  deliver.up = true;

  const [old] = await new Outbox(deliver).keepIn(vault);

  assert.equal(old.message.text, "hier");
  assert.equal((await old.answer).code, "not_sent");
  assert.deepEqual(sent, []);
});

test("what is given up is gone from the vault, and whoever did it learns so", async () => {
  const vault = new Kept();
  const outbox = new Outbox(line().deliver);
  await outbox.keepIn(vault);
  const answer = outbox.put("ask_question", { text: "?" });
  await settled();

  outbox.clear();

  assert.equal((await answer).code, "not_sent");
  await settled();
  assert.equal(vault.things.size, 0);
});

test("the count is of what the person did, not of what the page tells by itself", async () => {
  const counts = [];
  const { deliver } = line();
  const outbox = new Outbox(deliver, { onCount: (count) => counts.push(count) });
  outbox.put("ask_question", {});
  outbox.put("view_slide", { number: 1 });
  outbox.put("request_person", {});
  await settled();
  assert.equal(counts.at(-1), 2);
  deliver.up = true;
  outbox.resend();
  await settled();
  assert.equal(counts.at(-1), 0);
});

test("ids are UUIDs of version 7 that sort in the order in which they were made", () => {
  const start = Date.now() + 1000;
  const ids = [start, start, start + 1, start - 5000, start + 10_000].map(uuid7);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(parseInt(ids[4].replace("-", "").slice(0, 12), 16), start + 10_000);
});
