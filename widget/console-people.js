/** Who is in the lobby and who is in the room: admit, turn away, and see which slide each one has before them. */

import { admitted, together, waiting } from "./console-state.js";
import { byId } from "./element.js";
import { fill, follow, showState, stamp } from "./stamp.js";

/**
 * @typedef {import("./console-state.js").Participant} Participant
 */

/**
 * @param {object} parts
 * @param {import("./words.js").Words} parts.words
 * @param {(command: "admit_hcp" | "refuse_hcp", participant: Participant) => Promise<unknown>} parts.act
 */
export function peopleView({ words, act }) {
  const lobby = byId("lobby", HTMLElement);
  const lobbyList = byId("lobby-list", HTMLElement);
  const admitAll = byId("admit-all", HTMLButtonElement);
  const table = byId("participants", HTMLTableElement);
  const nobody = byId("nobody", HTMLElement);
  const count = byId("together", HTMLElement);
  /** @type {Participant[]} */
  let inLobby = [];

  admitAll.addEventListener("click", () => inLobby.forEach((participant) => act("admit_hcp", participant)));

  /** @param {Participant} participant */
  function lobbyRow(participant) {
    const row = stamp("lobby-row");
    for (const [name, command] of /** @type {const} */ ([["admit", "admit_hcp"], ["refuse", "refuse_hcp"]])) {
      const button = row.querySelector(`[data-act="${name}"]`);
      button?.addEventListener("click", async () => {
        button.setAttribute("aria-busy", "true");
        const heldFocus = row.contains(document.activeElement);
        await act(command, participant);
        button.removeAttribute("aria-busy");
        if (heldFocus) landFocus();
      });
    }
    return row;
  }

  // The row just answered goes away; whoever works by keyboard goes on with the next one.
  function landFocus() {
    const next = lobbyList.querySelector("button");
    (next ?? byId("main", HTMLElement)).focus();
  }

  /** @param {Participant} participant */
  function nameOf({ name }) {
    return name ?? words.say("untracked");
  }

  /** @param {Participant} participant */
  function professionOf({ profession }) {
    return profession === null ? null : words.say(`profession_${profession}`);
  }

  return {
    /**
     * @param {import("./console-state.js").ConsoleState} state
     * @param {boolean} online
     */
    render(state, online) {
      inLobby = state.phase === "ended" ? [] : waiting(state);
      lobby.hidden = inLobby.length === 0;
      admitAll.hidden = inLobby.length < 2;
      follow(lobbyList, inLobby, ({ id }) => id, lobbyRow, (row, participant) => {
        fill(row, { name: nameOf(participant), profession: professionOf(participant) });
        for (const button of row.querySelectorAll("button")) button.disabled = !online;
      });

      const present = admitted(state);
      table.hidden = present.length === 0;
      nobody.hidden = present.length > 0;
      follow(table.tBodies[0], present, ({ id }) => id, () => stamp("participant-row"), (row, participant) => {
        fill(row, {
          name: nameOf(participant),
          profession: professionOf(participant),
          slide: participant.connected && participant.number ? words.say("slide_number", { number: participant.number }) : "–",
        });
        row.classList.toggle("elsewhere", state.phase === "live" && participant.connected && participant.number !== state.number);
        showState(row, participant.connected ? (participant.visible ? "visible" : "hidden") : "away");
      });

      const { here, all } = together(state);
      count.textContent = state.phase === "live" && all > 0 ? words.say("together", { here, all }) : "";
    },
  };
}
