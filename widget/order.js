/**
 * Each stream of facts counts from 1 without gaps. This keeps the count: what comes twice is dropped, and what is missing is
 * noticed, in the middle of a stream and, through the server's heads, at its end.
 *
 * @typedef {Record<string, number>} Heads the last `seq` per stream
 */

export class Order {
  /** @type {Heads} */
  seen = {};

  /** @param {Heads} heads what a snapshot covers */
  restart(heads) {
    this.seen = { ...heads };
  }

  /**
   * @param {{stream: string, seq: number}} fact
   * @returns {"next" | "old" | "gap"}
   */
  place({ stream, seq }) {
    const last = this.seen[stream] ?? 0;
    if (seq <= last) return "old";
    if (seq > last + 1) return "gap";
    this.seen[stream] = seq;
    return "next";
  }

  /**
   * Whether the server has said more than was heard here.
   *
   * @param {Heads} heads
   */
  isBehind(heads) {
    return Object.entries(heads).some(([stream, head]) => head > (this.seen[stream] ?? 0));
  }
}
