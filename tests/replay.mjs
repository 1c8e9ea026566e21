// What the browser makes of snapshots and the facts after them, and of the snapshots taken then. Reads a JSON array on the
// standard input, of {module, before, facts, after}; writes for each [state before, with the facts, from the snapshot after].
import { readFileSync } from "node:fs";

const states = [];
for (const { module, before, facts, after } of JSON.parse(readFileSync(0, "utf8"))) {
  const { fromSnapshot, apply } = await import(module);
  const start = fromSnapshot(before);
  states.push([start, facts.reduce(apply, start), fromSnapshot(after)]);
}
console.log(JSON.stringify(states));
