/** What an HCP's page knows: the last snapshot, and every fact since. Nothing here touches the page. */

/**
 * @typedef {import("./events").Fact} Fact
 *
 * @typedef {object} Participant
 * @property {string} id
 * @property {string | null} name
 * @property {boolean} tracked whether the HCP agreed that this session is kept in their record
 * @property {"waiting" | "admitted" | "refused"} state
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
 *
 * @typedef {object} RoomState
 * @property {Participant | null} participant
 * @property {Detailing | null} detailing null when the assistant is used without a session
 * @property {Fact[]} conversation what was said, in order
 */

/**
 * @param {{participant: Participant | null, detailing: Detailing | null, conversation: Fact[]}} snapshot
 * @returns {RoomState}
 */
export function fromSnapshot({ participant, detailing, conversation }) {
  return {
    participant,
    detailing: detailing && { ...detailing, shown: [...detailing.shown].sort((one, other) => one.number - other.number) },
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
    case "detailing_ended":
      return inSession(state, { state: "ended" });
    case "admission_granted":
      return asParticipant(state, "admitted");
    case "admission_refused":
      return asParticipant(state, "refused");
    default:
      return isSaid(fact) ? { ...state, conversation: [...state.conversation, fact] } : state;
  }
}

/**
 * Where this person stands: `waiting` in the lobby, `refused`, in a session that is `planned`, `live` or `ended`, or with the
 * `assistant` alone.
 *
 * @param {RoomState} state
 * @returns {"waiting" | "refused" | "planned" | "live" | "ended" | "assistant"}
 */
export function phase({ participant, detailing }) {
  if (!detailing) return "assistant";
  if (participant?.state === "refused") return "refused";
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
  "inquiry_accepted",
  "inquiry_taken",
  "inquiry_answered",
  "adverse_event_reported",
]);

/** @param {Fact} fact */
function isSaid(fact) {
  return SAID.has(fact.name);
}
