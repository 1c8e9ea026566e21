/** What the rep puts before everyone, and how everyone takes part: reactions, the deck's questions, documents. */

import { admitted } from "./console-state.js";
import { byId, element } from "./element.js";

/**
 * @typedef {import("./console-state.js").ConsoleState} ConsoleState
 * @typedef {import("./events").Commands} Commands
 * @typedef {{number: number, question: string, options: string[]}} DeckPoll
 * @typedef {import("./events").Handout} Handout
 *
 * @typedef {object} Parts
 * @property {DeckPoll[]} polls the questions of the deck
 * @property {Handout[]} handouts the documents that may be handed over
 * @property {import("./words.js").Words} words
 * @property {(name: "start_poll" | "close_poll" | "show_poll_result" | "offer_document", body: any) => Promise<unknown>} perform
 */

/** @param {Parts} parts */
export function offersView({ polls, handouts, words, perform }) {
  const panel = byId("offers", HTMLElement);
  let drawn = "";

  /** @param {ConsoleState} state */
  function render(state) {
    panel.hidden = state.phase === "planned";
    const { offered, everyones, number, participants, phase } = state;
    const before = drawn;
    drawn = JSON.stringify([offered, everyones, number, phase, participants.map(({ id, name, state: standing }) => [id, name, standing])]);
    if (drawn === before) return;
    const focused = document.activeElement instanceof HTMLElement && panel.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    place("reactions", reactions(state));
    place("polls", polls.map((poll) => pollRow(poll, state)));
    place("handouts", handouts.map((handout) => handoutRow(handout, state)));
    if (focused) /** @type {HTMLElement | null} */ (panel.querySelector(`[data-key="${focused}"]`))?.focus();
  }

  /** @param {ConsoleState} state */
  function reactions({ everyones, number }) {
    const marks = Object.values(everyones.reactions).flat().filter((mark) => mark.number === number);
    return /** @type {const} */ (["useful", "unclear", "more", "thanks"])
      .map((kind) => ({ kind, count: marks.filter((mark) => mark.kind === kind).length }))
      .filter(({ count }) => count > 0)
      .map(({ kind, count }) => element("li", { class: "badge" }, words.say("reaction_count", { reaction: words.say(`reaction_${kind}`), count })));
  }

  /**
   * @param {DeckPoll} poll
   * @param {ConsoleState} state
   */
  function pollRow({ number, question, options }, state) {
    const asked = state.offered.polls.find((one) => one.number === number);
    const live = state.phase === "live";
    const choices = admitted(state).map(({ id }) => state.everyones.choices[id]?.[number]);
    const counts = asked?.counts ?? options.map((_, at) => choices.filter((choice) => choice === at).length);
    const most = Math.max(1, counts.reduce((sum, count) => sum + count, 0));
    return element(
      "li",
      { class: "stack tight" },
      element("p", {}, words.typeset(question)),
      asked && element("ul", { class: "plain-list" }, options.map((option, at) =>
        element("li", { class: "poll-result" }, element("span", {}, words.typeset(option)), element("span", {}, String(counts[at])), element("progress", { max: most, value: counts[at], "aria-hidden": "true" })),
      )),
      element(
        "p",
        { class: "row" },
        asked && element("span", { class: asked.open ? "badge info" : "badge" }, words.say(asked.open ? "poll_is_open" : asked.counts ? "poll_is_shown" : "poll_is_closed")),
        !asked && live && button(words.say("poll_start"), `start-${number}`, () => perform("start_poll", { number })),
        asked?.open && live && button(words.say("poll_close"), `close-${number}`, () => perform("close_poll", { number })),
        asked && !asked.counts && live && button(words.say("poll_show"), `show-${number}`, () => perform("show_poll_result", { number })),
      ),
    );
  }

  /**
   * @param {Handout} handout
   * @param {ConsoleState} state
   */
  function handoutRow({ edition_id, title, kind, version }, { offered, everyones, phase }) {
    const isOffered = offered.documents.some((one) => one.edition_id === edition_id);
    const opened = new Set(everyones.receipts.filter((one) => one.edition_id === edition_id).map((one) => one.participant_id)).size;
    return element(
      "li",
      { class: "stack tight" },
      element("p", {}, title, " ", element("span", { class: "muted note" }, [words.say(`kind_${kind}`), version].filter(Boolean).join(" · "))),
      element(
        "p",
        { class: "row" },
        isOffered && element("span", { class: "badge done" }, words.say("document_offered", { count: opened })),
        !isOffered && phase === "live" && button(words.say("document_offer"), `offer-${edition_id}`, () => perform("offer_document", { edition_id })),
      ),
    );
  }

  return { render };
}

/**
 * @param {string} id
 * @param {HTMLElement[]} rows
 */
function place(id, rows) {
  const list = byId(id, HTMLElement);
  list.replaceChildren(...rows);
  const frame = /** @type {HTMLElement} */ (list.closest("[data-frame]"));
  frame.hidden = rows.length === 0;
}

/**
 * @param {string} text
 * @param {string} key
 * @param {() => void} onclick
 */
function button(text, key, onclick) {
  return element("button", { type: "button", "data-key": key, onclick }, text);
}
