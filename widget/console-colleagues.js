/** The MSLs whom the rep may ask to come, and let present once they are there. */

import { byId } from "./element.js";
import { fill, follow, showState, stamp } from "./stamp.js";

/** @typedef {{id: string, name: string}} Msl */

/**
 * @param {object} parts
 * @param {Msl[]} parts.msls everybody who could be asked
 * @param {import("./presenting.js").Perform} parts.perform
 * @param {() => number} parts.epoch of the lease that this screen holds
 */
export function colleaguesView({ msls, perform, epoch }) {
  const dialog = byId("colleagues", HTMLDialogElement);
  const list = byId("colleagues-list", HTMLElement);
  const opener = byId("colleagues-open", HTMLButtonElement);

  opener.addEventListener("click", () => dialog.showModal());
  dialog.querySelector("[data-closes]")?.addEventListener("click", () => dialog.close());

  /** @param {Msl} msl */
  function row(msl) {
    const node = stamp("colleague-row");
    fill(node, { name: msl.name });
    node.querySelector('[data-act="call"]')?.addEventListener("click", () => perform("call_colleague", { staff_id: msl.id }));
    node.querySelector('[data-act="hand-over"]')?.addEventListener("click", async () => {
      if ((await perform("hand_over", { to: msl.id, epoch: epoch() })).ok) dialog.close();
    });
    return node;
  }

  return {
    /**
     * @param {import("./console-state.js").ConsoleState} state
     * @param {boolean} presents whether this screen does
     */
    render(state, presents) {
      opener.disabled = state.phase !== "live";
      follow(list, msls, ({ id }) => id, row, (node, { id }) => {
        const isHere = state.colleagues.some(({ staff_id }) => staff_id === id);
        const awaited = state.called.includes(id) ? "called" : "away";
        showState(node, state.presenter.staff_id === id ? "presents" : isHere ? "here" : awaited);
        const give = node.querySelector('[data-act="hand-over"]');
        if (give instanceof HTMLButtonElement) give.disabled = !presents;
      });
    },
  };
}
