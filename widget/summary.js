/** What is left of a session when it is over: slides, questions with their sources, requests, consent. */

import { element } from "./element.js";
import { placeOf } from "./quotation.js";
import { byPassage } from "./transcript.js";

/**
 * @typedef {import("./words.js").Words} Words
 * @typedef {import("./transcript.js").Entry} Entry
 * @typedef {import("./state.js").Detailing} Detailing
 */

/**
 * @param {{detailing: Detailing, entries: Entry[], tracked: boolean}} session
 * @param {Words} words
 * @returns {HTMLElement[]} the summary's sections, to be put below its heading
 */
export function summary({ detailing, entries, tracked }, words) {
  const questions = entries.filter((entry) => entry.kind === "question");
  const requests = entries.filter((entry) => entry.kind === "inquiry");
  const reports = entries.filter((entry) => entry.kind === "report");
  return [
    part(words.say("summary_slides", { number: detailing.shown.length, total: detailing.total }), [
      list(detailing.shown.map(({ number, title }) => [element("b", {}, String(number)), ` ${words.typeset(title)}`])),
    ]),
    part(words.say("summary_questions"), [
      questions.length
        ? list(questions.map((question) => [element("b", {}, words.typeset(question.text)), outcome(question.key, entries, words)]))
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
    part(words.say("summary_consent"), [element("p", {}, words.say(tracked ? "consent_tracked" : "consent_untracked"))]),
  ];
}

/**
 * How a question ended: the sources of its answer, or why there was none.
 *
 * @param {string} questionId
 * @param {Entry[]} entries
 * @param {Words} words
 */
function outcome(questionId, entries, words) {
  const entry = entries.find((candidate) => candidate.key === `reply:${questionId}`);
  if (entry?.kind !== "reply") return element("p", { class: "muted note" }, words.say("entry_working"));
  const { kind, citations } = entry.reply;
  if (kind !== "answer") return element("p", { class: "muted note" }, words.say(`summary_${kind}`));
  const sources = byPassage(citations).map(([{ title, path, section }]) => `${title}, ${placeOf(path, section)}`);
  return element("ul", { class: "plain-list muted note" }, [...new Set(sources)].map((source) => element("li", {}, source)));
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
