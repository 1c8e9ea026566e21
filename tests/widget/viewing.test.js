import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Viewing } from "../../widget/viewing.js";

const MINUTE = 60_000;
let now, told, viewing;
beforeEach(() => {
  now = 0;
  told = [];
  viewing = new Viewing((number, from, until) => told.push([number, from, until]), { idle: 3 * MINUTE, now: () => now });
});

/** Time passes as in a page: the clock is looked at every fifteen seconds. */
function pass(milliseconds) {
  for (const end = now + milliseconds; now < end; ) {
    now = Math.min(now + 15_000, end);
    viewing.tell();
  }
}

/** @returns {number} what was told in all */
const sum = () => told.reduce((total, [, from, until]) => total + until - from, 0);

test("a slide left after a while was viewed for that while", () => {
  viewing.look(1, true);
  now = 5000;
  viewing.look(2, true);
  assert.deepEqual(told, [[1, 0, 5000]]);
});

test("a slide passed over in less than two seconds was not viewed", () => {
  viewing.look(1, true);
  now = 1900;
  viewing.look(2, true);
  now = 3800;
  viewing.look(3, true);
  assert.deepEqual(told, []);
});

test("time counts only while the page can be seen", () => {
  viewing.look(1, true);
  now = 3000;
  viewing.look(1, false);
  now = 30_000;
  viewing.look(1, true);
  now = 31_000;
  viewing.look(2, true);
  assert.deepEqual(told, [[1, 0, 3000], [1, 30_000, 31_000]]);
});

test("hiding the page tells at once what was viewed", () => {
  viewing.look(1, true);
  now = 4000;
  viewing.look(1, false);
  assert.deepEqual(told, [[1, 0, 4000]]);
});

test("short looks at a slide that is still there add up to a view", () => {
  viewing.look(1, true);
  now = 1500;
  viewing.look(1, false);
  now = 9000;
  viewing.look(1, true);
  now = 10_500;
  viewing.look(1, false);
  assert.deepEqual(told, [[1, 0, 1500], [1, 9000, 10_500]]);
});

test("what was told is not told again", () => {
  viewing.look(1, true);
  now = 15_000;
  viewing.tell();
  viewing.tell();
  now = 30_000;
  viewing.tell();
  assert.deepEqual(told, [[1, 0, 15_000], [1, 15_000, 30_000]]);
});

test("no slide on screen, nothing to tell", () => {
  viewing.look(null, true);
  pass(10_000);
  assert.deepEqual(told, []);
});

test("who gives no sign for three minutes is not taken to look any longer", () => {
  viewing.look(1, true);
  pass(10 * MINUTE);
  assert.equal(sum(), 3 * MINUTE);
});

test("a sign begins the count again, and what lay between is not counted", () => {
  viewing.look(1, true);
  pass(10 * MINUTE);
  viewing.stir();
  pass(MINUTE);
  assert.equal(sum(), 4 * MINUTE);
  assert.equal(told.at(-1)[2], 11 * MINUTE);
});

test("another slide is a sign that somebody is there", () => {
  viewing.look(1, true);
  pass(2 * MINUTE);
  viewing.look(2, true);
  pass(2 * MINUTE);
  assert.equal(sum(), 4 * MINUTE);
});

test("a page that slept viewed nothing meanwhile", () => {
  viewing.look(1, true);
  pass(30_000);
  now += MINUTE;
  viewing.tell();
  pass(30_000);
  assert.equal(sum(), MINUTE);
});

test("no time is told twice, none is told in parts of more than a minute, whatever happens in whichever order", () => {
  // Seen to fail: with `#untold` kept after it was told, and with views joined without a limit.
  let seed = 7;
  const chance = (n) => (seed = (seed * 48_271) % 2_147_483_647) % n;
  for (let round = 0; round < 300; round += 1) {
    now = chance(1000);
    told = [];
    viewing = new Viewing((...view) => told.push(view), { idle: 20_000, now: () => now });
    for (let step = 0; step < 60; step += 1) {
      now += chance(chance(8) ? 16_000 : 90_000);
      [() => viewing.look(chance(4) || null, chance(3) > 0), () => viewing.stir(), () => viewing.tell()][chance(3)]();
    }
    let last = 0;
    for (const [number, from, until] of told) {
      assert.ok(number > 0 && last <= from && from < until && until <= now && until - from <= MINUTE, JSON.stringify(told));
      last = until;
    }
  }
});
