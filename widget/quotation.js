/** Approved words in the conversation, unchanged: quoted with their source, tables as tables. */

import { element } from "./element.js";

/**
 * @typedef {import("./events").CitedPassage} CitedPassage
 * @typedef {import("./words.js").Words} Words
 */

/**
 * Sentences of one passage, and the button that opens it.
 *
 * @param {CitedPassage[]} citations all of one passage, one at least
 * @param {Words} words
 * @param {(citations: CitedPassage[]) => void} open
 */
export function quotation(citations, words, open) {
  const [{ title, section, path, page, language, table }] = citations;
  const where = [placeOf(path, section), page && words.say("source_page", { page })].filter(Boolean).join(", ");
  const lang = language === words.lang ? null : language;
  if (!citations.some(({ text }) => text)) {
    return element("p", { class: "notice warning" }, words.say("passage_gone"), element("br"), element("span", { lang }, title));
  }
  return element(
    "figure",
    { class: "quotation" },
    element(
      "blockquote",
      { lang },
      citations.map(({ text }) => (table ? tableOf(rowsOf(text)) : element("p", {}, text))),
    ),
    element(
      "figcaption",
      {},
      lang && element("span", { class: "badge" }, words.say(`source_language_${lang}`)),
      element(
        "button",
        { type: "button", class: "source", "aria-haspopup": "dialog", onclick: () => open(citations) },
        element("span", { class: "source-title", lang }, title),
        element("span", { class: "source-place", lang }, where),
      ),
    ),
  );
}

/**
 * Where in its document a passage stands, for people: the innermost heading, with the number of its section before it.
 *
 * @param {string[]} path
 * @param {string} section the source's own code; only a number says something to people
 */
export function placeOf(path, section) {
  const heading = path.at(-1) ?? section;
  return /^\d+(\.\d+)*$/.test(section) && !heading.startsWith(section) ? `${section} ${heading}` : heading;
}

/**
 * The rows of a table that was stored as text: a line is a row, its cells stand between ` | `.
 *
 * @param {string} text
 * @returns {string[][]}
 */
export function rowsOf(text) {
  return text
    .split("\n")
    .filter((line) => line.trim())
    .map((line) => line.split(/ ?\| ?/));
}

/**
 * A row alone has no header.
 *
 * @param {string[][]} rows the header row first
 * @param {(row: number) => boolean} [isMarked]
 */
export function tableOf(rows, isMarked = () => false) {
  const [head, body] = rows.length > 1 ? [rows[0], rows.slice(1)] : [null, rows];
  const cell = (/** @type {string} */ text, /** @type {number} */ row) => (isMarked(row) ? element("mark", {}, text) : text);
  const line = (/** @type {string[]} */ cells, /** @type {number} */ at) => {
    const row = head ? at + 1 : at;
    return element("tr", {}, cells.map((text) => element("td", {}, cell(text, row))));
  };
  return element(
    "div",
    { class: "table", tabindex: 0, role: "group" },
    element(
      "table",
      {},
      head && element("thead", {}, element("tr", {}, head.map((text) => element("th", { scope: "col" }, cell(text, 0))))),
      element("tbody", {}, body.map(line)),
    ),
  );
}
