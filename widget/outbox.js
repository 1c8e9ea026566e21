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
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setBigUint64(0, (BigInt(now) << 16n) | BigInt((bytes[6] << 8) | bytes[7]));
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
