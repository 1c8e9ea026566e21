/** What an HCP sees: the room's own stage, in a frame, fed with what this console knows. Nobody else is let in for it. */

import { admitted } from "./console-state.js";
import { byId, element } from "./element.js";

/**
 * @param {{page: {detailing_id: string, lang: string, slides: import("./console-slides.js").RepSlide[]}, words: import("./words.js").Words}} parts
 */
export function preview({ page, words }) {
  const dialog = byId("preview", HTMLDialogElement);
  const frame = byId("preview-frame", HTMLIFrameElement);
  const whose = byId("preview-whose", HTMLSelectElement);
  /** @type {import("./console-state.js").ConsoleState | null} */
  let state = null;

  byId("preview-open", HTMLButtonElement).addEventListener("click", () => {
    if (!frame.src) frame.src = `/console/${page.detailing_id}/preview?lang=${page.lang}`;
    dialog.showModal();
    show();
  });
  dialog.querySelector("[data-closes]")?.addEventListener("click", () => dialog.close());
  frame.addEventListener("load", show);
  whose.addEventListener("change", show);

  function show() {
    if (!dialog.open || !state) return;
    offerPeople(state);
    const somebody = admitted(state).find(({ id }) => id === whose.value);
    const name = somebody?.name ?? (somebody ? words.say("untracked") : null);
    byId("preview-title", HTMLElement).textContent = name ? words.say("preview_of", { name }) : words.say("preview_title");
    tell("detailing", {
      state: state.phase,
      number: somebody?.number ?? state.number,
      shown: page.slides.filter(({ number }) => state?.shown.includes(number)).map(({ number, title }) => ({ number, title })),
      total: state.total,
      held: state.held,
      calls: state.calls,
      presenter: state.presenter,
    });
  }

  /** @param {import("./console-state.js").ConsoleState} now */
  function offerPeople(now) {
    const people = admitted(now).filter(({ connected }) => connected);
    const chosen = whose.value || people[0]?.id;
    const follower = element("option", { value: "-" }, words.say("preview_follower"));
    const named = people.map(({ id, name }) => element("option", { value: id }, name ?? words.say("untracked")));
    whose.replaceChildren(...named, follower);
    whose.value = chosen && people.some(({ id }) => id === chosen) ? chosen : "-";
    byId("preview-choice", HTMLElement).hidden = people.length === 0;
  }

  /**
   * @param {string} name
   * @param {any} body
   */
  function tell(name, body) {
    frame.contentWindow?.postMessage({ name, body }, location.origin);
  }

  return {
    /** @param {import("./console-state.js").ConsoleState} now */
    render(now) {
      state = now;
      show();
    },
    /**
     * @param {string} name
     * @param {any} body
     */
    noticed(name, body) {
      if (dialog.open && name === "pointer_moved") tell(name, body);
    },
  };
}
