/**
 * The one way from a page to the server. It hands over every fact once and in order, keeps what was done here until the server
 * has it, and comes back by itself; its user sees a snapshot, then facts, and never a socket.
 */

import { io } from "./vendor/socket.io.esm.min.js";
import { Order } from "./order.js";
import { Outbox } from "./outbox.js";
import { pause } from "./pause.js";

const ACKNOWLEDGEMENT = 5000;
// A line that does not come up in this time is tried anew: what hangs on a connection that nobody hung up would hang for minutes.
const OPENING = 8000;
// The server says its heads every 2 s: twice missed, the line is dead, whatever the network stack still believes.
const SILENCE = 4500;
const FIRST_RETRY = 500;
const LAST_RETRY = 5000;
// A line that stays down for so long may be one that this network does not let through: acts go by plain requests then.
const DETOUR = 4000;
// Answers that are about who asks, not about the act: it stays until its owner is known again.
const UNKNOWN_SENDER = ["not_signed_in", "link_unknown"];

/**
 * @typedef {import("./outbox.js").Answer} Answer
 * @typedef {import("./events").Commands} Commands
 * @typedef {import("./events").Signals} Signals
 *
 * @typedef {object} Options
 * @property {string} namespace `/hcp`, `/rep` or `/msl`
 * @property {(address: string, body: object, signal: AbortSignal) => Promise<Response>} ask a POST with whatever shows who asks
 * @property {(snapshot: any) => void} onSnapshot everything as it stands: replaces what was known
 * @property {(fact: any) => void} onFact the next fact of its stream
 * @property {(name: string, body: any) => void} [onNotice]
 * @property {(at: string, now: number) => void} [onTime] what the server's clock said when `performance.now()` was `now`
 * @property {(online: boolean) => void} [onOnline] called on each change, first when the first join succeeded
 * @property {(count: number) => void} [onUnsent] how many acts of the person are not acknowledged
 * @property {(acts: import("./outbox.js").KeptAct[], vault: import("./vault.js").Vault) => void} [onKept] what an earlier page left
 *   unsent, and where more can be kept
 *
 * @typedef {object} Connection
 * @property {<N extends keyof Commands>(name: N, body: Omit<Commands[N], "id"> & {id?: string}) => Promise<Answer>} send a
 *   command; settles when the server has acknowledged it, after a reconnection if need be
 * @property {<N extends keyof Signals>(name: N, body: Signals[N]) => void} signal said in passing: lost when the line is down
 * @property {<N extends keyof Signals>(name: N, body: Signals[N]) => Promise<any>} ask the same, with the server's answer; rejects
 *   when there is none
 * @property {() => Promise<{transport: string, trip: number, ahead: number}>} probe how the line is: `websocket` or `polling`, a
 *   round trip in milliseconds, and how far the server's clock is ahead of this device's; rejects when the line is down
 * @property {(how?: {forget: boolean}) => void} close `forget`: what is not sent is given up, here and in the vault
 */

/**
 * @param {Options} options
 * @returns {Connection}
 */
export function connect({ namespace, ask, onSnapshot, onFact, onNotice, onOnline, onTime, onUnsent, onKept }) {
  const order = new Order();
  const outbox = new Outbox(deliver, { inOrder: () => online, onCount: onUnsent });
  const life = new AbortController();
  let online = false;
  let joining = false;
  let heard = Infinity;
  let lost = Date.now();
  let detour = false;
  let owner = "";
  /** How long others need to come back too, in milliseconds: said by a server that stops. */
  let crowd = 0;
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
    timeout: OPENING,
    // Two pages of one browser tab (a rep's console and its preview) must not share one line.
    forceNew: true,
    auth: (/** @type {(data: object) => void} */ give) => {
      identify().then((ticket) => give({ ticket }), reconnectLater);
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
  socket.on("server_leaving", (/** @type {import("./events").ServerLeaving} */ { milliseconds }) => (crowd = milliseconds));
  socket.onAny((/** @type {string} */ name, /** @type {any} */ body) => {
    if (name !== "fact" && name !== "heads") onNotice?.(name, body);
  });

  const watch = setInterval(() => {
    if (Date.now() - heard > SILENCE) restart();
    else if (!online && navigator.onLine && Date.now() - lost > DETOUR) {
      detour = true;
      lost = Date.now();
      outbox.resend();
    }
  }, 1000);
  addEventListener("offline", restart, { signal: life.signal });
  addEventListener("online", restart, { signal: life.signal });
  addEventListener("pageshow", ({ persisted }) => persisted && wake(), { signal: life.signal });
  document.addEventListener("visibilitychange", wake, { signal: life.signal });

  /** A ticket for the socket; and what an earlier page of whoever it is for left unsent. */
  async function identify() {
    const answer = await ask("/api/ticket", {}, AbortSignal.timeout(ACKNOWLEDGEMENT));
    if (!answer.ok) throw new Error(`no ticket: ${answer.status}`);
    const { ticket, outbox: whose } = await answer.json();
    if (whose.owner !== owner) keep(whose).catch(() => (owner = ""));
    owner = whose.owner;
    return ticket;
  }

  /** @param {Parameters<typeof import("./vault.js").openVault>[0]} whose */
  async function keep(whose) {
    const { openVault } = await import("./vault.js");
    const vault = await openVault(whose);
    if (vault) onKept?.(await outbox.keepIn(vault), vault);
  }

  /** A page that slept, or comes back from the browser's history, may have missed anything. */
  function wake() {
    if (document.visibilityState === "hidden") return;
    if (online && Date.now() - heard < SILENCE) return join();
    retry = FIRST_RETRY;
    restart();
  }

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
    crowd = 0;
    detour = false;
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
   * @returns {Promise<any>}
   */
  async function deliver(name, message) {
    const answer = online ? await say(name, message) : await post(name, message);
    if (UNKNOWN_SENDER.includes(answer.code)) throw new Error(answer.code);
    return answer;
  }

  /** @type {typeof deliver} */
  async function say(name, message) {
    try {
      return await socket.timeout(ACKNOWLEDGEMENT).emitWithAck(name, message);
    } catch (unanswered) {
      if (online) setTimeout(() => outbox.resend(), FIRST_RETRY);
      throw unanswered;
    }
  }

  /** @type {typeof deliver} */
  async function post(name, message) {
    if (!detour) throw new Error("offline");
    return (await ask("/api/acts", { name, message }, AbortSignal.timeout(ACKNOWLEDGEMENT))).json();
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
    }, pause(retry, crowd));
    retry = Math.min(retry * 2, LAST_RETRY);
  }

  /** @param {boolean} now */
  function setOnline(now) {
    if (now === online || life.signal.aborted) return;
    online = now;
    lost = Date.now();
    onOnline?.(now);
  }

  return {
    send: (name, body) => outbox.put(name, body),
    signal(name, body) {
      if (online) socket.emit(name, body);
    },
    ask: (name, body) => (online ? say(name, body) : Promise.reject(new Error("offline"))),
    async probe() {
      if (!online) throw new Error("offline");
      const asked = Date.now();
      const { at } = await socket.timeout(ACKNOWLEDGEMENT).emitWithAck("join", { seen: order.seen });
      const trip = Date.now() - asked;
      return { transport: socket.io.engine.transport.name, trip, ahead: Date.parse(at) - asked - trip / 2 };
    },
    close({ forget } = { forget: false }) {
      if (forget) outbox.clear();
      clearTimeout(retryTimer);
      clearInterval(watch);
      life.abort();
      socket.disconnect();
    },
  };
}
