import assert from "node:assert/strict";
import { test } from "node:test";

import { pause } from "../../widget/pause.js";

/** A small generator (mulberry32), so that the same crowd comes back at every run. */
function dice(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The server says 1000 clients / 150 a second. Seen to fail, as it must: without the spread all came within half a second. */
test("a thousand clients of a server that stops come back at two hundred a second at most", () => {
  const random = dice(7);
  const crowd = (1000 * 1000) / 150;
  const arrivals = Array.from({ length: 1000 }, () => pause(500, crowd, random)).sort((one, other) => one - other);
  const busiest = Math.max(...arrivals.map((start, at) => arrivals.filter((arrival, other) => other >= at && arrival < start + 1000).length));
  assert.ok(busiest <= 200, String(busiest));
});

test("two people in a room are back as soon as ever", () => {
  assert.ok(pause(500, (1000 * 2) / 150, () => 0.999) < 650);
});
