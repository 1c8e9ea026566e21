/** One entry of the conversation on screen. */

import { element } from "./element.js";
import { quotation } from "./quotation.js";
import { byPassage } from "./transcript.js";

/**
 * @typedef {import("./words.js").Words} Words
 * @typedef {import("./transcript.js").Entry} Entry
 * @typedef {import("./transcript.js").ReplyEntry} ReplyEntry
 * @typedef {import("./events").CitedPassage} CitedPassage
 *
 * @typedef {object} Acts what an entry lets the HCP do
 * @property {(text: string) => void} ask
 * @property {(questionId: string | null, text?: string | null) => void} requestPerson about a question, or with these words
 * @property {(citations: CitedPassage[]) => void} openPassage
 * @property {(judgement: import("./events").ReplyJudged) => void} judge
 * @property {(text: string) => void} report begin a report of an adverse event with these words
 * @property {(id: string) => void} takeBack give up what the server refused, its words going back where they were written
 */

/**
 * @param {Entry} entry
 * @param {Words} words
 * @param {Acts} acts
 * @returns {HTMLElement}
 */
export function draw(entry, words, acts) {
  switch (entry.kind) {
    case "question":
      return mine(words, entry.at, words.say("entry_question"), [
        spoken(words.typeset(entry.text)),
        !entry.answered && element("p", { class: "working" }, words.say("entry_working")),
      ]);
    case "reply":
      return theirs("reply", words, entry.at, words.say("entry_assistant"), reply(entry, words, acts));
    case "inquiry":
      return theirs("inquiry", words, entry.at, words.say("inquiry_number", { number: entry.number }), [
        element("p", {}, words.say(`inquiry_${entry.state}`, { person: entry.person ?? "", due: words.moment(entry.due) })),
      ]);
    case "answer":
      return theirs("person", words, entry.at, words.say("answer_from", { person: entry.answer.msl_name, number: entry.answer.number }), [
        spoken(entry.answer.text),
        entry.answer.references.length > 0 && [
          element("h4", {}, words.say("answer_references")),
          element("ul", { class: "references" }, entry.answer.references.map((reference) => element("li", {}, reference))),
        ],
      ]);
    case "report":
      return theirs("report", words, entry.at, words.say("report_number", { number: entry.number }), [
        element("p", {}, words.say("report_passed_on")),
      ]);
    case "message":
      return message(entry, words, acts);
    case "unsent":
      return unsent(entry.unsent, words, acts);
  }
}

/**
 * @param {ReplyEntry} entry
 * @param {Words} words
 * @param {Acts} acts
 * @returns {import("./element.js").Child[]}
 */
function reply({ reply, question, inquiry, last, judged }, words, acts) {
  const { kind, reason, citations, options, question_id } = reply;
  const ask = (/** @type {string} */ style) => !inquiry && askPerson(words, style, () => acts.requestPerson(question_id));
  const taken = safety(reply, question, words, acts);
  if (kind === "answer") {
    return [taken, element("p", { class: "entry-lead" }, words.say("reply_answer")), byPassage(citations).map((group) => quotation(group, words, acts.openPassage)), judgement(question_id, judged, words, acts), ask("quiet")].flat();
  }
  if (kind === "clarify") {
    const choose = (/** @type {string} */ option) =>
      element("button", { type: "button", disabled: !last, onclick: once(() => acts.ask(`${option} — ${question}`)) }, option);
    return [
      taken,
      element("p", {}, words.say(options.length ? `reply_${reason}` : "reply_missing_product")),
      options.length > 0 && element("p", { class: "entry-options" }, options.map(choose)),
    ];
  }
  if (kind === "handover") return [taken, element("p", {}, words.say(reply.report_asked && reason === "safety_report" ? "reply_rehearsed" : `reply_${reason}`)), ask("primary")];
  return [taken, element("p", {}, words.say("reply_off_topic"))];
}

/**
 * That what was written went to pharmacovigilance; in a rehearsal, that it did not, and the way there for a real case.
 *
 * @param {{report_taken: boolean, report_asked?: boolean} | null} told
 * @param {string} text
 * @param {Words} words
 * @param {Acts} acts
 * @returns {import("./element.js").Child}
 */
function safety(told, text, words, acts) {
  if (told?.report_taken) return element("p", { class: "notice danger" }, words.say("reply_report_taken"));
  if (!told?.report_asked) return null;
  return element(
    "div",
    { class: "notice warning stack tight" },
    element("p", {}, words.say("reply_report_asked")),
    element("p", {}, element("button", { type: "button", class: "danger", onclick: () => acts.report(text) }, words.say("report_real_case"))),
  );
}

