/**
 * How long a slide was before the HCP's eyes: counted only while the tab is visible, and only for a slide that stayed at least
 * two seconds, the time under which detailing records never count a view. Nothing here touches the page.
 */

/** Shorter than this, a slide was passed over, not viewed (milliseconds). */
export const GLANCE = 2000;

export class Viewing {
  /** @type {number | null} */
  #slide = null;
  #visible = false;
  #since = 0;
  #unsaid = 0;
  #counts = false;
  #say;
  #now;

  /**
   * @param {(number: number, milliseconds: number) => void} say told of viewing time not told before
   * @param {() => number} [now] milliseconds on a clock that never jumps
   */
  constructor(say, now = () => performance.now()) {
    this.#say = say;
    this.#now = now;
  }

  /**
   * The page now has this slide on screen (or none), and is visible or not.
   *
   * @param {number | null} slide
   * @param {boolean} visible
   */
  look(slide, visible) {
    this.#count();
    if (slide !== this.#slide || !visible) this.tell();
    if (slide !== this.#slide) {
      this.#slide = slide;
      this.#unsaid = 0;
      this.#counts = false;
    }
    this.#visible = visible;
  }

  /** Tell what was viewed since it was last told. */
  tell() {
    this.#count();
    this.#counts ||= this.#unsaid >= GLANCE;
    const milliseconds = Math.round(this.#unsaid);
    if (this.#slide === null || !this.#counts || milliseconds === 0) return;
    this.#say(this.#slide, milliseconds);
    this.#unsaid = 0;
  }

  #count() {
    const now = this.#now();
    if (this.#visible && this.#slide !== null) this.#unsaid += now - this.#since;
    this.#since = now;
  }
}
