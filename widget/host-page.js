/**
 * The page that embeds this one, if any. It opened the talk (`rd:open`), so its origin is known from that message and every reply
 * names it; who may embed at all is said by the server's `frame-ancestors`. No personal data goes this way.
 */
export class HostPage {
  /** @type {string | null} */
  #origin = null;
  #expanded = false;

  constructor() {
    if (parent === window) return;
    addEventListener("message", ({ origin, source, data }) => {
      if (source !== parent || data?.type !== "rd:open") return;
      this.#origin = origin;
      this.#say({ type: "rd:expand", expanded: this.#expanded });
    });
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      this.#say({ type: "rd:close" });
    });
  }

  /**
   * A live session needs the window, a conversation a panel.
   *
   * @param {boolean} expanded
   */
  expand(expanded) {
    if (expanded === this.#expanded) return;
    this.#expanded = expanded;
    this.#say({ type: "rd:expand", expanded });
  }

  /** @param {{type: "rd:close"} | {type: "rd:expand", expanded: boolean}} message */
  #say(message) {
    if (this.#origin) parent.postMessage(message, this.#origin);
  }
}
