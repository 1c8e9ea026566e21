/** The MSL desk: the queue as it changes, its clocks, and the first one to take an inquiry gets it. */

import * as deskState from "./desk-state.js";
import { byId } from "./element.js";
import { bootstrap, openLine } from "./staff-line.js";
import { fill, follow, stamp } from "./stamp.js";
import { showUrgency } from "./urgency.js";
import { speak } from "./words.js";

/**
 * @typedef {import("./desk-state.js").Inquiry} Inquiry
 * @typedef {import("./desk-state.js").Show} Show
 */

const page = bootstrap();
const words = speak(page.words, page.lang);
const title = document.title;
const queue = byId("queue", HTMLElement);
const announcement = byId("announcement", HTMLElement);
const refusal = byId("refusal", HTMLElement);
const wanted = byId("wanted", HTMLElement);
const filters = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("[data-show]"));

let state = deskState.fromSnapshot(page.snapshot);
let show = shownByAddress();
let online = false;

const line = openLine({}, {
  namespace: page.namespace,
  onSnapshot(snapshot) {
    state = deskState.fromSnapshot(snapshot);
    render();
  },
  onFact(fact) {
    state = deskState.apply(state, fact);
    if (fact.name === "inquiry_opened") announcement.textContent = words.say("new_inquiry", { number: fact.body.number });
    if (fact.name === "colleague_wanted") announcement.textContent = words.say("wanted", { name: fact.body.rep_name, deck: fact.body.deck_title });
    render();
  },
  onOnline(now) {
    online = now;
    render();
  },
});

for (const filter of filters) {
  filter.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", filter.href);
    show = shownByAddress();
    render();
  });
}
addEventListener("popstate", () => {
  show = shownByAddress();
  render();
});
setInterval(render, 1000);
render();

/** @returns {Show} */
function shownByAddress() {
  const asked = new URLSearchParams(location.search).get("show");
  return asked === "mine" || asked === "all" ? asked : "queue";
}

/** @param {Inquiry} inquiry */
async function assign(inquiry) {
  const answer = await line.send("assign_inquiry", { inquiry_id: inquiry.inquiry_id });
  refusal.hidden = answer.ok;
  refusal.textContent = answer.ok ? "" : answer.message;
  if (answer.ok) location.assign(`/desk/${inquiry.inquiry_id}`);
}

/** @param {Inquiry} inquiry */
function newRow(inquiry) {
  const row = stamp("inquiry-row");
  for (const link of row.querySelectorAll("a")) link.href = `/desk/${inquiry.inquiry_id}`;
  row.querySelector('[data-act="assign"]')?.addEventListener("click", () => assign(inquiry));
  return row;
}

/**
 * @param {HTMLElement} row
 * @param {Inquiry} inquiry
 */
function updateRow(row, inquiry) {
  const mine = inquiry.msl_id === page.msl_id;
  fill(row, {
    left: showUrgency(row, inquiry, words),
    due: dueWords(inquiry.due_at),
    number: inquiry.number,
    excerpt: words.typeset(inquiry.excerpt),
    product: inquiry.product ?? words.say("no_product"),
    reason: words.say(`reason_${inquiry.reason}`),
    language: words.say(`language_${inquiry.language}`),
    owner: inquiry.state === "queued" ? words.say("nobody_yet") : mine ? words.say("me") : inquiry.msl_name,
    "assign-number": inquiry.number,
    "open-number": inquiry.number,
  });
  const assignButton = /** @type {HTMLButtonElement} */ (row.querySelector('[data-act="assign"]'));
  assignButton.hidden = inquiry.state !== "queued";
  assignButton.disabled = !online;
}

/** @param {string} dueAt */
function dueWords(dueAt) {
  const isToday = words.day(dueAt) === words.day(new Date().toISOString());
  return isToday ? words.say("due_today", { hour: words.hour(dueAt) }) : words.say("due_at", { moment: words.moment(dueAt) });
}

function render() {
  for (const filter of filters) {
    const name = /** @type {Show} */ (filter.dataset.show);
    if (name === show) filter.setAttribute("aria-current", "page");
    else filter.removeAttribute("aria-current");
    const count = filter.querySelector("[data-count]");
    if (count) count.textContent = String(deskState.listed(state, name, page.msl_id).length);
  }
  const rows = deskState.listed(state, show, page.msl_id);
  follow(queue, rows, ({ inquiry_id }) => inquiry_id, newRow, updateRow);
  /** @type {HTMLElement} */ (queue.closest("table")).hidden = rows.length === 0;
  byId("nothing", HTMLElement).hidden = rows.length > 0;
  const unassigned = deskState.listed(state, "queue", page.msl_id).length;
  document.title = unassigned > 0 ? `(${unassigned}) ${title}` : title;
  wanted.hidden = state.wanted.length === 0;
  follow(wanted, state.wanted, ({ detailing_id }) => detailing_id, () => stamp("wanted-row"), (row, { detailing_id, rep_name, deck_title }) => {
    fill(row, { words: words.say("wanted", { name: rep_name, deck: words.typeset(deck_title) }) });
    /** @type {HTMLFormElement} */ (row.querySelector("form")).action = `/desk/sessions/${detailing_id}`;
  });
}
