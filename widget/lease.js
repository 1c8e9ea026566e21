/**
 * Which screen presents. This one does while the epoch it holds is the session's; whoever takes the lease over makes every other
 * screen read-only. What a screen holds survives a reload, in this tab alone.
 */

/** @typedef {import("./events").Presenter} Presenter */

export class Lease {
  #key;
  #me;
  #takeOver;
  #onChange;
  /** @type {number | null} the epoch under which this screen presents, or last did */
  #held = null;
  #hasArrived = false;
  #taking = false;
  /** @type {(() => void) | undefined} */
  #letGo;

  /** Whether the screen that holds the lease is connected, as the server said last. */
  seen = { epoch: 0, connected: true };

  /**
   * @param {object} parts
   * @param {string} parts.detailingId
   * @param {string} parts.me id of the person at this screen
   * @param {(epoch: number) => Promise<import("./connection.js").Answer>} parts.takeOver ask the server for the lease
   * @param {() => void} parts.onChange called when this screen begins to hold the lease
   */
  constructor({ detailingId, me, takeOver, onChange }) {
    this.#key = `relais-lease-${detailingId}`;
    this.#me = me;
    this.#takeOver = takeOver;
    this.#onChange = onChange;
    const kept = Number(sessionStorage.getItem(this.#key));
    if (kept) this.hold(kept);
  }

  /** The epoch that this screen's commands carry. */
  get epoch() {
    return this.#held ?? 0;
  }

  /** @param {Presenter} presenter */
  holds(presenter) {
    return this.#held === presenter.epoch && presenter.staff_id === this.#me;
  }

  /** @param {Presenter} presenter whether the person at this screen presents, here or elsewhere */
  isMine(presenter) {
    return presenter.staff_id === this.#me;
  }

  /**
   * This screen presents under this epoch. A tab that was duplicated brings what the first one keeps: the browser's lock tells.
   *
   * @param {number} epoch
   */
  hold(epoch) {
    this.#letGo?.();
    const begin = () => {
      this.#held = epoch;
      sessionStorage.setItem(this.#key, String(epoch));
      this.#onChange();
    };
    // Without TLS there are no locks; the server still lets nobody present who does not hold the lease.
    if (!navigator.locks) return begin();
    navigator.locks.request(`${this.#key}-${epoch}`, { ifAvailable: true }, (lock) => {
      if (!lock) return;
      begin();
      return new Promise((done) => (this.#letGo = () => done(undefined)));
    });
  }

  /**
   * Present from this screen.
   *
   * @param {Presenter} presenter as far as this screen knows
   */
  async take({ epoch }) {
    if (this.#taking) return;
    this.#taking = true;
    const answer = await this.#takeOver(epoch);
    this.#taking = false;
    if (answer.ok) this.hold(answer.epoch);
  }

  /**
   * The lease may have moved on.
   *
   * @param {Presenter} presenter
   */
  follow(presenter) {
    if (this.#held === null || this.#held >= presenter.epoch) return;
    this.#held = null;
    this.#letGo?.();
    sessionStorage.removeItem(this.#key);
  }

  /**
   * Somebody was given the lease: when it is who sits here, this screen asks for it, and of several one gets it.
   *
   * @param {Presenter} presenter
   */
  given(presenter) {
    if (this.isMine(presenter)) this.take(presenter);
  }

  /**
   * This page has come in. Where the lease's holder is gone, say after a crash, it goes on by itself; later it waits to be asked.
   *
   * @param {Presenter | null} presenter null while nobody presents
   */
  arrive(presenter) {
    const isFirst = !this.#hasArrived;
    this.#hasArrived = true;
    if (!presenter || !isFirst || this.seen.connected || this.seen.epoch !== presenter.epoch) return;
    if (this.isMine(presenter) && !this.holds(presenter)) this.take(presenter);
  }
}
