// What the browser makes of a snapshot and the facts after it, and of the snapshot taken then. Reads one JSON value on the
// standard input: {module, before, facts, after}; writes [state before, state with the facts, state from the snapshot after].
import { readFileSync } from "node:fs";

const { module, before, facts, after } = JSON.parse(readFileSync(0, "utf8"));
const { fromSnapshot, apply } = await import(module);
const start = fromSnapshot(before);
console.log(JSON.stringify([start, facts.reduce(apply, start), fromSnapshot(after)]));
