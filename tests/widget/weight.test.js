/** What an HCP's browser has to load, and what it is made of. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const widget = new URL("../../widget/", import.meta.url);
const read = (name) => readFileSync(new URL(name, widget), "utf8");

const weight = (names) => names.reduce((sum, name) => sum + gzipSync(read(name), { level: 9 }).length, 0);

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
