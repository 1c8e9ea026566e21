/** Where the rep writes in their own name, to one HCP in the room or to everyone. */

import { admitted } from "./console-state.js";
import { byId, element } from "./element.js";

/**
 * @param {{words: import("./words.js").Words, perform: import("./presenting.js").Perform}} parts
 */
export function writingView({ words, perform }) {
  const form = byId("writing", HTMLFormElement);
  const field = byId("writing-text", HTMLTextAreaElement);
  const whom = byId("writing-to", HTMLSelectElement);
  let drawn = "";

  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    const { ok } = await perform("write_to_hcps", { participant_id: whom.value || null, text });
    // What was refused stays, to be mended.
    if (ok) field.value = "";
    field.focus();
  });

  return {
    /** @param {import("./console-state.js").ConsoleState} state */
    render(state) {
      const there = admitted(state);
      form.hidden = state.phase !== "live" || there.length === 0;
      const options = JSON.stringify(there.map(({ id, name }) => [id, name]));
      if (options === drawn) return;
      drawn = options;
      const chosen = whom.value;
      whom.replaceChildren(
        element("option", { value: "" }, words.say("message_everyone")),
        ...there.map(({ id, name }) => element("option", { value: id }, name ?? words.say("untracked"))),
      );
      whom.value = there.some(({ id }) => id === chosen) ? chosen : "";
    },
  };
}
