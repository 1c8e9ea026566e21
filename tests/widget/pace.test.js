import assert from "node:assert/strict";
import { test } from "node:test";

import { ahead } from "../../widget/pace.js";

const MINUTE = 60_000;
/** Twenty minutes for ten slides: two minutes each. */
const at = (minutes, seen) => ahead({ elapsed: minutes * MINUTE, planned: 20, seen, total: 10 });

test("while the slide's own share of the time lasts, the session is on time", () => {
  assert.equal(at(0, 1), 0);
  assert.equal(at(5, 3), 0);
});

test("a minute early or late is still on time", () => {
  assert.equal(at(2.9, 1), 0);
  assert.equal(at(3.2, 3), 0);
});

test("who lingers is behind by what the slide's share is exceeded", () => {
  assert.equal(at(7.5, 2), -3);
});

test("who hurries is ahead by what is left until the slide's share begins", () => {
  assert.equal(at(1, 4), 5);
});
