/** What is left of a session when it is over: slides, questions with answers and sources, documents, requests, consent, a rating. */

import { element } from "./element.js";
import { quotation } from "./quotation.js";
import { byPassage } from "./transcript.js";

/**
 * @typedef {import("./words.js").Words} Words
 * @typedef {import("./transcript.js").Entry} Entry
 * @typedef {import("./state.js").RoomState} RoomState
 */

/**
 * @typedef {object} Acts
 * @property {(citations: import("./events").CitedPassage[]) => void} openPassage
 * @property {(stars: number | null) => void} rate
 * @property {string} media where this HCP's documents lie
 */

let drawn = "";

/**
 * Draw the summary of a session that is over, where it is another one than before.
 *
 * @param {HTMLElement} place below the heading
 * @param {RoomState} state
 * @param {Entry[]} entries
 * @param {Words} words
 * @param {Acts} acts
 */
export function showSummary(place, state, entries, words, acts) {
  const now = JSON.stringify([state, entries]);
  if (now === drawn) return;
  drawn = now;
  const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.stars;
  place.replaceChildren(...sections(state, entries, words, acts));
  if (focused) /** @type {HTMLElement | null} */ (place.querySelector(`[data-stars="${focused}"]`))?.focus();
}

/**
 * @param {RoomState} state
 * @param {Entry[]} entries
 * @param {Words} words
 * @param {Acts} acts
 */
function sections({ detailing, participant, offered, conversation }, entries, words, acts) {
  if (!detailing) return [];
  const documents = offered?.documents ?? [];
  const rated = conversation.findLast((fact) => fact.name === "detailing_rated");
  const questions = entries.filter((entry) => entry.kind === "question");
  const requests = entries.filter((entry) => entry.kind === "inquiry");
  const reports = entries.filter((entry) => entry.kind === "report");
  return [
    part(words.say("summary_slides", { number: detailing.shown.length, total: detailing.total }), [
      list(detailing.shown.map(({ number, title }) => [element("b", {}, String(number)), ` ${words.typeset(title)}`])),
    ]),
    part(words.say("summary_questions"), [
      questions.length
        ? list(questions.map((question) => [element("b", {}, words.typeset(question.text)), outcome(question.key, entries, words, acts)]))
        : element("p", { class: "muted" }, words.say("summary_no_questions")),
    ]),
    ...(requests.length + reports.length
      ? [
          part(words.say("summary_requests"), [
            list([
              ...requests.map(({ number, state, person, due }) => [
                element("b", {}, words.say("inquiry_number", { number })),
                element("p", { class: "note" }, words.say(`inquiry_${state}`, { person: person ?? "", due: words.moment(due) })),
              ]),
              ...reports.map(({ number }) => [element("b", {}, words.say("report_number", { number })), element("p", { class: "note" }, words.say("report_passed_on"))]),
            ]),
          ]),
        ]
      : []),
    ...(documents.length
      ? [part(words.say("documents"), [list(documents.map(({ edition_id, title }) => [link(`${acts.media}/documents/${edition_id}?lang=${words.lang}`, words.typeset(title))]))])]
      : []),
    part(words.say("summary_rating"), [stars(rated?.body.stars ?? null, words, acts)]),
    part(words.say("summary_consent"), [element("p", {}, words.say(participant?.tracked ? "consent_tracked" : "consent_untracked"))]),
  ];
}

/**
 * How a question ended: its answer with the sources, or why there was none.
 *
 * @param {string} questionId
 * @param {Entry[]} entries
 * @param {Words} words
 * @param {Acts} acts
 */
function outcome(questionId, entries, words, acts) {
  const entry = entries.find((candidate) => candidate.key === `reply:${questionId}`);
  if (entry?.kind !== "reply") return element("p", { class: "muted note" }, words.say("entry_working"));
  const { kind, citations } = entry.reply;
  if (kind !== "answer") return element("p", { class: "muted note" }, words.say(`summary_${kind}`));
  return element("div", { class: "stack tight" }, byPassage(citations).map((group) => quotation(group, words, acts.openPassage)));
}

/**
 * One to five stars; a click on the one that is pressed takes it back.
 *
 * @param {number | null} rating
 * @param {Words} words
 * @param {Acts} acts
 */
function stars(rating, words, { rate }) {
  const star = (/** @type {number} */ number) =>
    element(
      "button",
      {
        type: "button",
        "data-stars": number,
        "aria-pressed": String(number === rating),
        "aria-label": words.say("summary_stars", { number }),
        onclick: () => rate(number === rating ? null : number),
      },
      "★".repeat(number),
    );
  return element("div", { class: "row", role: "group", "aria-label": words.say("summary_rating") }, [1, 2, 3, 4, 5].map(star));
}

/**
 * @param {string} href
 * @param {string} text
 */
function link(href, text) {
  return element("a", { class: "handout", href, target: "_blank", rel: "noopener" }, text);
}

/**
 * @param {string} title
 * @param {HTMLElement[]} children
 */
function part(title, children) {
  return element("section", { class: "stack tight" }, element("h3", {}, title), children);
}

/** @param {import("./element.js").Child[][]} items */
function list(items) {
  return element("ul", { class: "summary-list plain-list" }, items.map((item) => element("li", {}, item)));
}
