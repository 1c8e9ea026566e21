import assert from "node:assert/strict";
import { test } from "node:test";

import { Order } from "../../widget/order.js";

const at = (seq, stream = "room:d1") => ({ stream, seq });

test("facts come one after the other, and a second time they are old", () => {
  const order = new Order();
  assert.deepEqual([order.place(at(1)), order.place(at(2)), order.place(at(2)), order.place(at(1))], ["next", "next", "old", "old"]);
});

test("a fact that is missing leaves a gap until it is there", () => {
  const order = new Order();
  order.place(at(1));
  assert.equal(order.place(at(3)), "gap");
  assert.equal(order.place(at(2)), "next");
  assert.equal(order.place(at(3)), "next");
});

test("streams count apart", () => {
  const order = new Order();
  order.place(at(1));
  assert.equal(order.place(at(1, "conversation:g1")), "next");
});

test("after a snapshot the count goes on from its heads", () => {
  const order = new Order();
  order.restart({ "room:d1": 7 });
  assert.equal(order.place(at(7)), "old");
  assert.equal(order.place(at(8)), "next");
});

test("a head ahead of what was heard tells of a fact that was lost", () => {
  const order = new Order();
  order.restart({ "room:d1": 7 });
  assert.equal(order.isBehind({ "room:d1": 7 }), false);
  assert.equal(order.isBehind({ "room:d1": 8 }), true);
  assert.equal(order.isBehind({ "room:d1": 7, "conversation:g1": 1 }), true);
});
