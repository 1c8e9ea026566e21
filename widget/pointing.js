/** The presenter's pointer: a place on the slide, from its top left corner, 0 to 1, whatever the window makes of the slide. */

/**
 * Where a picture that keeps its proportions lies within its element.
 *
 * @param {HTMLImageElement} image
 * @returns {{left: number, top: number, width: number, height: number}} in pixels of the window
 */
export function drawn(image) {
  const box = image.getBoundingClientRect();
  const ratio = image.naturalWidth / image.naturalHeight || 16 / 9;
  const width = Math.min(box.width, box.height * ratio);
  const height = width / ratio;
  return { left: box.left + (box.width - width) / 2, top: box.top + (box.height - height) / 2, width, height };
}

// After the last move the pointer stays this long.
const STAYS = 3000;

/** A dot over a slide. Sighted people follow it with the words they hear; to others it says nothing, and is not there. */
export class Dot {
  #image;
  #dot = document.createElement("span");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #leaving;

  /** @param {HTMLImageElement} image in an element that is positioned */
  constructor(image) {
    this.#image = image;
    this.#dot.className = "pointer-dot";
    this.#dot.ariaHidden = "true";
    this.#dot.hidden = true;
    image.after(this.#dot);
  }

  /** @param {{x: number | null, y: number | null}} place */
  show({ x, y }) {
    clearTimeout(this.#leaving);
    this.#dot.hidden = x === null || y === null;
    if (x === null || y === null) return;
    const slide = drawn(this.#image);
    const frame = /** @type {HTMLElement} */ (this.#dot.offsetParent ?? this.#dot.parentElement);
    const from = frame.getBoundingClientRect();
    this.#dot.style.left = `${slide.left - from.left - frame.clientLeft + x * slide.width}px`;
    this.#dot.style.top = `${slide.top - from.top - frame.clientTop + y * slide.height}px`;
    this.#leaving = setTimeout(() => (this.#dot.hidden = true), STAYS);
  }
}
