/**
 * The conversation's log: entries are added at its end, read out once and whole by screen readers, and walked with the arrow keys.
 * An entry that changed is drawn again in its place.
 */

/**
 * @typedef {import("./transcript.js").Entry} Entry
 * @typedef {import("./words.js").Words} Words
 */

const NEAR_THE_END = 120;

export class Log {
  #root;
  #words;
  #acts;
  /** @type {Map<string, {drawn: string, node: HTMLElement}>} */
  #nodes = new Map();
  /** @type {Entry[]} */
  #entries = [];
  /** @type {typeof import("./entry.js").draw | null} */
  #draw = null;

  /**
   * @param {HTMLElement} root the scrolling region with `role=log`, its `aria-live` still off
   * @param {Words} words
   * @param {import("./entry.js").Acts & {leave: () => void}} acts `leave`: Escape was pressed
   */
  constructor(root, words, acts) {
    this.#root = root;
    this.#words = words;
    this.#acts = acts;
    root.addEventListener("keydown", (event) => this.#onKey(event));
    this.#load();
  }

  /** @param {Entry[]} entries */
  render(entries) {
    this.#entries = entries;
    if (this.#draw) this.#drawAll(this.#draw);
  }

  /** Not in the way of the first slide, yet here before a line that breaks: words typed offline are drawn too. */
  async #load() {
    const { draw } = await import("./entry.js");
    this.#draw = draw;
    this.#drawAll(draw);
  }

  /** @param {typeof import("./entry.js").draw} draw */
  #drawAll(draw) {
    const entries = this.#entries;
    const root = this.#root;
    const atEnd = root.scrollHeight - root.scrollTop - root.clientHeight < NEAR_THE_END;
    const keys = new Set(entries.map((entry) => entry.key));
    for (const [key, { node }] of this.#nodes) {
      if (keys.has(key)) continue;
      node.remove();
      this.#nodes.delete(key);
    }
    /** @type {HTMLElement | null} */
    let added = null;
    for (const entry of entries) {
      const drawn = JSON.stringify(entry);
      const known = this.#nodes.get(entry.key);
      if (known?.drawn === drawn) {
        // What is not sent yet stays below what others said meanwhile.
        if (entry.kind === "unsent" && known.node !== root.lastElementChild) root.append(known.node);
        continue;
      }
      const node = draw(entry, this.#words, this.#acts);
      if (known) this.#replace(known.node, node);
      else {
        root.append(node);
        added = node;
      }
      this.#nodes.set(entry.key, { drawn, node });
    }
    if (added && (atEnd || added.classList.contains("mine"))) this.#reveal(added);
    else if (atEnd) root.scrollTop = root.scrollHeight;
    // History is in place before the region goes live: some screen readers would read all of it out.
    if (root.getAttribute("aria-live") !== "polite") requestAnimationFrame(() => root.setAttribute("aria-live", "polite"));
  }

  /**
   * @param {HTMLElement} before
   * @param {HTMLElement} after
   */
  #replace(before, after) {
    const hadFocus = before.contains(document.activeElement);
    before.replaceWith(after);
    if (hadFocus) after.focus({ preventScroll: true });
  }

  /**
   * A short entry is shown whole, a long one from its beginning.
   *
   * @param {HTMLElement} node
   */
  #reveal(node) {
    const root = this.#root;
    root.scrollTop += node.getBoundingClientRect().top - root.getBoundingClientRect().top - 48;
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.#acts.leave();
      return;
    }
    if (event.target !== this.#root && !(event.target instanceof HTMLElement && event.target.matches(".entry"))) return;
    const nodes = /** @type {HTMLElement[]} */ ([...this.#root.querySelectorAll(".entry")]);
    const at = nodes.findIndex((node) => node === event.target);
    const end = nodes.length - 1;
    const to = { ArrowUp: at < 0 ? end : at - 1, ArrowDown: at < 0 ? end : at + 1, Home: 0, End: end }[event.key];
    if (to === undefined || !nodes[to]) return;
    event.preventDefault();
    nodes[to].focus();
  }
}
