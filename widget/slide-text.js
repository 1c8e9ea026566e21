/** A slide in words, for those who do not see it or want to read on: lines as lines, tables as tables. */

import { element } from "./element.js";
import { rowsOf, tableOf } from "./quotation.js";

/**
 * @typedef {{number: number, title: string, text: string, alt: string, references: string[]}} SlideText
 */

/** @type {Map<string, SlideText>} */
const known = new Map();

/**
 * @param {string} address of the slide's words
 * @param {import("./words.js").Words} words
 * @returns {Promise<HTMLElement[]>}
 */
export async function slideText(address, words) {
  const found = known.get(address) ?? (await fetched(address));
  if (!found) return [element("p", { class: "muted" }, words.say("slide_text_missing"))];
  known.set(address, found);
  return [
    element("p", { class: "slide-description" }, found.alt),
    ...blocks(found.text).map((lines) => (isTable(lines[0]) ? tableOf(rowsOf(lines.join("\n"))) : element("p", { class: "lines" }, lines.join("\n")))),
    ...found.references.map((reference) => element("p", { class: "muted note" }, reference)),
  ];
}

/**
 * Rows of a table stand together, and so do the lines between tables.
 *
 * @param {string} text
 * @returns {string[][]}
 */
export function blocks(text) {
  /** @type {string[][]} */
  const found = [];
  for (const line of text.split("\n")) {
    const last = found.at(-1);
    if (last && isTable(last[0]) === isTable(line)) last.push(line);
    else found.push([line]);
  }
  return found;
}

/** @param {string} line */
function isTable(line) {
  return line.includes(" | ");
}

/**
 * @param {string} address
 * @returns {Promise<SlideText | null>}
 */
async function fetched(address) {
  const answer = await fetch(address).catch(() => null);
  return answer?.ok ? answer.json() : null;
}
