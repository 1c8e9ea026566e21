/** One medical inquiry before the MSL: take it, give it back, answer it. What was typed is never lost to a refusal. */

import * as deskState from "./desk-state.js";
import { byId } from "./element.js";
import { reportDialog } from "./report.js";
import { bootstrap, openLine } from "./staff-line.js";
import { showUrgency } from "./urgency.js";
import { speak } from "./words.js";

const page = bootstrap();
const words = speak(page.words, page.lang);
const root = byId("inquiry", HTMLElement);
const inquiryId = root.dataset.id ?? "";
const assign = byId("assign", HTMLButtonElement);
const release = byId("release", HTMLButtonElement);
const form = document.getElementById("answer-form");
// There while the session in which it was asked goes on.
const enter = document.getElementById("enter");

let state = deskState.fromSnapshot(page.snapshot);
let online = false;
let leaving = false;

const line = openLine({}, {
  namespace: page.namespace,
  onSnapshot(snapshot) {
    state = deskState.fromSnapshot(snapshot);
    render();
  },
  onFact(fact) {
    state = deskState.apply(state, fact);
    render();
  },
  onOnline(now) {
    online = now;
    render();
  },
});

reportDialog(line);
assign.addEventListener("click", () => perform("assign_inquiry"));
release.addEventListener("click", () => perform("release_inquiry"));
if (form instanceof HTMLFormElement) prepareAnswer(form);
setInterval(renderClock, 1000);
render();

/** @param {"assign_inquiry" | "release_inquiry"} command */
async function perform(command) {
  const answer = await line.send(command, { inquiry_id: inquiryId });
  say(answer.ok ? "" : answer.message);
  if (answer.ok && command === "assign_inquiry") document.getElementById("answer")?.focus();
}

/** @param {string} message */
function say(message) {
  const outcome = document.getElementById("answer-outcome");
  if (outcome) outcome.textContent = message;
}

/** @param {HTMLFormElement} form */
function prepareAnswer(form) {
  const text = byId("answer", HTMLTextAreaElement);
  const send = byId("send", HTMLButtonElement);
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("#passages input"));
  const chosen = byId("chosen", HTMLElement);

  form.addEventListener("change", () => {
    const count = checked().length;
    chosen.hidden = count === 0;
    chosen.textContent = words.say("references_chosen", { count });
  });
  const filter = document.getElementById("passage-filter");
  if (filter instanceof HTMLInputElement) filter.addEventListener("input", () => sift(filter.value));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    send.setAttribute("aria-busy", "true");
    send.disabled = true;
    const answer = await line.send("answer_inquiry", { inquiry_id: inquiryId, text: text.value, passage_ids: checked() });
    send.removeAttribute("aria-busy");
    send.disabled = false;
    if (!answer.ok) return say(answer.message);
    leaving = true;
    location.assign("/desk");
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && text.value.trim()) event.preventDefault();
  });

  function checked() {
    return Array.from(boxes).filter((box) => box.checked).map((box) => box.value);
  }

  /** @param {string} sought */
  function sift(sought) {
    const wanted = sought.trim().toLocaleLowerCase();
    let count = 0;
    for (const box of boxes) {
      const item = /** @type {HTMLElement} */ (box.closest("li"));
      // What is already chosen stays in view.
      item.hidden = !box.checked && !item.textContent?.toLocaleLowerCase().includes(wanted);
      if (!item.hidden) count += 1;
    }
    byId("passage-count", HTMLElement).textContent = words.say("passages_found", { count });
  }
}

function inquiry() {
  return state.inquiries.find(({ inquiry_id }) => inquiry_id === inquiryId);
}

function render() {
  const known = inquiry();
  // An answered inquiry has left the queue: the page itself says who answered and when.
  const status = known?.state ?? "answered";
  const mine = status === "assigned" && known?.msl_id === page.msl_id;
  assign.hidden = status !== "queued";
  release.hidden = !mine;
  enter?.toggleAttribute("hidden", !mine);
  assign.disabled = release.disabled = !online;
  byId("owner", HTMLElement).textContent =
    status === "assigned" ? (mine ? words.say("assigned_to_me") : words.say("assigned_to", { name: known?.msl_name ?? "" })) : "";
  renderForm(status, mine);
  renderClock();
}

/**
 * @param {"queued" | "assigned" | "answered"} status
 * @param {boolean} mine
 */
function renderForm(status, mine) {
  if (!(form instanceof HTMLFormElement)) return;
  // Only sending waits for the inquiry to be mine: whoever lost it can still copy what they wrote.
  byId("send", HTMLButtonElement).disabled = !mine || !online;
  const why = { queued: "take_first", assigned: "assigned_to", answered: "already_answered" }[status];
  byId("not-mine", HTMLElement).hidden = mine;
  byId("not-mine-words", HTMLElement).textContent = words.say(why, { name: inquiry()?.msl_name ?? "" });
}

function renderClock() {
  const { opened = "", due = "" } = root.dataset;
  const promised = { opened_at: opened, due_at: due, state: inquiry()?.state ?? "answered" };
  byId("left", HTMLElement).textContent = showUrgency(root, promised, words);
}
