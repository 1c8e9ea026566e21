/**
 * What this browser keeps for one person in one session until the server has it. It lies in IndexedDB, encrypted under a key that
 * is kept by the server alone, and for a day at most. Keeping is best effort: where a browser forbids it, nothing is kept.
 */

const DAY = 24 * 3600 * 1000;

/**
 * The vault of one owner, or null in a browser without storage or cryptography.
 *
 * @param {{owner: string, key: string}} whose as the server says them; `key` in Base64
 * @returns {Promise<Vault | null>}
 */
export async function openVault({ owner, key }) {
  try {
    const bytes = Uint8Array.from(atob(key), (character) => character.charCodeAt(0));
    const secret = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    const opening = indexedDB.open("relais", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("kept").createIndex("at", "at");
    return new Vault(await done(opening), owner, secret);
  } catch {
    return null;
  }
}

export class Vault {
  #database;
  #owner;
  #secret;
  /** One after the other: encrypting takes its time, and a removal must not overtake the keeping of the same thing. */
  #turn = Promise.resolve();

  /**
   * @param {IDBDatabase} database
   * @param {string} owner
   * @param {CryptoKey} secret
   */
  constructor(database, owner, secret) {
    this.#database = database;
    this.#owner = owner;
    this.#secret = secret;
  }

  /**
   * @param {string} name
   * @param {any} value
   */
  put(name, value) {
    return this.#next(async () => {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.#secret, new TextEncoder().encode(JSON.stringify(value)));
      await done(this.#kept("readwrite").put({ at: Date.now(), iv, sealed }, this.#owner + name));
    });
  }

  /** @param {string} name */
  remove(name) {
    return this.#next(() => done(this.#kept("readwrite").delete(this.#owner + name)));
  }

  /**
   * Everything whose name begins so, by name. What nobody can read any more is left out.
   *
   * @param {string} beginning
   * @returns {Promise<any[]>}
   */
  all(beginning) {
    return this.#next(async () => {
      const found = await done(this.#kept("readonly").getAll(this.#namesIn(beginning)));
      const read = await Promise.allSettled(found.map((one) => this.#read(one)));
      return read.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    }, []);
  }

  /** Forget everything of this owner. */
  clear() {
    return this.#next(() => done(this.#kept("readwrite").delete(this.#namesIn(""))));
  }

  /** Forget what anybody kept here more than a day ago. */
  forgetThePast() {
    return this.#next(async () => {
      const kept = this.#kept("readwrite");
      const names = await done(kept.index("at").getAllKeys(IDBKeyRange.upperBound(Date.now() - DAY)));
      for (const name of names) kept.delete(name);
    });
  }

  /** @param {{iv: Uint8Array<ArrayBuffer>, sealed: ArrayBuffer}} one */
  async #read({ iv, sealed }) {
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, this.#secret, sealed)));
  }

  /** @param {IDBTransactionMode} mode */
  #kept(mode) {
    return this.#database.transaction("kept", mode).objectStore("kept");
  }

  /** @param {string} beginning */
  #namesIn(beginning) {
    return IDBKeyRange.bound(this.#owner + beginning, `${this.#owner + beginning}\uffff`);
  }

  /**
   * @template T
   * @param {() => Promise<T>} job
   * @param {T} [otherwise] when the browser could not
   * @returns {Promise<T>}
   */
  #next(job, otherwise) {
    const result = this.#turn.then(job).catch(() => /** @type {T} */ (otherwise));
    this.#turn = result.then(() => {});
    return result;
  }
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
