/** How an HCP takes part, and what is there for everyone in the room: the facts of it, one by one. Nothing here touches the page. */

/**
 * @typedef {import("./events").Fact} Fact
 * @typedef {import("./events").Offered} Offered
 * @typedef {import("./events").Mine} Mine
 * @typedef {import("./events").Reaction} Reaction
 */

/**
 * @param {Offered} offered
 * @param {Fact} fact
 * @returns {Offered}
 */
export function withOffer(offered, { name, body }) {
  switch (name) {
    case "poll_started":
      return { ...offered, polls: [...offered.polls, { ...body, open: true, counts: null }] };
    case "poll_closed":
      return withPoll(offered, body.number, { open: false });
    case "poll_result_shown":
      return withPoll(offered, body.number, { counts: body.counts });
    case "document_offered":
      return { ...offered, documents: [...offered.documents, body.document] };
    default:
      return offered;
  }
}

/**
 * @param {Mine} mine
 * @param {Fact} fact
 * @returns {Mine}
 */
export function withMine(mine, { name, body }) {
  switch (name) {
    case "hand_moved":
      return { ...mine, hand: body.raised };
    case "reaction_marked":
      return { ...mine, reactions: withMark(mine.reactions, body) };
    case "poll_answer_kept":
      return { ...mine, choices: withChoice(mine.choices, body) };
    default:
      return mine;
  }
}

/**
 * @param {Reaction[]} marks by number and kind
 * @param {Reaction & {given: boolean}} mark
 * @returns {Reaction[]}
 */
export function withMark(marks, { number, kind, given }) {
  const others = marks.filter((mark) => mark.number !== number || mark.kind !== kind);
  if (!given) return others;
  return [...others, { number, kind }].sort((one, other) => one.number - other.number || (one.kind < other.kind ? -1 : 1));
}

/**
 * @param {Record<string, number>} choices by the question's number
 * @param {{number: number, option: number | null}} choice
 * @returns {Record<string, number>}
 */
export function withChoice(choices, { number, option }) {
  const { [number]: _, ...others } = choices;
  return option === null ? others : { ...others, [number]: option };
}

/**
 * @param {Offered} offered
 * @param {number} number
 * @param {Partial<import("./events").PollNow>} change
 * @returns {Offered}
 */
function withPoll(offered, number, change) {
  return { ...offered, polls: offered.polls.map((poll) => (poll.number === number ? { ...poll, ...change } : poll)) };
}
