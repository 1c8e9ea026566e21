/** The staff pages' line to the server: the cookie buys the tickets, and a banner says when the line is down. */

import { connect } from "./connection.js";

// Shorter interruptions than this are over before anyone could read about them.
const PATIENCE = 2000;

/**
 * @typedef {import("./connection.js").Connection} Connection
 * @typedef {Omit<import("./connection.js").Options, "ticket">} Handlers
 */

/**
 * @param {{detailing_id?: string}} subject what the ticket is for
 * @param {Handlers} handlers
 * @returns {Connection}
 */
export function openLine(subject, handlers) {
  const banner = document.querySelector("#connection > .offline");
  let timer = warnLater();

  function warnLater() {
    return setTimeout(() => banner?.removeAttribute("hidden"), PATIENCE);
  }

  return connect({
    ...handlers,
    async ticket() {
      const answer = await fetch("/api/ticket", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(subject),
      });
      if (!answer.ok) throw new Error(`no ticket: ${answer.status}`);
      return (await answer.json()).ticket;
    },
    onOnline(online) {
      clearTimeout(timer);
      if (online) banner?.setAttribute("hidden", "");
      else timer = warnLater();
      handlers.onOnline?.(online);
    },
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
