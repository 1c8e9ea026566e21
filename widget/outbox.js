/**
 * What a person did and the server has not yet acknowledged. Every act gets its id once, here, and keeps it however often it is
 * sent, so an act is done once even when an acknowledgement was lost on the way. With a vault, acts outlive the page.
 */

const DAY = 24 * 3600 * 1000;
// A report of an adverse event waits for nothing: neither for its turn nor for a line that is asked to slow down.
const AT_ONCE = "report_adverse_event";
// What the page does by itself is not told to the person as something of theirs.
const BY_ITSELF = "view_slide";

/**
 * @typedef {{ok: true, [field: string]: any} | {ok: false, code: string, message: string, retry_after?: number}} Answer
 * @typedef {{name: string, message: {id: string, [field: string]: any}, settle: (answer: Answer) => void, underway: boolean}} Act
 * @typedef {{name: string, message: {id: string, [field: string]: any}, at: string, answer: Promise<Answer>}} KeptAct one that an
 *   earlier page did not get acknowledged
 *
 * @typedef {object} Options
 * @property {() => boolean} [inOrder] whether what is sent now arrives in the order in which it was sent
 * @property {(count: number) => void} [onCount] told how many acts of the person wait, whenever that may have changed
 */

/** What became of an act that is not sent any more: the page has words for it. @type {Answer} */
const NOT_SENT = { ok: false, code: "not_sent", message: "" };

export class Outbox {
  /** @type {Map<string, Act>} in the order in which they were done */
  #acts = new Map();
  /** @type {import("./vault.js").Vault | null} */
  #vault = null;
  #emptying = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #later;
  #deliver;
  #inOrder;
  #onCount;

  /**
   * @param {(name: string, message: object) => Promise<Answer>} deliver rejects when no acknowledgement came
   * @param {Options} [options]
   */
  constructor(deliver, { inOrder = () => true, onCount = () => {} } = {}) {
    this.#deliver = deliver;
    this.#inOrder = inOrder;
    this.#onCount = onCount;
  }

  /** How many acts wait for their acknowledgement. */
  get size() {
    return this.#acts.size;
  }

  /**
   * From now on acts are kept in this vault too, and in none before; what an earlier page left there goes first.
   *
   * @param {import("./vault.js").Vault} vault
   * @returns {Promise<KeptAct[]>} what it left, with the answer to come
   */
  async keepIn(vault) {
    const found = /** @type {Pick<Act, "name" | "message">[]} */ (await vault.all("act/"));
    const since = this.#acts;
    this.#acts = new Map();
    const kept = found.filter(({ message }) => !since.has(message.id)).map((act) => this.#takeUp(act));
    for (const [id, act] of since) this.#acts.set(id, act);
    this.#vault?.clear();
    this.#vault = vault;
    for (const { name, message } of since.values()) vault.put(`act/${message.id}`, { name, message });
    vault.forgetThePast();
    this.#count();
    this.resend();
    return kept;
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
    const atOnce = name === AT_ONCE || (this.#inOrder() && [...this.#acts.values()].every((act) => act.underway));
    return new Promise((settle) => {
      const act = { name, message, settle, underway: false };
      this.#acts.set(message.id, act);
      this.#vault?.put(`act/${message.id}`, { name, message });
      this.#count();
      if (atOnce && !this.#emptying) this.#send(act);
      else this.resend();
    });
  }

  /** Send, one after the other and in order, whatever is not underway: to be called after every (re)connection. */
  async resend() {
    if (this.#emptying) return;
    this.#emptying = true;
    clearTimeout(this.#later);
    for (let act = this.#first(); act && (await this.#send(act)); ) act = this.#first();
    this.#emptying = false;
  }

  /** Give up whatever waits, here and in the vault. */
  clear() {
    for (const { settle } of this.#acts.values()) settle(NOT_SENT);
    this.#acts.clear();
    clearTimeout(this.#later);
    this.#count();
    return this.#vault?.clear();
  }

  #first() {
    const waiting = [...this.#acts.values()].filter((act) => !act.underway);
    return waiting.find(({ name }) => name === AT_ONCE) ?? waiting[0];
  }

  /**
   * @param {Act} act
   * @returns {Promise<boolean>} whether it is done with, one way or the other
   */
  async #send(act) {
    act.underway = true;
    try {
      const answer = await this.#deliver(act.name, act.message);
      if (!answer.ok && answer.retry_after) {
        this.#later = setTimeout(() => this.resend(), answer.retry_after * 1000);
        return false;
      }
      this.#acts.delete(act.message.id);
      this.#vault?.remove(`act/${act.message.id}`);
      act.settle(answer);
      this.#count();
      return true;
    } catch {
      // No acknowledgement: the act stays, and goes out again with the same id at the next `resend`.
      return false;
    } finally {
      act.underway = false;
    }
  }

  #count() {
    this.#onCount([...this.#acts.values()].filter(({ name }) => name !== BY_ITSELF).length);
  }

  /**
   * @param {Pick<Act, "name" | "message">} act
   * @returns {KeptAct}
   */
  #takeUp({ name, message }) {
    const made = madeAt(message.id);
    const answer = new Promise((/** @type {Act["settle"]} */ settle) => {
      if (Date.now() - made > DAY) settle(NOT_SENT);
      else this.#acts.set(message.id, { name, message, settle, underway: false });
    });
    return { name, message, at: new Date(made).toISOString(), answer };
  }
}

let last = 0;

/**
 * A UUID of version 7 (RFC 9562): ids sort in the order in which they were made, also within one millisecond and when the clock
 * is set back.
 *
 * @param {number} [now] milliseconds since 1970
 * @returns {string}
 */
export function uuid7(now = Date.now()) {
  last = Math.max(now, last + 1);
  const time = last.toString(16).padStart(12, "0");
  // Not crypto.randomUUID: that one is missing where a page is served without TLS.
  const random = Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const variant = "89ab"[parseInt(random[3], 16) % 4];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(8)}`;
}

/**
 * When an id was made, by the clock of this browser.
 *
 * @param {string} id
 */
function madeAt(id) {
  return parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
