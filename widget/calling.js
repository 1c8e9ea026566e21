/** The door to a call: of the call itself nothing is loaded, and nothing asked of the browser, before the click. */

import { byId } from "./element.js";

/**
 * @param {object} parts
 * @param {import("./words.js").Words} parts.words
 * @param {() => import("./connection.js").Connection} parts.line
 * @param {() => string | null} [parts.name] under which name an HCP appears to the others
 */
export function calling(parts) {
  const button = byId("call-open", HTMLButtonElement);
  /** @type {Promise<import("./call.js").Call> | undefined} */
  let call;

  button.addEventListener("click", async () => {
    call ??= import("./call.js").then(({ Call }) => new Call(parts));
    (await call).open();
  });
  button.disabled = false;

  return {
    /** @param {boolean} isPossible whether there can be a call now; one that is going on ends when there cannot */
    render(isPossible) {
      if (!call) button.hidden = !isPossible;
      else call.then((one) => one.allow(isPossible));
    },
    /**
     * @param {string} name
     * @param {any} body
     */
    noticed(name, body) {
      if (name === "call_seen") {
        for (const part of document.querySelectorAll("[data-call-seen]")) part.toggleAttribute("hidden", !body.people);
        button.classList.toggle("primary", body.people > 0);
      } else call?.then((one) => one.noticed(name, body));
    },
    /** @param {boolean} online */
    online(online) {
      call?.then((one) => one.online(online));
    },
    /** Hang up; to be awaited before the line is closed. */
    leave: async () => (await call)?.leave(),
  };
}
