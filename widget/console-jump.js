/** The grid of all slides: what was seen, what is owed, and a way to any of them by picture, number or words of its title. */

import { byId } from "./element.js";

/**
 * @param {{go: (number: number) => void}} parts
 */
export function jumpGrid({ go }) {
  const dialog = byId("jump", HTMLDialogElement);
  const filter = byId("jump-filter", HTMLInputElement);
  const items = /** @type {HTMLElement[]} */ ([...byId("jump-list", HTMLElement).children]);

  byId("jump-open", HTMLButtonElement).addEventListener("click", () => open());
  byId("jump-close", HTMLButtonElement).addEventListener("click", () => dialog.close());
  filter.addEventListener("input", sift);
  filter.addEventListener("keydown", (event) => {
    const first = items.find((item) => !item.hidden);
    if (event.key !== "Enter" || !first) return;
    // Closing gives the focus back to the button that opened the grid: the same key must not press it again.
    event.preventDefault();
    choose(first);
  });
  for (const item of items) item.querySelector("button")?.addEventListener("click", () => choose(item));

  /** @param {string} [typed] a digit with which the presenter began to type a slide's number */
  function open(typed = "") {
    filter.value = /^\d$/.test(typed) ? typed : "";
    sift();
    dialog.showModal();
    filter.focus();
    dialog.querySelector("[aria-current] > button")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {HTMLElement} item */
  function choose(item) {
    dialog.close();
    go(Number(item.dataset.number));
  }

  function sift() {
    const sought = plain(filter.value.trim());
    const isNumber = /^\d+$/.test(sought);
    for (const item of items) {
      item.hidden = isNumber ? item.dataset.number !== sought : !plain(item.textContent ?? "").includes(sought);
    }
  }

  return {
    open,
    /**
     * @param {import("./console-state.js").ConsoleState} state
     * @param {boolean} movable whether this screen may show another slide now
     */
    render(state, movable) {
      for (const item of items) {
        const number = Number(item.dataset.number);
        const isCurrent = state.phase === "live" && number === state.number;
        mark(item, "current", isCurrent);
        mark(item, "seen", state.shown.includes(number) && !isCurrent);
        if (isCurrent) item.setAttribute("aria-current", "true");
        else item.removeAttribute("aria-current");
        const button = item.querySelector("button");
        if (button) button.disabled = !movable;
      }
    },
  };
}

/**
 * @param {HTMLElement} item
 * @param {string} name
 * @param {boolean} shown
 */
function mark(item, name, shown) {
  item.querySelector(`[data-mark="${name}"]`)?.toggleAttribute("hidden", !shown);
}

/**
 * Letters without case and accents, so that "reaction" finds "Réactions".
 *
 * @param {string} text
 */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
