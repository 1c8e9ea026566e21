/**
 * The slide on screen. The page follows the rep until the HCP goes back to a slide already shown; from then on the rep's moves
 * move nobody, and one button rejoins. Focus never moves, and a change is announced once, politely.
 */

import { byId, element } from "./element.js";

/**
 * @typedef {import("./state.js").Detailing} Detailing
 * @typedef {import("./words.js").Words} Words
 */

const IN_VIEW = 0.5;

export class Stage {
  #figure = byId("slide-figure", HTMLElement);
  #image = byId("slide", HTMLImageElement);
  /** A phone's pixels are many and its line is thin: it gets the small picture, whatever its density. */
  #small = byId("slide-small", HTMLSourceElement);
  #caption = byId("slide-caption", HTMLElement);
  #previous = byId("slide-previous", HTMLButtonElement);
  #next = byId("slide-next", HTMLButtonElement);
  #rejoin = byId("slide-rejoin", HTMLButtonElement);
  #fullScreen = byId("full-screen", HTMLButtonElement);
  #text = byId("slide-text", HTMLDetailsElement);
  #announcer = byId("slide-announcer", HTMLElement);
  /** @type {Detailing | null} */
  #detailing = null;
  /** @type {number | null} the slide chosen by the HCP; null while following the rep */
  #mine = null;
  /** @type {number | null} */
  #onScreen = null;
  #failed = false;
  #again = 0;
  #words;
  #onLook;

  /** Whether slide changes are announced to screen readers. */
  announces = true;
  /** Whether at least half of the slide lies within the window. */
  inView = true;
  /** Where the deck's pictures lie for this HCP. */
  media;

