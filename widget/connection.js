/**
 * The one way from a page to the server. It hands over every fact once and in order, keeps what was done here until the server
 * has it, and comes back by itself; its user sees a snapshot, then facts, and never a socket.
 */

import { io } from "./vendor/socket.io.esm.min.js";
import { Order } from "./order.js";
import { Outbox } from "./outbox.js";

const ACKNOWLEDGEMENT = 5000;
// The server says its heads every 2 s: twice missed, the line is dead, whatever the network stack still believes.
const SILENCE = 4500;
const FIRST_RETRY = 500;
const LAST_RETRY = 5000;

/**
 * @typedef {import("./outbox.js").Answer} Answer
 * @typedef {import("./events").Commands} Commands
 * @typedef {import("./events").Signals} Signals
 *
 * @typedef {object} Options
 * @property {string} namespace `/hcp`, `/rep` or `/msl`
 * @property {() => Promise<string>} ticket a fresh ticket for each connection; rejects when none is given
 * @property {(snapshot: any) => void} onSnapshot everything as it stands: replaces what was known
 * @property {(fact: any) => void} onFact the next fact of its stream
 * @property {(name: string, body: any) => void} [onNotice]
 * @property {(at: string, now: number) => void} [onTime] what the server's clock said when `performance.now()` was `now`
 * @property {(online: boolean) => void} [onOnline] called on each change, first when the first join succeeded
 *
 * @typedef {object} Connection
 * @property {<N extends keyof Commands>(name: N, body: Omit<Commands[N], "id"> & {id?: string}) => Promise<Answer>} send a
 *   command; settles when the server has acknowledged it, after a reconnection if need be
 * @property {<N extends keyof Signals>(name: N, body: Signals[N]) => void} signal said in passing: lost when the line is down
 * @property {() => void} close
 */

/**
 * @param {Options} options
 * @returns {Connection}
 */
export function connect({ namespace, ticket, onSnapshot, onFact, onNotice, onOnline, onTime }) {
  const order = new Order();
  const outbox = new Outbox(deliver);
  const life = new AbortController();
  let online = false;
  let joining = false;
  let heard = Infinity;
  /** @type {any[]} facts that arrive while a join is underway: its answer may hold them, or the ones before them */
  let held = [];
  let retry = FIRST_RETRY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let retryTimer;

  const socket = io(namespace, {
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: FIRST_RETRY,
    reconnectionDelayMax: LAST_RETRY,
    // Two pages of one browser tab (a rep's console and its preview) must not share one line.
    forceNew: true,
    auth: (/** @type {(data: object) => void} */ give) => {
      ticket().then((fresh) => give({ ticket: fresh }), reconnectLater);
    },
  });

  socket.on("connect", join);
  socket.on("connect_error", () => {
    if (!socket.active) reconnectLater();
  });
  socket.on("disconnect", (/** @type {string} */ reason) => {
    heard = Infinity;
    setOnline(false);
    if (reason === "io server disconnect") reconnectLater();
  });
  socket.on("fact", (/** @type {any} */ fact) => take(fact));
  socket.on("heads", (/** @type {import("./order.js").Heads} */ heads) => {
    heard = Date.now();
    if (online && order.isBehind(heads)) join();
  });
  socket.onAny((/** @type {string} */ name, /** @type {any} */ body) => {
    if (name !== "fact" && name !== "heads") onNotice?.(name, body);
  });

  const watch = setInterval(() => {
    if (Date.now() - heard > SILENCE) restart();
  }, 1000);
  addEventListener("offline", restart, { signal: life.signal });
  addEventListener("online", restart, { signal: life.signal });

  async function join() {
    if (joining) return;
    joining = true;
    const asked = performance.now();
    const answer = await socket
      .timeout(ACKNOWLEDGEMENT)
      .emitWithAck("join", { seen: order.seen })
      .catch(() => ({ ok: false }));
    joining = false;
    if (!answer.ok) return reconnectLater();
    onTime?.(answer.at, (asked + performance.now()) / 2);
    if (answer.snapshot) {
      order.restart(answer.heads);
      onSnapshot(answer.snapshot);
    }
    retry = FIRST_RETRY;
    setOnline(true);
    const facts = [...answer.facts, ...held];
    held = [];
    facts.forEach(take);
    outbox.resend();
  }

  /** @param {any} fact */
  function take(fact) {
    if (joining) {
      held.push(fact);
      return;
    }
    const place = order.place(fact);
    if (place === "next") onFact(fact);
    else if (place === "gap") join();
  }

  /**
   * @param {string} name
   * @param {object} message
   * @returns {Promise<Answer>}
   */
  async function deliver(name, message) {
    if (!online) throw new Error("offline");
    try {
      return await socket.timeout(ACKNOWLEDGEMENT).emitWithAck(name, message);
    } catch (lost) {
      if (online) setTimeout(() => outbox.resend(), FIRST_RETRY);
      throw lost;
    }
  }

  function restart() {
    socket.disconnect();
    reconnectLater();
  }

  // After a refusal, a missing ticket or a cut of our own making Socket.IO does not come back by itself.
  function reconnectLater() {
    if (life.signal.aborted) return;
    clearTimeout(retryTimer);
    retryTimer = setTimeout(() => {
      socket.disconnect();
      socket.connect();
    }, retry * (0.75 + Math.random() / 2));
    retry = Math.min(retry * 2, LAST_RETRY);
  }

  /** @param {boolean} now */
  function setOnline(now) {
    if (now === online || life.signal.aborted) return;
    online = now;
    onOnline?.(now);
  }

  return {
    send: (name, body) => outbox.put(name, body),
    signal(name, body) {
      if (online) socket.emit(name, body);
    },
    close() {
      clearTimeout(retryTimer);
      clearInterval(watch);
      life.abort();
      socket.disconnect();
    },
  };
}
