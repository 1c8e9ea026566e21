/**
 * The rep's live console. Nothing here runs ahead of the server: a slide changes when the fact of it arrives, and until then the
 * console shows what it has asked for.
 */

import * as consoleState from "./console-state.js";
import { jumpGrid } from "./console-jump.js";
import { peopleView } from "./console-people.js";
import { questionsView } from "./console-questions.js";
import { slidesView } from "./console-slides.js";
import { byId, element } from "./element.js";
import { reportDialog } from "./report.js";
import { bootstrap, openLine } from "./staff-line.js";
import { follow } from "./stamp.js";
import { speak } from "./words.js";

const page = bootstrap();
const words = speak(page.words, page.lang);
/** @type {import("./console-slides.js").RepSlide[]} */
const slides = page.slides;

let state = consoleState.fromSnapshot(page.snapshot);
let online = false;
/** The slide asked for and not yet shown. @type {number | null} */
let goal = null;

const live = /** @type {HTMLElement} */ (document.querySelector(".live"));
const announcement = byId("announcement", HTMLElement);
const refusal = byId("refusal", HTMLElement);
const ending = byId("ending", HTMLDialogElement);

const slideView = slidesView({ slides, media: page.media, words, go });
const grid = jumpGrid({ go });
const people = peopleView({ words, act: (command, participant) => perform(command, { participant_id: participant.id }) });
const questions = questionsView({ words });

const line = openLine({ detailing_id: page.detailing_id }, {
  namespace: page.namespace,
  onSnapshot(snapshot) {
    state = consoleState.fromSnapshot(snapshot);
    goal = null;
    render();
  },
  onFact(fact) {
    state = consoleState.apply(state, fact);
    if (fact.name === "slide_shown" && fact.body.number === goal) goal = null;
    announce(fact);
    render();
  },
  onNotice(name, body) {
    if (name === "presence_changed") state = consoleState.perceive(state, body);
    render();
  },
  onOnline(now) {
    online = now;
    render();
  },
});

reportDialog(line);
byId("start", HTMLButtonElement).addEventListener("click", () => perform("start_detailing", {}));
byId("end", HTMLButtonElement).addEventListener("click", askToEnd);
ending.addEventListener("close", () => {
  if (ending.returnValue === "end") perform("end_detailing", {});
});
setInterval(tick, 1000);
render();

/**
 * Ask for a slide; several steps in a row add up although the first has not arrived yet.
 *
 * @param {number | "next" | "previous" | "first" | "last"} where
 */
async function go(where) {
  if (state.phase !== "live" || !online) return;
  const here = goal ?? state.number ?? 0;
  const steps = { next: here + 1, previous: here - 1, first: 1, last: state.total };
  const number = typeof where === "number" ? where : steps[where];
  if (number < 1 || number > state.total || number === here) return;
  goal = number;
  render();
  const done = await perform("show_slide", { number });
  if (!done && goal === number) goal = null;
  render();
}

/**
 * @template {keyof import("./events").Commands} N
 * @param {N} name
 * @param {Omit<import("./events").Commands[N], "id">} body
 * @returns {Promise<boolean>} whether it was done
 */
async function perform(name, body) {
  const answer = await line.send(name, body);
  refusal.hidden = answer.ok;
  refusal.textContent = answer.ok ? "" : answer.message;
  return answer.ok;
}

function askToEnd() {
  const owed = consoleState.owed(state, slides);
  byId("ending-missing", HTMLElement).hidden = owed.length === 0;
  byId("ending-missing-list", HTMLElement).replaceChildren(...owed.map((slide) => element("li", {}, slideName(slide))));
  ending.returnValue = "";
  ending.showModal();
}

/** @param {import("./events").Fact} fact */
function announce(fact) {
  announcement.textContent = newsOf(fact) ?? announcement.textContent;
}

/**
 * @param {import("./events").Fact} fact
 * @returns {string | null} what is read out; null for a fact that needs no words
 */
function newsOf(fact) {
  switch (fact.name) {
    case "hcp_arrived":
      return words.say("someone_waits", { name: fact.body.name ?? words.say("untracked") });
    case "question_heard":
      return words.say("question_arrived");
    case "slide_shown":
      return slideName(slides[fact.body.number - 1]);
    case "detailing_ended":
      return words.say("ended_words");
    default:
      return null;
  }
}

/** @param {import("./console-slides.js").RepSlide} slide */
function slideName({ number, title }) {
  return words.say("slide_name", { number, total: slides.length, title });
}

function render() {
  live.dataset.phase = state.phase;
  for (const part of live.querySelectorAll("[data-when]")) {
    if (part instanceof HTMLElement) part.hidden = part.dataset.when !== state.phase;
  }
  byId("start", HTMLButtonElement).disabled = !online;
  byId("end", HTMLButtonElement).disabled = !online;
  slideView.render(state, goal, online);
  grid.render(state);
  people.render(state, online);
  questions.render(state);
  renderReminder();
  byId("stopped", HTMLElement).hidden = !state.stoppedByContent;
  tick();
}

function renderReminder() {
  const owed = consoleState.owed(state, slides);
  byId("reminder", HTMLElement).hidden = state.phase !== "live" || owed.length === 0;
  follow(byId("reminder-list", HTMLElement), owed, ({ number }) => String(number), reminderItem, () => {});
}

/** @param {import("./console-slides.js").RepSlide} slide */
function reminderItem(slide) {
  const name = slideName(slide);
  const button = { type: "button", title: name, "aria-label": name, onclick: () => go(slide.number) };
  return element("li", {}, element("button", button, String(slide.number)));
}

function tick() {
  const until = state.endedAt ? Date.parse(state.endedAt) : Date.now();
  const seconds = state.startedAt ? Math.max(0, Math.floor((until - Date.parse(state.startedAt)) / 1000)) : 0;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0"));
  byId("elapsed", HTMLElement).textContent = (seconds < 3600 ? parts.slice(1) : parts).join(":");
}
