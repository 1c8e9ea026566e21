/** How everyone in the room takes part, as the rep's console knows it: the facts of it, one by one. Nothing here touches the page. */

import { withChoice, withMark } from "./interplay.js";

/**
 * @typedef {import("./events").Everyones} Everyones
 */

/** What the page of an MSL in a session knows of it: nothing. @type {Everyones} */
export const NOBODY = { hands: [], reactions: {}, choices: {}, receipts: [] };

/**
 * @param {Everyones} everyones
 * @param {import("./events").Fact} fact
 * @returns {Everyones}
 */
export function withEveryones(everyones, { name, body }) {
  switch (name) {
    case "hand_seen": {
      const others = everyones.hands.filter((id) => id !== body.participant_id);
      return { ...everyones, hands: body.raised ? [...others, body.participant_id] : others };
    }
    case "reaction_seen": {
      const marks = withMark(everyones.reactions[body.participant_id] ?? [], body);
      return { ...everyones, reactions: setOrLeft(everyones.reactions, body.participant_id, marks, marks.length > 0) };
    }
    case "poll_answered": {
      const choices = withChoice(everyones.choices[body.participant_id] ?? {}, body);
      return { ...everyones, choices: setOrLeft(everyones.choices, body.participant_id, choices, Object.keys(choices).length > 0) };
    }
    case "document_received":
      return { ...everyones, receipts: [...everyones.receipts, body] };
    case "hcp_left":
      return {
        hands: everyones.hands.filter((id) => id !== body.participant_id),
        reactions: setOrLeft(everyones.reactions, body.participant_id, [], false),
        choices: setOrLeft(everyones.choices, body.participant_id, {}, false),
        receipts: everyones.receipts.filter((receipt) => receipt.participant_id !== body.participant_id),
      };
    default:
      return everyones;
  }
}

/**
 * The same with one entry set, or left out.
 *
 * @template V
 * @param {Record<string, V>} entries
 * @param {string} key
 * @param {V} value
 * @param {boolean} isThere
 * @returns {Record<string, V>}
 */
function setOrLeft(entries, key, value, isThere) {
  const { [key]: _, ...others } = entries;
  return isThere ? { ...others, [key]: value } : others;
}
