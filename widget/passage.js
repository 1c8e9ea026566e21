/** An approved passage, unchanged, opened in place with the cited sentences marked. */

import { byId, element } from "./element.js";
import { rowsOf, tableOf } from "./quotation.js";

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
