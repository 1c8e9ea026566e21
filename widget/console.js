/**
 * The rep's live console. Nothing here runs ahead of the server: a slide changes when the fact of it arrives, and until then the
 * console shows what it has asked for.
 */

import * as consoleState from "./console-state.js";
import { calling } from "./calling.js";
import { colleaguesView } from "./console-colleagues.js";
import { peopleView } from "./console-people.js";
import { preview } from "./console-preview.js";
import { questionsView } from "./console-questions.js";
import { offersView } from "./console-offers.js";
import { writingView } from "./console-writing.js";
import { byId, element } from "./element.js";
import { ahead } from "./pace.js";
import { presenting } from "./presenting.js";
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

const live = /** @type {HTMLElement} */ (document.querySelector(".live"));
const announcement = byId("announcement", HTMLElement);
const refusal = byId("refusal", HTMLElement);
const ending = byId("ending", HTMLDialogElement);
const reason = byId("ending-reason", HTMLInputElement);

const stage = presenting({ page, words, perform, line: () => line, render });
const people = peopleView({
  words,
  act: (command, participant) => perform(command, { participant_id: participant.id }),
  lock: (isLocked) => perform(isLocked ? "lock_lobby" : "unlock_lobby", {}),
});
const writing = writingView({ words, perform });
const questions = questionsView({ words, answered: (question_id) => perform("mark_answered_orally", { question_id }) });
const colleagues = colleaguesView({ msls: page.msls, perform, epoch: () => stage.lease.epoch });
const call = calling({ words, line: () => line });
const sight = preview({ page, words });
const offers = offersView({ polls: page.polls, handouts: page.handouts, words, perform });

const line = openLine({ detailing_id: page.detailing_id }, {
  namespace: page.namespace,
  onSnapshot(snapshot) {
    state = consoleState.fromSnapshot(snapshot);
    stage.restarted();
    render();
  },
  onFact(fact) {
    state = consoleState.apply(state, fact);
    announce(fact);
    render();
    stage.heard(fact);
  },
  onNotice(name, body) {
    if (name === "presence_changed") state = consoleState.perceive(state, body);
    if (name === "call_changed") state = consoleState.withCall(state, body.people);
    call.noticed(name, body);
    stage.noticed(name, body);
    sight.noticed(name, body);
    render();
  },
  onOnline(now) {
    online = now;
    render();
    call.online(now);
    if (now) stage.joined();
  },
});

reportDialog(line);
/** @type {Promise<ReturnType<typeof import("./console-check.js").check>> | undefined} */
let checking;
byId("check-open", HTMLButtonElement).addEventListener("click", async () => {
  checking ??= import("./console-check.js").then(({ check }) => check({ words, line, total: slides.length, media: page.media }));
  (await checking).open();
});
byId("start", HTMLButtonElement).addEventListener("click", async () => {
  if ((await perform("start_detailing", {})).ok) stage.started();
});
byId("end", HTMLButtonElement).addEventListener("click", askToEnd);
ending.addEventListener("close", () => {
  if (ending.returnValue === "end") perform("end_detailing", { reason: reason.value.trim() || null, epoch: stage.lease.epoch });
});
setInterval(tick, 1000);
render();

/** @type {import("./presenting.js").Perform} */
async function perform(name, body) {
  const answer = await line.send(name, body);
  refusal.hidden = answer.ok;
  refusal.textContent = answer.ok ? "" : answer.message;
  return answer;
}

function askToEnd() {
  const owed = consoleState.owed(state, slides);
  const missing = owed.map(({ number, title }) => element("li", {}, words.say("end_missing", { number, title })));
  byId("ending-missing", HTMLElement).hidden = owed.length === 0;
  byId("ending-missing-list", HTMLElement).replaceChildren(...missing);
  byId("ending-words", HTMLElement).textContent = words.say(owed.length > 0 ? "end_anyway" : "end");
  reason.required = owed.length > 0 && !page.rehearsal;
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
    case "message_heard":
      return fact.body.by === "hcp" ? words.say("message_arrived") : null;
    case "hand_seen":
      return fact.body.raised ? words.say("hand_news") : null;
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
    if (part instanceof HTMLElement) part.hidden = !part.dataset.when?.split(" ").includes(state.phase);
  }
  byId("start", HTMLButtonElement).disabled = !online;
  stage.render(state, online);
  byId("end", HTMLButtonElement).disabled = !stage.presents();
  people.render(state, online);
  questions.render(state, online);
  writing.render(state);
  colleagues.render(state, stage.presents());
  sight.render(state);
  offers.render(state);
  call.render(state.phase !== "ended");
  renderReminder();
  byId("stopped", HTMLElement).hidden = !state.stoppedByContent;
  byId("incomplete", HTMLElement).hidden = state.leftOut.length === 0;
  byId("incomplete-words", HTMLElement).textContent = words.say("incomplete", { numbers: state.leftOut.join(", ") });
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
  const button = { type: "button", title: name, "aria-label": name, onclick: () => stage.go(slide.number) };
  return element("li", {}, element("button", button, String(slide.number)));
}

function tick() {
  const until = state.endedAt ? Date.parse(state.endedAt) : Date.now();
  const elapsed = state.startedAt ? Math.max(0, until - Date.parse(state.startedAt)) : 0;
  const seconds = Math.floor(elapsed / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0"));
  byId("elapsed", HTMLElement).textContent = (seconds < 3600 ? parts.slice(1) : parts).join(":");
  renderPace(elapsed);
}

/** @param {number} elapsed milliseconds */
function renderPace(elapsed) {
  const pace = byId("pace", HTMLElement);
  const { phase, plannedMinutes: planned, shown, total } = state;
  pace.hidden = phase !== "live" || planned === null;
  if (planned === null) return;
  const minutes = ahead({ elapsed, planned, seen: shown.length, total });
  pace.className = `badge ${minutes < 0 ? "late" : minutes > 0 ? "soon" : "done"}`;
  pace.title = words.say("planned_minutes", { minutes: planned });
  pace.textContent = words.say(minutes < 0 ? "pace_behind" : minutes > 0 ? "pace_ahead" : "pace_on_time", { minutes: Math.abs(minutes) });
}
