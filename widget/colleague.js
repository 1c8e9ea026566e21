/** The page of an MSL in a rep's session: the room's slides, and what presents them once the rep has handed over. */

import * as consoleState from "./console-state.js";
import { calling } from "./calling.js";
import { byId } from "./element.js";
import { presenting } from "./presenting.js";
import { reportDialog } from "./report.js";
import { bootstrap, openLine } from "./staff-line.js";
import { speak } from "./words.js";

const page = bootstrap();
const words = speak(page.words, page.lang);
const live = /** @type {HTMLElement} */ (document.querySelector(".live"));
const refusal = byId("refusal", HTMLElement);
const announcement = byId("announcement", HTMLElement);
const handOver = byId("hand-over", HTMLButtonElement);

let state = consoleState.fromSnapshot(page.snapshot);
let online = false;

const stage = presenting({ page, words, perform, line: () => line, render });
const call = calling({ words, line: () => line });
const line = openLine({ detailing_id: page.detailing_id }, {
  namespace: page.namespace,
  onSnapshot(snapshot) {
    state = consoleState.fromSnapshot(snapshot);
    stage.restarted();
    render();
  },
  onFact(fact) {
    state = consoleState.apply(state, fact);
    if (fact.name === "lease_given") announcement.textContent = words.say(`${fact.body.role}_presents`, { name: fact.body.name });
    if (fact.name === "detailing_ended") announcement.textContent = words.say("ended_words");
    render();
    stage.heard(fact);
  },
  onNotice(name, body) {
    stage.noticed(name, body);
    call.noticed(name, body);
  },
  onOnline(now) {
    online = now;
    render();
    call.online(now);
    if (now) stage.joined();
  },
});

reportDialog(line);
handOver.addEventListener("click", () => perform("hand_over", { to: page.rep_id, epoch: stage.lease.epoch }));
byId("leave", HTMLButtonElement).addEventListener("click", async () => {
  if (state.phase !== "live" || (await perform("leave_detailing", {})).ok) location.assign("/desk");
});
render();

/** @type {import("./presenting.js").Perform} */
async function perform(name, body) {
  const answer = await line.send(name, body);
  refusal.hidden = answer.ok;
  refusal.textContent = answer.ok ? "" : answer.message;
  return answer;
}

function render() {
  live.dataset.phase = state.phase;
  for (const part of live.querySelectorAll("[data-when]")) {
    if (part instanceof HTMLElement) part.hidden = part.dataset.when !== state.phase;
  }
  stage.render(state, online);
  call.render(state.phase !== "ended");
  handOver.hidden = !stage.presents();
}
