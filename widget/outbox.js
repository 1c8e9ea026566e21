/**
 * What a person did and the server has not yet acknowledged. Every act gets its id once, here, and keeps it however often it is
 * sent, so an act is done once even when an acknowledgement was lost on the way.
 */

/**
 * @typedef {{ok: true, [field: string]: any} | {ok: false, code: string, message: string}} Answer
 * @typedef {{name: string, message: {id: string, [field: string]: any}, settle: (answer: Answer) => void, underway: boolean}} Act
 */

export class Outbox {
  /** @type {Map<string, Act>} in the order in which they were done */
  #acts = new Map();
  #deliver;

  /** @param {(name: string, message: object) => Promise<Answer>} deliver rejects when no acknowledgement came */
  constructor(deliver) {
    this.#deliver = deliver;
  }

  /** How many acts wait for their acknowledgement. */
  get size() {
    return this.#acts.size;
  }

  /**
   * Keep an act until it is acknowledged. `body.id` may name an id made earlier with `uuid7`.
   *
   * @param {string} name the command's name on the wire
   * @param {{id?: string, [field: string]: any}} body
   * @returns {Promise<Answer>} settles at the acknowledgement, however long that takes
   */
  put(name, body) {
    const message = { ...body, id: body.id ?? uuid7() };
    return new Promise((settle) => {
      const act = { name, message, settle, underway: false };
      this.#acts.set(message.id, act);
      this.#send(act);
    });
  }

  /** Send again, in order, whatever is not underway: to be called after every (re)connection. */
  resend() {
    for (const act of this.#acts.values()) this.#send(act);
  }

  /** @param {Act} act */
  async #send(act) {
    if (act.underway) return;
    act.underway = true;
    try {
      const answer = await this.#deliver(act.name, act.message);
      this.#acts.delete(act.message.id);
      act.settle(answer);
    } catch {
      // No acknowledgement: the act stays, and goes out again with the same id at the next `resend`.
    } finally {
      act.underway = false;
    }
  }
}

/**
 * A UUID of version 7: ids sort by the time they were made (RFC 9562).
 *
 * @param {number} [now] milliseconds since 1970
 * @returns {string}
 */
export function uuid7(now = Date.now()) {
  const time = now.toString(16).padStart(12, "0");
  // Not crypto.randomUUID: that one is missing where a page is served without TLS.
  const random = Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const variant = "89ab"[parseInt(random[3], 16) % 4];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(8)}`;
}
