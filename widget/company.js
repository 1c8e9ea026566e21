/** Who presents, and who of the laboratory is there: always in the head of the page, and over the slide when it changes. */

import { byId } from "./element.js";

/** @typedef {import("./state.js").Detailing} Detailing */

// Long enough to be read twice.
const STAYS = 6000;

export class Company {
  #line = byId("presented-by", HTMLElement);
  #news = byId("slide-news", HTMLElement);
  #words;
  #laboratory;
  /** @type {Detailing | null} */
  #before = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #leaving;

  /** @param {{words: import("./words.js").Words, laboratory: string}} parts */
  constructor({ words, laboratory }) {
    this.#words = words;
    this.#laboratory = laboratory;
  }

  /** @param {Detailing} now */
  render(now) {
    const { presenter, colleagues } = now;
    const key = presenter.role === "msl" ? "presented_by_msl" : "presented_by";
    const presented = this.#words.say(key, { name: presenter.name, laboratory: this.#laboratory });
    const names = colleagues.filter(({ staff_id }) => staff_id !== presenter.staff_id).map(({ name }) => name).join(", ");
    const line = names ? this.#words.say("with_colleagues", { presented, names }) : presented;
    if (this.#line.textContent !== line) this.#line.textContent = line;
    if (this.#before) this.#tell(this.#changes(this.#before, now));
    this.#before = now;
  }

  /**
   * @param {Detailing} before
   * @param {Detailing} now
   * @returns {string[]}
   */
  #changes(before, now) {
    const { presenter, number } = now;
    const came = newcomers(now, before).map(({ name }) => this.#words.say("colleague_entered", { name }));
    const went = newcomers(before, now).map(({ name }) => this.#words.say("colleague_left", { name }));
    const presents = presenter.staff_id !== before.presenter.staff_id;
    const calls = now.calls > before.calls;
    return [
      ...came,
      ...went,
      ...(presents ? [this.#words.say(`presents_${presenter.role}`, { name: presenter.name })] : []),
      ...(calls ? [this.#words.say("slide_called", { name: presenter.name, number: number ?? "" })] : []),
    ];
  }

  /** @param {string[]} news */
  #tell(news) {
    if (news.length === 0) return;
    clearTimeout(this.#leaving);
    this.#news.textContent = news.join(". ");
    this.#leaving = setTimeout(() => (this.#news.textContent = ""), STAYS);
  }
}

/**
 * @param {Detailing} here
 * @param {Detailing} there
 */
function newcomers(here, there) {
  return here.colleagues.filter((one) => !there.colleagues.some(({ staff_id }) => staff_id === one.staff_id));
}
