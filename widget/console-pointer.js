/** The presenter's end of the pointer: off until it is switched on, then wherever mouse, finger or Shift with arrows lead it. */

import { byId } from "./element.js";
import { Dot, drawn } from "./pointing.js";

// Twenty times a second at most.
const EVERY = 50;
const STEP = 0.02;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

/**
 * @param {{point: (place: {x: number | null, y: number | null}) => void}} parts tells everyone in the room
 */
export function pointer({ point }) {
  const button = byId("pointer", HTMLButtonElement);
  const figure = byId("pointing", HTMLElement);
  const image = byId("current", HTMLImageElement);
  const dot = new Dot(image);
  let on = false;
  let place = { x: 0.5, y: 0.5 };
  let told = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;

  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") !== "true") turn(!on);
  });
  figure.addEventListener("pointermove", (event) => {
    if (!on) return;
    const slide = drawn(image);
    move((event.clientX - slide.left) / slide.width, (event.clientY - slide.top) / slide.height);
  });
  figure.addEventListener("keydown", (event) => {
    const step = event.shiftKey && on && ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    move(place.x + step[0], place.y + step[1]);
  });

  /** @param {boolean} now */
  function turn(now) {
    on = now;
    button.setAttribute("aria-pressed", String(on));
    figure.classList.toggle("pointing", on);
    if (on) return;
    clearTimeout(later);
    tell({ x: null, y: null });
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  function move(x, y) {
    place = { x: within(x), y: within(y) };
    clearTimeout(later);
    const wait = told + EVERY - performance.now();
    if (wait <= 0) tell(place);
    else later = setTimeout(() => tell(place), wait);
  }

  /** @param {{x: number | null, y: number | null}} where */
  function tell(where) {
    told = performance.now();
    dot.show(where);
    point(where);
  }

  return {
    /** @param {boolean} mine whether this screen presents, to people who see the slide */
    render(mine) {
      button.setAttribute("aria-disabled", String(!mine));
      if (on && !mine) turn(false);
    },
    /** @param {{x: number | null, y: number | null}} where somebody else points to */
    follow(where) {
      if (!on) dot.show(where);
    },
  };
}

/** @param {number} share */
function within(share) {
  return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 10_000;
}
