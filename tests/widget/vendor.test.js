/** What the browser's code is made of; `tests/house/test_weight.py` weighs it. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const widget = new URL("../../widget/", import.meta.url);
const read = (name) => readFileSync(new URL(name, widget), "utf8");

test("what others wrote is what they published", () => {
  const manifest = JSON.parse(read("vendor/vendor.json"));
  for (const { file, sha256, licence_file } of manifest) {
    assert.equal(createHash("sha256").update(read(`vendor/${file}`)).digest("hex"), sha256, file);
    assert.ok(read(`vendor/${licence_file}`).length > 0);
  }
  const code = readdirSync(new URL("vendor/", widget)).filter((name) => name.endsWith(".js"));
  assert.deepEqual(code, manifest.map(({ file }) => file));
});
