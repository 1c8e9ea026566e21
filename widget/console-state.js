/**
 * What the rep's console knows of a running session, as one value. `apply` and `perceive` are pure: the console shows whatever
 * they return.
 */

import { NOBODY, withEveryones } from "./console-interplay.js";
import { withOffer } from "./interplay.js";

/**
 * @typedef {"planned" | "live" | "ended"} Phase
 *
 * @typedef {object} Participant
 * @property {string} id
 * @property {string | null} name null for an HCP who goes without tracking
 * @property {string | null} profession
 * @property {"waiting" | "admitted" | "refused" | "removed"} state
 * @property {boolean} link_reused whether somebody had come in by the same link before
 * @property {number | null} number the slide before them
 * @property {boolean} visible whether their tab is
 * @property {boolean} connected
 * @property {Record<string, number>} viewed milliseconds per slide
 *
 * @typedef {object} HeardQuestion
 * @property {string} question_id
 * @property {string} participant_id
 * @property {number | null} slide_number
 * @property {"answer" | "clarify" | "handover" | "decline"} outcome
 * @property {string | null} text null when its words are for medical information only
 * @property {string[]} documents
 * @property {boolean} orally whether the rep answered it by voice as well
 * @property {string} at UTC, ISO 8601
 *
 * @typedef {object} Message
 * @property {string} message_id
 * @property {string | null} participant_id the HCP who wrote it, or to whom the rep did; null for everyone
 * @property {"hcp" | "rep"} by
 * @property {string | null} text null when its words are for medical information only
 * @property {string} at UTC, ISO 8601
 *
 * @typedef {object} MedicalRequest
 * @property {string} number
 * @property {"queued" | "assigned" | "answered"} state
 *
 * @typedef {import("./events").Presenter} Presenter
 * @typedef {import("./events").ColleagueNow} Colleague
 *
 * @typedef {object} ConsoleState
 * @property {Phase} phase
 * @property {number | null} number the slide everyone is shown
 * @property {Presenter} presenter who presents, under which epoch of the lease
 * @property {boolean} held whether HCPs see a neutral screen
 * @property {number} calls how often everyone was brought to the slide
 * @property {Colleague[]} colleagues MSLs in the session
 * @property {string[]} called MSLs whom the rep asked to come
 * @property {number | null} plannedMinutes
 * @property {number[]} leftOut mandatory slides without which the session was closed
 * @property {number} total
 * @property {string | null} startedAt UTC, ISO 8601
 * @property {string | null} endedAt
 * @property {boolean} stoppedByContent whether it ended because its deck may no longer be shown
 * @property {number[]} shown slides shown so far, each once
 * @property {boolean} locked whether nobody new comes into the lobby
 * @property {Participant[]} participants in the order of their arrival
 * @property {HeardQuestion[]} questions oldest first
 * @property {Message[]} messages between HCPs and the rep, oldest first
 * @property {MedicalRequest[]} requests
 * @property {import("./events").Offered} offered questions put to everyone, and documents
 * @property {import("./events").Everyones} everyones how everyone takes part
 * @property {string[]} inCall who is in the call, participants and staff alike
 *
 * @typedef {{number: number, title: string, mandatory: boolean}} Slide
 */

/**
 * @param {any} snapshot as `/rep` sends it to the rep, or `/msl` to an MSL in the session: without people and their words
 * @returns {ConsoleState}
 */
export function fromSnapshot({ detailing, offered, locked = false, everyones = NOBODY, participants = [], questions = [], messages = [], requests = [], called = [] }) {
  return {
    phase: detailing.state,
    number: detailing.number,
    presenter: detailing.presenter,
    held: detailing.held,
    calls: detailing.calls,
    colleagues: detailing.colleagues,
    called,
    plannedMinutes: detailing.planned_minutes,
    leftOut: detailing.left_out,
    total: detailing.total,
    startedAt: detailing.started_at,
    endedAt: detailing.ended_at,
    stoppedByContent: false,
    shown: detailing.shown,
    locked,
    participants,
    questions,
    messages,
    requests,
    offered,
    everyones,
    inCall: [],
  };
}

/**
 * What the console knows after one more fact of the room or of the console.
 *
 * @param {ConsoleState} state
 * @param {import("./events").Fact} fact
 * @returns {ConsoleState}
 */
export function apply(state, fact) {
  const [offered, everyones] = [withOffer(state.offered, fact), withEveryones(state.everyones, fact)];
  const isSame = offered === state.offered && everyones === state.everyones;
  return advance(isSame ? state : { ...state, offered, everyones }, fact);
}

/**
 * @param {ConsoleState} state
 * @param {import("./events").Fact} fact
 * @returns {ConsoleState}
 */
