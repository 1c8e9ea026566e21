/** What the MSL desk knows of its inquiries, as one value; `apply` is pure and the desk shows whatever it returns. */

/**
 * @typedef {object} Inquiry
 * @property {string} inquiry_id
 * @property {string} number
 * @property {string | null} product
 * @property {string} reason
 * @property {string} excerpt the first words of the question
 * @property {string} language
 * @property {string} opened_at UTC, ISO 8601
 * @property {string} due_at
 * @property {"queued" | "assigned" | "answered"} state
 * @property {string | null} msl_id
 * @property {string | null} msl_name
 *
 * @typedef {import("./events").ColleagueWanted} Wanted
 * @typedef {{inquiries: Inquiry[], wanted: Wanted[]}} DeskState `wanted`: running sessions into which a rep asks this MSL to come
 * @typedef {"queue" | "mine" | "all"} Show
 */

/**
 * @param {any} snapshot as `/msl` sends it
 * @returns {DeskState}
 */
export function fromSnapshot({ inquiries, wanted }) {
  return { inquiries, wanted };
}

/**
 * What the desk knows after one more of its facts.
 *
 * @param {DeskState} state
 * @param {import("./events").Fact} fact
 * @returns {DeskState}
 */
export function apply(state, fact) {
  switch (fact.name) {
    case "inquiry_opened":
      return { ...state, inquiries: [...state.inquiries, { ...fact.body, opened_at: fact.at, state: "queued", msl_id: null, msl_name: null }] };
    case "inquiry_assigned":
      return changed(state, fact.body.inquiry_id, { state: "assigned", msl_id: fact.body.msl_id, msl_name: fact.body.msl_name });
    case "inquiry_released":
      return changed(state, fact.body.inquiry_id, { state: "queued", msl_id: null, msl_name: null });
    case "inquiry_closed":
      return changed(state, fact.body.inquiry_id, { state: "answered" });
    case "colleague_wanted":
      return { ...state, wanted: [...state.wanted, fact.body] };
    case "colleague_no_longer_wanted":
      return { ...state, wanted: state.wanted.filter(({ detailing_id }) => detailing_id !== fact.body.detailing_id) };
    default:
      return state;
  }
}

/**
 * The inquiries to show, the least time left first and the answered ones last.
 *
 * @param {DeskState} state
 * @param {Show} show
 * @param {string} mslId who is looking
 * @returns {Inquiry[]}
 */
export function listed(state, show, mslId) {
  const belongs = {
    queue: (/** @type {Inquiry} */ inquiry) => inquiry.state === "queued",
    mine: (/** @type {Inquiry} */ inquiry) => inquiry.state === "assigned" && inquiry.msl_id === mslId,
    all: () => true,
  };
  return state.inquiries.filter(belongs[show]).sort((one, other) => rank(one) - rank(other));
}

// In milliseconds, further away than any promise.
const AFTER_EVERYTHING = 1e15;

/**
 * By due time; whatever is answered comes after everything that is not.
 *
 * @param {Inquiry} inquiry
 */
function rank({ state, due_at }) {
  return Date.parse(due_at) + (state === "answered" ? AFTER_EVERYTHING : 0);
}

/**
 * @param {DeskState} state
 * @param {string} inquiryId
 * @param {Partial<Inquiry>} change
 * @returns {DeskState}
 */
function changed(state, inquiryId, change) {
  return { ...state, inquiries: state.inquiries.map((one) => (one.inquiry_id === inquiryId ? { ...one, ...change } : one)) };
}
