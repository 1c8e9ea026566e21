/** How much of a promised time is left, as a state, a sign and words. */

import { showState } from "./stamp.js";

// The share of the promised time below which an inquiry is called urgent.
const SOON = 0.25;

/**
 * @typedef {object} Promised
 * @property {string} opened_at UTC, ISO 8601
 * @property {string} due_at
 * @property {string} state
 */

/**
 * @param {Promised} inquiry
 * @param {number} now milliseconds since 1970
 * @returns {"ok" | "soon" | "late" | "answered"}
 */
export function urgency({ opened_at, due_at, state }, now) {
  if (state === "answered") return "answered";
  const left = Date.parse(due_at) - now;
  if (left < 0) return "late";
  return left < SOON * (Date.parse(due_at) - Date.parse(opened_at)) ? "soon" : "ok";
}

/**
 * The time left or, past the promise, the time since: `2 j 04 h`, `3 h 05 min`, `4 min 09 s`.
 *
 * @param {string} dueAt UTC, ISO 8601
 * @param {number} now milliseconds since 1970
 * @param {string} dayUnit the page's short word for a day
 * @returns {string}
 */
export function timeLeft(dueAt, now, dayUnit) {
  const seconds = Math.floor(Math.abs(Date.parse(dueAt) - now) / 1000);
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  if (days > 0) return `${days} ${dayUnit} ${two(hours)} h`;
  if (hours > 0) return `${hours} h ${two(minutes)} min`;
  return `${minutes} min ${two(seconds % 60)} s`;
}

/**
 * Show the sign of urgency within `node`, and give back the words that go with it.
 *
 * @param {ParentNode} node
 * @param {Promised} inquiry
 * @param {import("./words.js").Words} words
 * @returns {string}
 */
export function showUrgency(node, inquiry, words) {
  const now = Date.now();
  const kind = urgency(inquiry, now);
  showState(node, kind);
  if (kind === "answered") return "";
  return words.say(kind === "late" ? "since" : "left", { time: timeLeft(inquiry.due_at, now, words.say("day_unit")) });
}

/** @param {number} number */
function two(number) {
  return String(number).padStart(2, "0");
}