function advance(state, fact) {
  switch (fact.name) {
    case "detailing_started":
      return { ...state, phase: "live", startedAt: fact.at };
    case "slide_shown":
      return { ...state, number: fact.body.number, shown: including(state.shown, fact.body.number) };
    case "screen_held":
      return { ...state, held: true };
    case "screen_released":
      return { ...state, held: false };
    case "everyone_called":
      return { ...state, calls: state.calls + 1 };
    case "lease_given":
    case "lease_taken":
      return { ...state, presenter: fact.body };
    case "colleague_called":
      return { ...state, called: [...state.called, fact.body.staff_id] };
    case "colleague_entered":
      return { ...state, colleagues: [...state.colleagues, fact.body] };
    case "colleague_left":
      return { ...state, colleagues: state.colleagues.filter(({ staff_id }) => staff_id !== fact.body.staff_id) };
    case "mandatory_slides_omitted":
      return { ...state, leftOut: fact.body.numbers };
    case "detailing_ended":
      return { ...state, phase: "ended", held: false, endedAt: fact.at, stoppedByContent: fact.body.reason === "content" };
    case "hcp_arrived":
      return arrived(state, fact.body);
    case "hcp_admitted":
      return changed(state, fact.body.participant_id, () => ({ state: "admitted" }));
    case "hcp_refused":
      return changed(state, fact.body.participant_id, () => ({ state: "refused" }));
    case "hcp_removed":
      return changed(state, fact.body.participant_id, () => ({ state: "removed" }));
    case "lobby_locked":
      return { ...state, locked: true };
    case "lobby_unlocked":
      return { ...state, locked: false };
    case "hcp_left":
      return { ...state, participants: state.participants.filter(({ id }) => id !== fact.body.participant_id) };
    case "slide_viewed": {
      const { participant_id, number, milliseconds } = fact.body;
      if (!milliseconds) return state;
      return changed(state, participant_id, ({ viewed }) => ({ viewed: { ...viewed, [number]: (viewed[number] ?? 0) + milliseconds } }));
    }
    case "question_heard":
      return { ...state, questions: [...state.questions, { ...fact.body, orally: false, at: fact.at }] };
    case "oral_answer_marked": {
      const { question_id } = fact.body;
      return { ...state, questions: state.questions.map((one) => (one.question_id === question_id ? { ...one, orally: true } : one)) };
    }
    case "message_heard":
      return { ...state, messages: [...state.messages, { ...fact.body, at: fact.at }] };
    case "inquiry_progressed":
      return { ...state, requests: progressed(state.requests, fact.body) };
    default:
      return state;
  }
}

/**
 * What the console knows after a notice of where a participant looks.
 *
 * @param {ConsoleState} state
 * @param {{participant_id: string, number: number | null, visible: boolean, connected: boolean}} presence
 * @returns {ConsoleState}
 */
export function perceive(state, { participant_id, number, visible, connected }) {
  return changed(state, participant_id, () => ({ number, visible, connected }));
}

/**
 * What the console knows after a notice of who is in the call.
 *
 * @param {ConsoleState} state
 * @param {{id: string}[]} people
 * @returns {ConsoleState}
 */
export function withCall(state, people) {
  return { ...state, inCall: people.map(({ id }) => id) };
}

/**
 * Those in the lobby, first come first.
 *
 * @param {ConsoleState} state
 */
export function waiting(state) {
  return state.participants.filter((participant) => participant.state === "waiting");
}

/**
 * Those in the room.
 *
 * @param {ConsoleState} state
 */
export function admitted(state) {
  return state.participants.filter((participant) => participant.state === "admitted");
}

/**
 * How many of those connected have the current slide before them.
 *
 * @param {ConsoleState} state
 * @returns {{here: number, all: number}}
 */
export function together(state) {
  const connected = admitted(state).filter((participant) => participant.connected);
  return { here: connected.filter(({ number, visible }) => visible && number === state.number).length, all: connected.length };
}

/**
 * Mandatory slides that were not shown yet.
 *
 * @template {Slide} S
 * @param {ConsoleState} state
 * @param {S[]} slides
 * @returns {S[]}
 */
export function owed(state, slides) {
  return slides.filter(({ number, mandatory }) => mandatory && !state.shown.includes(number));
}

/**
 * @param {ConsoleState} state
 * @param {{participant_id: string, name: string | null, profession: string | null, link_reused: boolean}} body
 * @returns {ConsoleState}
 */
function arrived(state, { participant_id, name, profession, link_reused }) {
  if (state.participants.some(({ id }) => id === participant_id)) {
    return changed(state, participant_id, () => ({ name, profession, connected: true }));
  }
  /** @type {Participant} */
  const newcomer = { id: participant_id, name, profession, state: "waiting", link_reused, number: null, visible: true, connected: true, viewed: {} };
  return { ...state, participants: [...state.participants, newcomer] };
}

/**
 * @param {ConsoleState} state
 * @param {string} participantId
 * @param {(participant: Participant) => Partial<Participant>} change
 * @returns {ConsoleState}
 */
function changed(state, participantId, change) {
  const participants = state.participants.map((one) => (one.id === participantId ? { ...one, ...change(one) } : one));
  return { ...state, participants };
}

/**
 * A request keeps its place when it moves on.
 *
 * @param {MedicalRequest[]} requests
 * @param {MedicalRequest} request
 */
function progressed(requests, request) {
  const known = requests.some(({ number }) => number === request.number);
  return known ? requests.map((one) => (one.number === request.number ? request : one)) : [...requests, request];
}

/**
 * @param {number[]} numbers
 * @param {number} number
 */
function including(numbers, number) {
  return numbers.includes(number) ? numbers : [...numbers, number];
}
