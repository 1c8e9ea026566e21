import assert from "node:assert/strict";
import { test } from "node:test";

import { typography } from "../../widget/typography.js";

const shown = (text) => typography(text, "fr");

test("tall punctuation never stands alone on a line", () => {
  assert.equal(shown("Quels effets ? Aucun ; vraiment !"), "Quels effets\u202f? Aucun\u202f; vraiment\u202f!");
  assert.equal(shown("Source : « RCP »"), "Source\u00a0: «\u00a0RCP\u00a0»");
});

test("a number keeps its unit", () => {
  assert.equal(shown("100 mg par jour, 5 % des cas, 12 ans"), "100\u00a0mg par jour, 5\u00a0% des cas, 12\u00a0ans");
});

test("a word that only begins like a unit is left alone", () => {
  assert.equal(shown("3 grammes et 2 mges"), "3 grammes et 2 mges");
});

test("times and addresses are left alone", () => {
  assert.equal(shown("à 12:30, https://exemple.fr/?a=1"), "à 12:30, https://exemple.fr/?a=1");
});

test("apostrophes and dots get their own signs", () => {
  assert.equal(shown("l'effet d'une dose..."), "l’effet d’une dose…");
});

test("English is left as it is", () => {
  assert.equal(typography("What dose ? It's 100 mg", "en"), "What dose ? It's 100 mg");
});

test("what is typeset already stays so", () => {
  const text = shown("Quelle dose : 100 mg ?");
  assert.equal(shown(text), text);
});
