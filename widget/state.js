/** What an HCP's page knows: the last snapshot, and every fact since. Nothing here touches the page. */

import { withMine, withOffer } from "./interplay.js";

/**
 * @typedef {import("./events").Fact} Fact
 * @typedef {import("./events").Offered} Offered
 * @typedef {import("./events").Mine} Mine
 *
 * @typedef {object} Participant
 * @property {string} id
 * @property {string | null} name
 * @property {boolean} tracked whether the HCP agreed that this session is kept in their record
 * @property {"waiting" | "admitted" | "refused" | "removed"} state
 *
 * @typedef {{number: number, title: string}} ShownSlide
 *
 * @typedef {object} Detailing
 * @property {"planned" | "live" | "ended"} state
 * @property {number | null} number the slide that the rep shows now
 * @property {ShownSlide[]} shown the slides shown so far, each once, by number
 * @property {number} total
 * @property {string} deck_title
 * @property {string} rep_name
 * @property {string | null} scheduled_at UTC, ISO 8601
 * @property {import("./events").Presenter} presenter
 * @property {import("./events").ColleagueNow[]} colleagues MSLs in the session
 * @property {boolean} held whether a neutral screen stands in place of the slide
 * @property {number} calls how often the presenter brought everyone to the slide shown
 *
 * @typedef {object} RoomState
 * @property {Participant | null} participant
 * @property {Detailing | null} detailing null when the assistant is used without a session
 * @property {Offered | null} offered questions and documents; null, as the next, without a session
 * @property {Mine | null} mine how this HCP takes part
 * @property {Fact[]} conversation what was said, in order
 */

/**
 * @param {{participant: Participant | null, detailing: Detailing | null, offered?: Offered | null, mine?: Mine | null, conversation: Fact[]}} snapshot
 * @returns {RoomState}
 */
export function fromSnapshot({ participant, detailing, offered = null, mine = null, conversation }) {
  return {
    participant,
    detailing: detailing && { ...detailing, shown: [...detailing.shown].sort((one, other) => one.number - other.number) },
    offered,
    mine,
    conversation: conversation.filter(isSaid),
  };
}

/**
 * What the room looks like after one more fact. Facts come once and in order.
 *
 * @param {RoomState} state
 * @param {Fact} fact
 * @returns {RoomState}
 */
export function apply(state, fact) {
  switch (fact.name) {
    case "detailing_started":
      return inSession(state, { state: "live" });
    case "slide_shown":
      return inSession(state, { number: fact.body.number, shown: withSlide(state.detailing?.shown ?? [], fact.body) });
    case "screen_held":
      return inSession(state, { held: true });
    case "screen_released":
      return inSession(state, { held: false });
    case "everyone_called":
      return inSession(state, { calls: (state.detailing?.calls ?? 0) + 1 });
    case "lease_given":
    case "lease_taken":
      return inSession(state, { presenter: fact.body });
    case "colleague_entered":
      return inSession(state, { colleagues: [...(state.detailing?.colleagues ?? []), fact.body] });
    case "colleague_left":
      return inSession(state, { colleagues: state.detailing?.colleagues.filter((one) => one.staff_id !== fact.body.staff_id) });
    case "detailing_ended":
      return inSession(state, { state: "ended", held: false });
    case "admission_granted":
      return asParticipant(state, "admitted");
    case "admission_refused":
      return asParticipant(state, "refused");
    case "admission_revoked":
      return asParticipant(state, "removed");
    default:
      return isSaid(fact) ? { ...state, conversation: [...state.conversation, fact] } : takingPart(state, fact);
  }
}

/**
 * @param {RoomState} state
 * @param {Fact} fact
 * @returns {RoomState}
 */
function takingPart(state, fact) {
  if (!state.offered || !state.mine) return state;
  const [offered, mine] = [withOffer(state.offered, fact), withMine(state.mine, fact)];
  return offered === state.offered && mine === state.mine ? state : { ...state, offered, mine };
}

/**
 * Where this person stands: `waiting` in the lobby, `refused`, `removed`, in a session that is `planned`, `live` or `ended`, or with the
 * `assistant` alone.
 *
 * @param {RoomState} state
 * @returns {"waiting" | "refused" | "removed" | "planned" | "live" | "ended" | "assistant"}
 */
export function phase({ participant, detailing }) {
  if (!detailing) return "assistant";
  if (participant?.state === "refused" || participant?.state === "removed") return participant.state;
  if (detailing.state === "ended") return "ended";
  return participant?.state === "admitted" ? detailing.state : "waiting";
}

/**
 * @param {RoomState} state
 * @param {Partial<Detailing>} change
 * @returns {RoomState}
 */
function inSession(state, change) {
  return state.detailing ? { ...state, detailing: { ...state.detailing, ...change } } : state;
}

/**
 * @param {RoomState} state
 * @param {Participant["state"]} standing
 * @returns {RoomState}
 */
function asParticipant(state, standing) {
  return state.participant ? { ...state, participant: { ...state.participant, state: standing } } : state;
}

/**
 * @param {ShownSlide[]} shown
 * @param {ShownSlide} slide
 * @returns {ShownSlide[]}
 */
function withSlide(shown, { number, title }) {
  if (shown.some((slide) => slide.number === number)) return shown;
  return [...shown, { number, title }].sort((one, other) => one.number - other.number);
}

const SAID = new Set([
  "question_asked",
  "reply_given",
  "reply_judged",
  "inquiry_accepted",
  "inquiry_taken",
  "inquiry_answered",
  "adverse_event_reported",
  "message_written",
  "delivery_decided",
  "detailing_rated",
]);

/** @param {Fact} fact */
function isSaid(fact) {
  return SAID.has(fact.name);
}