/**
 * @param {Words} words
 * @param {string} style
 * @param {() => void} act
 */
function askPerson(words, style, act) {
  return element("p", { class: "entry-actions" }, element("button", { type: "button", class: style, onclick: once(act) }, words.say("ask_person")));
}

/**
 * What the HCP and their rep write to each other. What is medical's to answer goes to an MSL, if the HCP so wishes.
 *
 * @param {import("./transcript.js").MessageEntry} entry
 * @param {Words} words
 * @param {Acts} acts
 */
function message({ at, by, name, text, decided }, words, acts) {
  const said = spoken(words.typeset(text));
  if (by === "rep") return theirs("rep", words, at, words.say("message_from_rep", { name }), [said]);
  const taken = safety(decided, text, words, acts);
  const offer = decided?.delivered === false && [
    element("p", {}, words.say("message_withheld")),
    !taken && askPerson(words, "primary", () => acts.requestPerson(null, text)),
  ];
  return mine(words, at, words.say("unsent_write_to_rep"), [said, taken, offer].flat());
}

/**
 * Useful or not, and what it wants; a click on what is pressed takes it back.
 *
 * @param {string} question_id
 * @param {import("./events").ReplyJudged | null} judged
 * @param {Words} words
 * @param {Acts} acts
 */
function judgement(question_id, judged, words, acts) {
  const useful = judged?.useful ?? null;
  const choice = (/** @type {string} */ name, /** @type {boolean} */ pressed, /** @type {Partial<import("./events").ReplyJudged>} */ told) => {
    const onclick = () => acts.judge({ question_id, useful: null, reason: null, ...told });
    return element("button", { type: "button", "aria-pressed": String(pressed), onclick }, words.say(`judge_${name}`));
  };
  const reasons = /** @type {const} */ (["beside", "incomplete", "hard_to_read"]);
  return element(
    "div",
    { class: "entry-actions", role: "group", "aria-label": words.say("judge") },
    choice("useful", useful === true, { useful: useful === true ? null : true }),
    choice("not_useful", useful === false, { useful: useful === false ? null : false }),
    useful === false &&
      reasons.map((reason) => choice(reason, judged?.reason === reason, { useful, reason: judged?.reason === reason ? null : reason })),
  );
}

/**
 * @param {import("./transcript.js").Unsent} unsent
 * @param {Words} words
 * @param {Acts} acts
 */
function unsent({ id, name, text, at, refusal, sent }, words, acts) {
  return mine(
    words,
    at,
    words.say(`unsent_${name}`),
    [
      text !== null && spoken(words.typeset(text)),
      refusal === null && element("p", { class: "waiting" }, words.say(sent ? "unsent_sent" : "unsent_waiting")),
      refusal !== null && element("p", { class: "error" }, refusal),
      refusal !== null &&
        element("p", { class: "entry-actions" }, element("button", { type: "button", class: "quiet", onclick: once(() => acts.takeBack(id)) }, words.say("unsent_take_back"))),
    ],
    refusal === null ? "pending" : "refused",
  );
}

/**
 * The HCP knows what they wrote: it is not read back to them, nor when it reached the server.
 *
 * @param {Words} words
 * @param {string} at
 * @param {string} title
 * @param {(import("./element.js").Child | import("./element.js").Child[])[]} children
 * @param {string} [state]
 */
function mine(words, at, title, children, state = "") {
  const attributes = { class: `entry mine ${state}`.trim(), tabindex: -1, "aria-live": "off" };
  return element("article", attributes, head(words, at, title), children.flat());
}

/**
 * @param {string} kind
 * @param {Words} words
 * @param {string} at
 * @param {string} title
 * @param {(import("./element.js").Child | import("./element.js").Child[])[]} children
 */
function theirs(kind, words, at, title, children) {
  return element("article", { class: `entry ${kind}`, tabindex: -1 }, head(words, at, title), children.flat());
}

/**
 * @param {Words} words
 * @param {string} at
 * @param {string} title
 */
function head(words, at, title) {
  return element("header", { class: "entry-head" }, element("h3", {}, title), element("time", { datetime: at }, words.hour(at)));
}

/** @param {string} text */
function spoken(text) {
  return element("p", { class: "lines" }, text);
}

/**
 * A click that counts once: the entry is drawn again when the server has answered.
 *
 * @param {() => void} act
 */
function once(act) {
  return (/** @type {MouseEvent} */ event) => {
    if (event.currentTarget instanceof HTMLButtonElement) event.currentTarget.disabled = true;
    act();
  };
}
