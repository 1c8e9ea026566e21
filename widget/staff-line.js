/**
 * The staff pages' line to the server. The cookie shows who asks; a banner says when the line is down, what waits to be sent, and
 * what an earlier page left and the server would not take.
 */

import { connect } from "./connection.js";
import { element } from "./element.js";

// Shorter interruptions than this are over before anyone could read about them.
const PATIENCE = 2000;

/**
 * @typedef {import("./connection.js").Connection} Connection
 * @typedef {Omit<import("./connection.js").Options, "ask" | "onUnsent" | "onKept">} Handlers
 */

/**
 * @param {{detailing_id?: string}} subject what the line is for
 * @param {Handlers} handlers
 * @returns {Connection}
 */
export function openLine(subject, handlers) {
  const banner = document.querySelector("#connection > .offline");
  const waiting = /** @type {HTMLElement | null} */ (document.querySelector("#connection > .unsent"));
  let timer = warnLater();
  let unsent = 0;

  function warnLater() {
    return setTimeout(() => banner?.removeAttribute("hidden"), PATIENCE);
  }

  function tellUnsent() {
    if (!waiting) return;
    waiting.hidden = unsent === 0;
    waiting.textContent = ((unsent === 1 ? waiting.dataset.one : waiting.dataset.many) ?? "").replace("{count}", String(unsent));
  }

  const line = connect({
    ...handlers,
    ask(address, body, signal) {
      const headers = { "content-type": "application/json" };
      return fetch(address, { method: "POST", headers, body: JSON.stringify({ ...subject, ...body }), signal });
    },
    onOnline(online) {
      clearTimeout(timer);
      if (online) banner?.setAttribute("hidden", "");
      else timer = warnLater();
      handlers.onOnline?.(online);
    },
    onUnsent(count) {
      unsent = count;
      if (count === 0) tellUnsent();
      else setTimeout(tellUnsent, PATIENCE);
    },
    onKept(acts) {
      for (const act of acts) act.answer.then((answer) => !answer.ok && tellRefused(act, answer.message));
    },
  });
  document.querySelector("form[action='/sign-out']")?.addEventListener("submit", () => line.close({ forget: true }));
  return line;
}

/**
 * @param {import("./outbox.js").KeptAct} act
 * @param {string} why
 */
function tellRefused({ name, message }, why) {
  const notice = document.getElementById("not-saved");
  const list = notice?.querySelector("ul");
  if (!notice || !list) return;
  const what = name === "report_adverse_event" ? notice.dataset.report : notice.dataset.act;
  list.append(element("li", {}, [what, why].filter(Boolean).join(" "), message.text && element("blockquote", {}, message.text)));
  notice.hidden = false;
  notice.querySelector("button")?.addEventListener("click", () => {
    notice.hidden = true;
    list.replaceChildren();
  });
}

/**
 * What the server put into the page for its modules.
 *
 * @returns {any}
 */
export function bootstrap() {
  return JSON.parse(document.getElementById("bootstrap")?.textContent ?? "{}");
}