  /**
   * @param {{media: string, words: Words, onLook: () => void}} options
   *   `onLook` hears which slide is on screen, and when it comes into view or leaves it
   */
  constructor({ media, words, onLook }) {
    this.media = media;
    this.#words = words;
    this.#onLook = onLook;
    this.#previous.addEventListener("click", () => this.#step(-1));
    this.#next.addEventListener("click", () => this.#step(1));
    this.#rejoin.addEventListener("click", () => this.#choose(this.#detailing?.number ?? null));
    this.#text.addEventListener("toggle", () => this.#showText());
    this.#image.addEventListener("load", () => this.#loaded(true));
    this.#image.addEventListener("error", () => this.#loaded(false));
    this.#figure.addEventListener("keydown", (event) => this.#onKey(event));
    new IntersectionObserver((entries) => this.#seen(entries), { threshold: IN_VIEW }).observe(this.#figure);
    this.#prepareFullScreen();
  }

  /** The slide on screen, if any. */
  get number() {
    return this.#onScreen;
  }

  /** @param {Detailing} detailing */
  show(detailing) {
    const before = this.#detailing;
    this.#detailing = detailing;
    if (detailing.number === null) return;
    if (before && detailing.calls > before.calls) this.#mine = null;
    this.#draw();
    this.#figure.classList.toggle("held", detailing.held);
    byId("slide-held", HTMLElement).hidden = !detailing.held;
    if (this.#mine !== null && before?.number !== detailing.number) {
      this.#announce(this.#words.say("slide_rep_is_at", { number: detailing.number }));
    }
  }

  /** Try again what the lost connection may have kept from loading. */
  refresh() {
    if (this.#onScreen === null || (this.#image.complete && !this.#failed)) return;
    // By another address: a request that hangs on the line that is gone would be waited for.
    this.#load(this.#onScreen, `?${++this.#again}`);
  }

  #draw() {
    const { number: shownByRep, shown, total, held } = /** @type {Detailing} */ (this.#detailing);
    const number = /** @type {number} */ (this.#mine ?? shownByRep);
    const title = shown.find((slide) => slide.number === number)?.title ?? "";
    this.#previous.disabled = held || !shown.some((slide) => slide.number < number);
    this.#next.disabled = held || !shown.some((slide) => slide.number > number);
    this.#rejoin.hidden = held || this.#mine === null;
    this.#text.hidden = held;
    this.#rejoin.textContent = this.#words.say("slide_rejoin", { number: shownByRep ?? "" });
    if (number === this.#onScreen) return;
    const first = this.#onScreen === null;
    this.#onScreen = number;
    const label = this.#words.say("slide_label", { number, total, title });
    this.#caption.replaceChildren(
      element("span", { class: "slide-number" }, this.#words.say("slide_number", { number, total })),
      element("span", { class: "slide-title" }, this.#words.typeset(title)),
    );
    this.#image.alt = label;
    if (this.#image.dataset.number !== String(number)) this.#load(number);
    this.#showText();
    this.#onLook();
    if (!first) this.#announce(label);
  }

  /** @param {number} number */
  #load(number, again = "") {
    this.#failed = false;
    this.#image.dataset.number = String(number);
    this.#figure.classList.add("loading");
    this.#small.srcset = `${this.media}/${number}-800.webp${again}`;
    this.#image.srcset = `${this.media}/${number}-800.webp${again} 800w, ${this.media}/${number}-1600.webp${again} 1600w`;
    this.#image.src = `${this.media}/${number}-1600.webp${again}`;
  }

  /** @param {boolean} well */
  #loaded(well) {
    this.#figure.classList.remove("loading");
    this.#failed = !well;
    if (well) this.#preload();
  }

  /** The slide that the presenter most likely shows next, once this one is there; who asks to save data waits for it instead. */
  #preload() {
    const { number, total, held } = this.#detailing ?? {};
    const { connection } = /** @type {{connection?: {saveData: boolean}}} */ (navigator);
    const unseen = this.#image.offsetParent === null;
    if (!number || number === total || held || unseen || this.#mine !== null || connection?.saveData) return;
    new Image().src = this.#image.currentSrc.replace(/\d+(-\d+\.webp)(\?\d+)?$/, `${number + 1}$1`);
  }

  /** @param {1 | -1} direction among the slides already shown */
  #step(direction) {
    if (this.#detailing?.held) return;
    const numbers = (this.#detailing?.shown ?? []).map((slide) => slide.number);
    const at = numbers.indexOf(this.#onScreen ?? 0);
    const target = numbers[at + direction];
    if (target !== undefined) this.#choose(target);
  }

  /** @param {number | null} number */
  #choose(number) {
    // Hidden or disabled, the button that had the focus would lose it to the page's start.
    const focused = document.activeElement;
    this.#mine = number === this.#detailing?.number ? null : number;
    this.#draw();
    if (focused instanceof HTMLButtonElement && (focused.disabled || focused.hidden)) this.#figure.focus();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const direction = { ArrowLeft: -1, PageUp: -1, ArrowRight: 1, PageDown: 1 }[event.key];
    if (!direction || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#step(direction === 1 ? 1 : -1);
  }

  async #showText() {
    if (!this.#text.open || this.#onScreen === null) return;
    const number = this.#onScreen;
    const { slideText } = await import("./slide-text.js");
    const body = await slideText(`${this.media}/${number}.json`, this.#words);
    if (number === this.#onScreen) byId("slide-text-body", HTMLElement).replaceChildren(...body);
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #seen(entries) {
    this.inView = (entries.at(-1)?.intersectionRatio ?? 0) >= IN_VIEW;
    this.#onLook();
  }

  /** @param {string} text */
  #announce(text) {
    if (this.announces) this.#announcer.textContent = text;
  }

  #prepareFullScreen() {
    const stage = byId("stage", HTMLElement);
    this.#fullScreen.hidden = !document.fullscreenEnabled;
    this.#fullScreen.addEventListener("click", () => {
      if (document.fullscreenElement) document.exitFullscreen();
      else stage.requestFullscreen();
    });
    stage.addEventListener("fullscreenchange", () => {
      this.#fullScreen.setAttribute("aria-pressed", String(document.fullscreenElement === stage));
    });
  }
}
