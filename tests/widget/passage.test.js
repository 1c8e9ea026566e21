import assert from "node:assert/strict";
import { test } from "node:test";

import { cut, span } from "../../widget/passage.js";
import { placeOf, rowsOf } from "../../widget/quotation.js";

test("the cited words are marked and nothing is lost around them", () => {
  assert.deepEqual(cut("un deux trois", [[3, 7]]), [["un ", false], ["deux", true], [" trois", false]]);
});

test("several marks stand in the order of the text, overlaps once", () => {
  const pieces = cut("abcdefgh", [[4, 6], [1, 3], [2, 5]]);
  assert.equal(pieces.map(([words]) => words).join(""), "abcdefgh");
  assert.equal(pieces.filter(([, marked]) => marked).map(([words]) => words).join(""), "bcdef");
});

test("a mark beyond the text's end stops there", () => {
  assert.deepEqual(cut("abc", [[2, 99]]), [["ab", false], ["c", true]]);
});

test("the server's characters and the browser's units agree beyond the basic plane", () => {
  const text = "𝛼 = 5 mg";
  const [start, end] = span(text, 4, 8);
  assert.equal(text.slice(start, end), "5 mg");
});

test("a stored table has its rows and cells back", () => {
  assert.deepEqual(rowsOf("Clairance | Dose\n< 20 ml/min | 100 mg\n"), [["Clairance", "Dose"], ["< 20 ml/min", "100 mg"]]);
});

test("an empty cell stays a cell", () => {
  assert.deepEqual(rowsOf("Clairance |  | Dose"), [["Clairance", "", "Dose"]]);
});

test("a place is the innermost heading, with the number of its section", () => {
  assert.equal(placeOf(["4.2. Posologie", "Insuffisants rénaux"], "4.2"), "4.2 Insuffisants rénaux");
  assert.equal(placeOf(["4.2. Posologie"], "4.2"), "4.2. Posologie");
  assert.equal(placeOf(["Dosage and administration"], "dosage_and_administration"), "Dosage and administration");
});
