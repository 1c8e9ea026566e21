/** Who is in the lobby and who is in the room: admit, turn away, remove, and see which slide each one has before them. */

import { admitted, together, waiting } from "./console-state.js";
import { byId } from "./element.js";
import { fill, follow, showState, stamp } from "./stamp.js";

/**
 * @typedef {import("./console-state.js").Participant} Participant
 */

/**
 * @param {object} parts
 * @param {import("./words.js").Words} parts.words
 * @param {(command: "admit_hcp" | "refuse_hcp" | "remove_hcp" | "lower_hand", participant: Participant) => Promise<unknown>} parts.act
 * @param {(lock: boolean) => Promise<unknown>} parts.lock have the lobby locked or open
 */
export function peopleView({ words, act, lock }) {
  const lobby = byId("lobby", HTMLElement);
  const lobbyList = byId("lobby-list", HTMLElement);
  const admitAll = byId("admit-all", HTMLButtonElement);
  const table = byId("participants", HTMLTableElement);
  const nobody = byId("nobody", HTMLElement);
  const count = byId("together", HTMLElement);
  const handCount = byId("hands-count", HTMLElement);
  const door = byId("lock", HTMLButtonElement);
  const doorWords = byId("lock-words", HTMLElement);
  const locked = byId("locked", HTMLElement);
  const removing = byId("removing", HTMLDialogElement);
  /** @type {Participant[]} */
  let inLobby = [];
  let isLocked = false;
  /** @type {Participant | null} */
  let going = null;

  door.addEventListener("click", () => lock(!isLocked));
  removing.addEventListener("close", () => {
    if (removing.returnValue === "remove" && going) act("remove_hcp", going);
    going = null;
  });

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
  function participantRow(participant) {
    const row = stamp("participant-row");
    row.querySelector('[data-act="remove"]')?.addEventListener("click", () => {
      going = participant;
      byId("removing-words", HTMLElement).textContent = words.say("remove_words", { name: nameOf(participant) });
      removing.returnValue = "";
      removing.showModal();
    });
    row.querySelector('[data-act="lower"]')?.addEventListener("click", async () => {
      await act("lower_hand", participant);
      table.focus();
    });
    return row;
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
      isLocked = state.locked;
      door.hidden = state.phase === "ended";
      door.disabled = !online;
      doorWords.textContent = door.title = words.say(isLocked ? "lobby_unlock" : "lobby_lock");
      locked.hidden = !isLocked || state.phase === "ended";
      lobby.hidden = inLobby.length === 0;
      admitAll.hidden = inLobby.length < 2;
      follow(lobbyList, inLobby, ({ id }) => id, lobbyRow, (row, participant) => {
        fill(row, { name: nameOf(participant), profession: professionOf(participant) });
        const reused = row.querySelector("[data-reused]");
        if (reused instanceof HTMLElement) reused.hidden = !participant.link_reused;
        for (const button of row.querySelectorAll("button")) button.disabled = !online;
      });

      const present = admitted(state);
      const hands = present.map(({ id }) => id).filter((id) => state.everyones.hands.includes(id));
      handCount.hidden = hands.length === 0;
      /** @type {HTMLElement} */ (handCount.lastElementChild).textContent = words.say(hands.length === 1 ? "hands_one" : "hands_many", { count: hands.length });
      table.hidden = present.length === 0;
      nobody.hidden = present.length > 0;
      follow(table.tBodies[0], present, ({ id }) => id, participantRow, (row, participant) => {
        fill(row, {
          name: nameOf(participant),
          profession: professionOf(participant),
          slide: participant.connected && participant.number ? words.say("slide_number", { number: participant.number }) : "–",
        });
        const remove = row.querySelector('[data-act="remove"]');
        if (remove instanceof HTMLButtonElement) {
          remove.hidden = state.phase === "ended";
          remove.disabled = !online;
          remove.setAttribute("aria-label", words.say("remove_name", { name: nameOf(participant) }));
        }
        const raised = hands.includes(participant.id);
        row.querySelector("[data-hand]")?.toggleAttribute("hidden", !raised);
        const lower = row.querySelector('[data-act="lower"]');
        if (lower instanceof HTMLButtonElement) {
          lower.disabled = !online;
          lower.setAttribute("aria-label", words.say("hand_lower_of", { name: nameOf(participant) }));
        }
        row.querySelector("[data-call]")?.toggleAttribute("hidden", !state.inCall.includes(participant.id));
        row.classList.toggle("elsewhere", state.phase === "live" && participant.connected && participant.number !== state.number);
        showState(row, participant.connected ? (participant.visible ? "visible" : "hidden") : "away");
      });

      const { here, all } = together(state);
      count.textContent = state.phase === "live" && all > 0 ? words.say("together", { here, all }) : "";
    },
  };
}
