import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Viewing } from "../../widget/viewing.js";

let now, told, viewing;
beforeEach(() => {
  now = 0;
  told = [];
  viewing = new Viewing((number, milliseconds) => told.push([number, milliseconds]), () => now);
});

test("a slide left after a while was viewed for that while", () => {
  viewing.look(1, true);
  now = 5000;
  viewing.look(2, true);
  assert.deepEqual(told, [[1, 5000]]);
});

test("a slide passed over in less than two seconds was not viewed", () => {
  viewing.look(1, true);
  now = 1900;
  viewing.look(2, true);
  assert.deepEqual(told, []);
});

test("time counts only while the tab is visible", () => {
  viewing.look(1, true);
  now = 3000;
  viewing.look(1, false);
  now = 60_000;
  viewing.look(1, true);
  now = 61_000;
  viewing.look(2, true);
  assert.deepEqual(told, [[1, 3000], [1, 1000]]);
});

test("hiding the tab tells at once what was viewed", () => {
  viewing.look(1, true);
  now = 4000;
  viewing.look(1, false);
  assert.deepEqual(told, [[1, 4000]]);
});

test("short looks at a slide that is still there add up to a view", () => {
  viewing.look(1, true);
  now = 1500;
  viewing.look(1, false);
  viewing.look(1, true);
  now = 3000;
  viewing.look(1, false);
  assert.deepEqual(told, [[1, 3000]]);
});

test("what was told is not told again", () => {
  viewing.look(1, true);
  now = 15_000;
  viewing.tell();
  viewing.tell();
  now = 30_000;
  viewing.tell();
  assert.deepEqual(told, [[1, 15_000], [1, 15_000]]);
});

test("no slide on screen, nothing to tell", () => {
  viewing.look(null, true);
  now = 10_000;
  viewing.tell();
  assert.deepEqual(told, []);
});
