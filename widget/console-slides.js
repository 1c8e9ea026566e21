/** The rep's view of the slides: the current one, the next one, the notes, and the keys that move them. */

import { byId } from "./element.js";

/**
 * @typedef {object} RepSlide
 * @property {number} number
 * @property {string} title
 * @property {string} notes
 * @property {string} key_message
 * @property {boolean} mandatory
 * @property {string} alt
 *
 * @typedef {number | "next" | "previous" | "first" | "last"} Where
 */

// A key that is held down repeats itself faster than slides can be looked at: it moves on once in so many milliseconds.
const HELD = 100;
/** @type {Record<string, Where>} */
const KEYS = { ArrowRight: "next", PageDown: "next", ArrowLeft: "previous", PageUp: "previous", Home: "first", End: "last" };

/**
 * @param {{slides: RepSlide[], media: string, words: import("./words.js").Words, go: (where: Where) => void}} parts
 */
export function slidesView({ slides, media, words, go }) {
  const current = byId("current", HTMLImageElement);
  const upcoming = byId("upcoming", HTMLImageElement);
  const previous = byId("previous", HTMLButtonElement);
  const next = byId("next", HTMLButtonElement);
  const counter = byId("counter", HTMLElement);
  const notes = /** @type {HTMLElement} */ (byId("notes", HTMLElement).closest(".notes"));
  /** @type {number | null} */
  let drawn = null;
  let turned = 0;

  previous.addEventListener("click", () => go("previous"));
  next.addEventListener("click", () => go("next"));
  document.addEventListener("keydown", (event) => {
    const where = KEYS[event.key];
    if (!where || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || isTyping(event.target)) return;
    event.preventDefault();
    if (event.repeat && event.timeStamp - turned < HELD) return;
    turned = event.timeStamp;
    go(where);
  });
  // The next image is fetched only once the current one is there, so that it never delays it.
  current.addEventListener("load", () => {
    const following = slides[drawn ?? 0];
    if (following) new Image().src = `${media}/${following.number}-800.webp`;
  });

  /** @param {number} number */
  function draw(number) {
    if (number === drawn) return;
    const slide = slides[number - 1];
    const following = slides[number];
    drawn = number;
    if (!current.src.includes(`/${number}-800.webp`)) {
      current.srcset = `${media}/${number}-800.webp 800w, ${media}/${number}-1600.webp 1600w`;
      current.src = `${media}/${number}-800.webp`;
    }
    current.alt = slide.alt;
    byId("position", HTMLElement).textContent = words.say("slide_name", { number, total: slides.length, title: slide.title });
    byId("key-message", HTMLElement).textContent = words.typeset(slide.key_message);
    byId("notes", HTMLElement).textContent = words.typeset(slide.notes || words.say("no_notes"));
    byId("mandatory", HTMLElement).hidden = !slide.mandatory;
    notes.scrollTop = 0;
    upcoming.hidden = !following;
    if (following) upcoming.src = `${media}/${following.number}-320.webp`;
    const announced = following ? `${following.number}. ${words.typeset(following.title)}` : words.say("last_slide");
    byId("upcoming-words", HTMLElement).textContent = announced;
  }

  return {
    /**
     * @param {import("./console-state.js").ConsoleState} state
     * @param {number | null} goal
     * @param {boolean} movable whether this screen may show another slide now
     */
    render(state, goal, movable) {
      draw(state.number ?? 1);
      const here = goal ?? state.number ?? 1;
      // aria-disabled, not disabled: the focus stays on the button at the first and the last slide.
      previous.setAttribute("aria-disabled", String(!movable || here <= 1));
      next.setAttribute("aria-disabled", String(!movable || here >= state.total));
      counter.textContent = goal === null ? `${here} / ${state.total}` : words.say("on_its_way", { number: goal });
      counter.parentElement?.setAttribute("aria-busy", String(goal !== null));
    },
  };
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof Element && target.closest("input, textarea, select, dialog[open], [contenteditable]") !== null;
}
