/** Approved words on screen, unchanged: quoted with their source, and opened in place with the cited sentences marked. */

import { byId, element } from "./element.js";

/**
 * @typedef {import("./events").CitedPassage} CitedPassage
 * @typedef {import("./words.js").Words} Words
 *
 * @typedef {object} Edition
 * @property {string | null} version
 * @property {string | null} dated
 * @property {string | null} source
 * @property {string | null} holder
 * @property {string | null} country
 * @property {string} language
 *
 * @typedef {{title: string, edition: Edition, section: string, path: string[], text: string, start: number}} OpenPassage
 * @typedef {[start: number, end: number]} Span
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

export class PassageDialog {
  #dialog = byId("passage", HTMLDialogElement);
  #title = byId("passage-title", HTMLElement);
  #body = byId("passage-body", HTMLElement);
  #words;
  #fetchPassage;

  /**
   * @param {{words: Words, fetchPassage: (id: string) => Promise<OpenPassage | null>}} options `fetchPassage` gives null when the
   *   passage may not be shown (any more), and rejects when the server could not be asked
   */
  constructor({ words, fetchPassage }) {
    this.#words = words;
    this.#fetchPassage = fetchPassage;
    byId("passage-close", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
  }

  /** @param {CitedPassage[]} citations sentences of one passage */
  async open(citations) {
    const [{ passage_id, title, table }] = citations;
    this.#title.textContent = title;
    this.#body.replaceChildren(element("p", { class: "muted" }, this.#words.say("passage_loading")));
    if (!this.#dialog.open) this.#dialog.showModal();
    /** @type {OpenPassage | null} */
    let passage;
    try {
      passage = await this.#fetchPassage(passage_id);
    } catch {
      this.#body.replaceChildren(element("p", {}, this.#words.say("passage_unreachable")));
      return;
    }
    if (!passage) {
      this.#body.replaceChildren(element("p", {}, this.#words.say("passage_gone")));
      return;
    }
    const { start, text } = passage;
    const spans = citations.map((citation) => span(text, citation.start - start, citation.end - start));
    this.#title.textContent = passage.title;
    this.#title.lang = passage.edition.language;
    this.#body.replaceChildren(
      this.#facts(passage.edition),
      element("h3", { lang: passage.edition.language }, passage.path.join(" › ") || passage.section),
      element("div", { class: "passage-text", lang: passage.edition.language }, table ? markedTable(text, spans) : marked(text, spans)),
    );
    this.#body.querySelector("mark")?.scrollIntoView({ block: "center" });
  }

  /** @param {Edition} edition */
  #facts({ version, dated, holder, country, language, source }) {
    const words = this.#words;
    return element(
      "ul",
      { class: "passage-facts plain-list" },
      ...[
        words.say("passage_approved"),
        version && words.say("passage_version", { version }),
        dated && words.say("passage_dated", { date: words.day(dated) }),
        holder,
        country && words.country(country),
        language !== words.lang && words.say(`source_language_${language}`),
      ].map((text) => text && element("li", {}, text)),
      // Only a web address is a link: a source can also be a file's name.
      source && /^https:\/\//.test(source) && element("li", {}, element("a", { class: "aside", href: source, target: "_blank", rel: "noopener noreferrer" }, words.say("passage_source"))),
    );
  }
}

/**
 * The server counts characters, a JavaScript string counts UTF-16 units.
 *
 * @param {string} text
 * @param {number} start in characters
 * @param {number} end in characters
 * @returns {Span} in units
 */
export function span(text, start, end) {
  const characters = [...text];
  const before = characters.slice(0, Math.max(0, start)).join("").length;
  return [before, before + characters.slice(Math.max(0, start), end).join("").length];
}

/**
 * The text cut at the marks: `[words, whether they are marked]`, in order, nothing lost.
 *
 * @param {string} text
 * @param {Span[]} spans offsets in the text, in any order; what lies outside of it is left out
 * @returns {[string, boolean][]}
 */
export function cut(text, spans) {
  /** @type {[string, boolean][]} */
  const pieces = [];
  let at = 0;
  for (const [start, end] of [...spans].sort(([one], [other]) => one - other)) {
    const from = Math.max(start, at);
    const to = Math.min(end, text.length);
    if (to <= from) continue;
    pieces.push([text.slice(at, from), false], [text.slice(from, to), true]);
    at = to;
  }
  pieces.push([text.slice(at), false]);
  return pieces.filter(([words]) => words);
}

/**
 * @param {string} text
 * @param {Span[]} spans
 */
function marked(text, spans) {
  return cut(text, spans).map(([words, isMarked]) => (isMarked ? element("mark", {}, words) : words));
}

/**
 * @param {string} text
 * @param {Span[]} spans
 */
function markedTable(text, spans) {
  const starts = new Set();
  let at = 0;
  for (const [row, line] of text.split("\n").filter((words) => words.trim()).entries()) {
    at = text.indexOf(line, at);
    const end = at + line.length;
    if (spans.some(([from, to]) => from < end && to > at)) starts.add(row);
    at = end;
  }
  return tableOf(rowsOf(text), (row) => starts.has(row));
}
