/**
 * When a slide was before the HCP's eyes: only while the page is visible and in use, and only for a slide that stayed at least two
 * seconds, the time under which detailing records never count a view. Nothing here touches the page.
 */

/** Shorter than this, a slide was passed over, not viewed (milliseconds). */
const GLANCE = 2000;
/** A page that did not look at the clock for so long was asleep, and nobody looked at it (milliseconds). */
const ASLEEP = 40_000;

/** What the server takes as one view (milliseconds). */
const LONGEST = 60_000;

export class Viewing {
  /** @type {number | null} */
  #slide = null;
  #visible = false;
  #counted = 0;
  #stirred = 0;
  #seen = false;
  /** @type {[from: number, until: number][]} what was viewed of this slide and not told yet */
  #untold = [];
  #say;
  #idle;
  #now;

  /**
   * @param {(number: number, from: number, until: number) => void} say told of each time of viewing, once, by `now`'s clock
   * @param {{idle: number, now?: () => number}} options `idle`: after so many milliseconds without a sign of the HCP or another
   *   slide nobody is taken to be there; `now`: milliseconds on a clock that never jumps
   */
  constructor(say, { idle, now = () => performance.now() }) {
    this.#say = say;
    this.#idle = idle;
    this.#now = now;
  }

  /**
   * The page now has this slide on screen (or none), and can be seen or not.
   *
   * @param {number | null} slide
   * @param {boolean} visible
   */
  look(slide, visible) {
    this.#count();
    if (slide !== this.#slide || !visible) this.tell();
    if (slide !== this.#slide) {
      this.#slide = slide;
      this.#untold = [];
      this.#seen = false;
      this.#stirred = this.#counted;
    }
    this.#visible = visible;
  }

  /** The HCP gave a sign: a key, a pointer, a touch. */
  stir() {
    this.#count();
    this.#stirred = this.#counted;
  }

  /** Tell what was viewed since it was last told; to be called every few seconds, so that little is lost with the page. */
  tell() {
    this.#count();
    this.#seen ||= this.#untold.reduce((sum, [from, until]) => sum + until - from, 0) >= GLANCE;
    if (!this.#seen) return;
    for (const [from, until] of this.#untold) this.#say(/** @type {number} */ (this.#slide), from, until);
    this.#untold = [];
  }

  #count() {
    const since = this.#counted;
    const now = (this.#counted = this.#now());
    if (!this.#visible || this.#slide === null || now - since > ASLEEP) return;
    const until = Math.min(now, this.#stirred + this.#idle);
    if (until <= since) return;
    const last = this.#untold.at(-1);
    if (last?.[1] === since && until - last[0] <= LONGEST) last[1] = until;
    else this.#untold.push([since, until]);
  }
}
