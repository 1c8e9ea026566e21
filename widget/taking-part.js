/**
 * Taking part, with one click each: the hand, reactions to the slide on screen, the question put by the rep, and the documents
 * handed over. What is pressed is what the server has; a click on it takes it back.
 */

import { byId, element } from "./element.js";

/**
 * @typedef {import("./words.js").Words} Words
 * @typedef {import("./events").Commands} Commands
 * @typedef {import("./events").Offered} Offered
 * @typedef {import("./events").Mine} Mine
 *
 * @typedef {object} Parts
 * @property {Words} words
 * @property {<N extends "move_hand" | "react" | "answer_poll">(name: N, body: Omit<Commands[N], "id">) => void} send
 * @property {() => string} media where this HCP's documents lie
 */

/** @param {Parts} parts */
export function takingPart({ words, send, media }) {
  const hand = byId("hand", HTMLButtonElement);
  const reactions = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("[data-reaction]")]);
  const pollPlace = byId("poll", HTMLElement);
  const documentPlace = byId("documents", HTMLElement);
  const news = byId("offered-news", HTMLElement);
  /** @type {Offered | null} */
  let offered = null;
  /** @type {number | null} the slide on screen */
  let number = null;
  let drawn = "";

  hand.addEventListener("click", () => send("move_hand", { raised: !isPressed(hand) }));
  for (const button of reactions) {
    const kind = /** @type {import("./events").Reaction["kind"]} */ (button.dataset.reaction);
    button.addEventListener("click", () => number !== null && send("react", { number, kind, given: !isPressed(button) }));
  }

  /**
   * @param {Offered} now
   * @param {Mine} mine
   * @param {number | null} slide the slide on screen; none where nothing can be marked
   */
  function render(now, mine, slide) {
    number = slide;
    press(hand, mine.hand);
    hand.disabled = false;
    for (const button of reactions) {
      press(button, mine.reactions.some((mark) => mark.number === number && mark.kind === button.dataset.reaction));
      button.disabled = number === null;
    }
    tell(offered, now);
    offered = now;
    const before = drawn;
    drawn = JSON.stringify([now, mine.choices]);
    if (drawn === before) return;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.option;
    const last = now.polls.at(-1);
    pollPlace.replaceChildren(...(last ? poll(last, mine.choices[last.number] ?? null) : []));
    if (focused !== undefined) /** @type {HTMLElement | null} */ (pollPlace.querySelector(`[data-option="${focused}"]`))?.focus();
    documentPlace.replaceChildren(...documents(now.documents));
    byId("offered", HTMLElement).hidden = !last && now.documents.length === 0;
  }

  /**
   * What is new is read out once, politely; what was there when the page was opened is not.
   *
   * @param {Offered | null} before
   * @param {Offered} now
   */
  function tell(before, now) {
    if (!before) return;
    const last = now.polls.at(-1);
    const was = before.polls.find((one) => one.number === last?.number);
    if (last && !was) news.textContent = words.say("poll_news", { question: last.question });
    else if (last?.counts && !was?.counts) news.textContent = words.say("poll_result_news");
    else if (last && was?.open && !last.open) news.textContent = words.say("poll_closed");
    if (now.documents.length > before.documents.length) {
      news.textContent = words.say("document_news", { title: now.documents.at(-1)?.title ?? "" });
    }
  }

  /**
   * @param {import("./events").PollNow} poll
   * @param {number | null} choice
   * @returns {HTMLElement[]}
   */
  function poll({ number, question, options, open, counts }, choice) {
    const all = counts?.reduce((sum, count) => sum + count, 0) ?? 0;
    return [
      element("h3", { id: "poll-question" }, words.typeset(question)),
      element(
        "div",
        { class: "poll-options", role: "group", "aria-labelledby": "poll-question" },
        options.map((option, at) =>
          counts ? result(option, counts[at], all, choice === at) : answer(number, option, at, choice === at, open),
        ),
      ),
      element("p", { class: "muted note" }, words.say(open ? "poll_open" : counts ? "poll_result" : "poll_closed", { count: all })),
    ];
  }

  /**
   * @param {number} number
   * @param {string} option
   * @param {number} at
   * @param {boolean} chosen
   * @param {boolean} open
   */
  function answer(number, option, at, chosen, open) {
    const onclick = () => send("answer_poll", { number, option: chosen ? null : at });
    return element("button", { type: "button", "aria-pressed": String(chosen), disabled: !open, "data-option": at, onclick }, words.typeset(option));
  }

  /**
   * Words first, then a bar that only repeats them.
   *
   * @param {string} option
   * @param {number} count
   * @param {number} all
   * @param {boolean} mine
   */
  function result(option, count, all, mine) {
    const share = all ? Math.round((100 * count) / all) : 0;
    return element(
      "p",
      { class: "poll-result" },
      element("span", {}, words.typeset(option), mine && element("b", {}, ` ${words.say("poll_mine")}`)),
      element("span", {}, words.say("poll_share", { count, share })),
      element("progress", { max: 100, value: share, "aria-hidden": "true" }),
    );
  }

  /** @param {import("./events").Handout[]} handouts */
  function documents(handouts) {
    if (handouts.length === 0) return [];
    return [
      element("h3", {}, words.say("documents")),
      element("ul", { class: "plain-list" }, handouts.map((one) => element("li", {}, ...links(one)))),
    ];
  }

  /** @param {import("./events").Handout} handout */
  function links({ edition_id, title, kind, version, dated }) {
    const address = `${media()}/documents/${edition_id}`;
    const about = [words.say(`handout_${kind}`), version && words.say("passage_version", { version }), dated && words.day(dated)];
    return [
      element("a", { class: "handout", href: `${address}?lang=${words.lang}`, target: "_blank", rel: "noopener" }, title),
      element("span", { class: "muted note" }, about.filter(Boolean).join(" · ")),
      element("a", { class: "button", href: `${address}?download&lang=${words.lang}`, download: true, "aria-label": words.say("document_download_of", { title }) }, words.say("document_download")),
    ];
  }

  return { render };
}

/** @param {HTMLElement} button */
function isPressed(button) {
  return button.getAttribute("aria-pressed") === "true";
}

/**
 * @param {HTMLElement} button
 * @param {boolean} pressed
 */
function press(button, pressed) {
  button.setAttribute("aria-pressed", String(pressed));
}
