/** What an HCP's browser has to load, and what it is made of. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const widget = new URL("../../widget/", import.meta.url);
const read = (name) => readFileSync(new URL(name, widget), "utf8");

/** A module as the server sends it: comments and indentation stay at home, line numbers stay true. */
const asSent = (name) =>
  name.startsWith("vendor/")
    ? read(name)
    : read(name)
        .replace(/\/\*\*[\s\S]*?\*\/ ?/g, (comment) => "\n".repeat(comment.split("\n").length - 1))
        .replace(/^\s*\/\/.*$/gm, "")
        .replace(/^[ \t]+/gm, "");

const weight = (names) => names.reduce((sum, name) => sum + gzipSync(asSent(name), { level: 9 }).length, 0);

function withImports(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, imported] of read(name).matchAll(/^import .* from "\.\/(.+)";$/gm)) withImports(imported, found);
  return found;
}

test("before the first click a laboratory's site loads 2 kB at most", () => {
  assert.ok(gzipSync(read("embed.js"), { level: 9 }).length <= 2000);
});

test("all the code of an HCP's pages, the socket included, is 30 kB at most", () => {
  const names = new Set(["start.js", "room.js", "join.js"].flatMap((name) => [...withImports(name)]));
  const total = weight([...names]);
  assert.ok(total <= 30_000, `${total} bytes in ${names.size} files`);
});

test("the style of an HCP's pages is 8 kB at most", () => {
  assert.ok(weight(["style/tokens.css", "style/room.css"]) <= 8000);
});

test("what others wrote is what they published", () => {
  const manifest = JSON.parse(read("vendor/vendor.json"));
  for (const { file, sha256, licence_file } of manifest) {
    assert.equal(createHash("sha256").update(read(`vendor/${file}`)).digest("hex"), sha256, file);
    assert.ok(read(`vendor/${licence_file}`).length > 0);
  }
  const code = readdirSync(new URL("vendor/", widget)).filter((name) => name.endsWith(".js"));
  assert.deepEqual(code, manifest.map(({ file }) => file));
});
