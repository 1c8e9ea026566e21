/**
 * The HCP's room, full-window and inside the widget's frame alike: it reads what the server put into the page, then follows the
 * facts. What is known is in one state, and every part of the page is drawn from it.
 */

import { calling } from "./calling.js";
import { Company } from "./company.js";
import { Conversation } from "./conversation.js";
import { keepDrafts } from "./composer.js";
import { connect } from "./connection.js";
import { byId } from "./element.js";
import { forgetBearer, keepBearer } from "./entrance.js";
import { Stage } from "./stage.js";
import { host } from "./start.js";
import { apply, fromSnapshot, phase } from "./state.js";
import { Viewing } from "./viewing.js";
import { speak } from "./words.js";

/**
 * @typedef {object} Bootstrap
 * @property {string} bearer
 * @property {"detailing" | "assistant"} mode
 * @property {string} namespace
 * @property {string | null} media
 * @property {"fr" | "en"} lang
 * @property {string} now the server's clock as the page was made
 * @property {number} idle milliseconds without a sign of the HCP after which nobody is taken to look
 * @property {string} laboratory
 * @property {Record<string, string>} words
 * @property {Parameters<typeof fromSnapshot>[0]} snapshot
 */

const TELL_EVERY = 15_000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "scroll"];
// A line that is back within a breath needs no words.
const PATIENCE = 1000;
// The first one takes a slow network some breaths.
const FIRST_PATIENCE = 4000;

/** @type {Bootstrap} */
const page = JSON.parse(byId("bootstrap", HTMLElement).textContent ?? "");
const words = speak(page.words, page.lang);

keepBearer(page.bearer);
// The page answered a form: a reload comes back through the entrance, with the bearer, instead of sending the form again.
history.replaceState({ room: true }, "", `/join?lang=${page.lang}`);

let state = fromSnapshot(page.snapshot);
/** @type {import("./state.js").RoomState["conversation"]} said under the name that was given up, kept on this screen only */
let earlier = [];
let lastSight = "";
let lineUp = false;
let wasUp = false;
let unsent = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let patience = setTimeout(tellLine, FIRST_PATIENCE);
/** @type {Promise<import("./pointing.js").Dot> | undefined} */
let dot;
/** @type {Promise<ReturnType<typeof import("./taking-part.js").takingPart>> | undefined} */
let part;
/** @type {Promise<import("./passage.js").PassageDialog> | undefined} */
let passages;
/** @type {Promise<ReturnType<typeof import("./settings.js").settings>> | undefined} */
let consent;
/** What the server's clock said when this page's monotonic one began, in milliseconds since 1970. */
let epoch = Date.parse(page.now) - navigated().responseStart;
let connection = openLine();

const viewing = new Viewing(
  (number, from, until) => connection.send("view_slide", { number, started_at: moment(from), ended_at: moment(until) }),
  { idle: page.idle },
);
const conversation = new Conversation({
  words,
  send: (name, body) => connection.send(name, body),
  openPassage,
  onChange: render,
});
const stage = page.media === null ? null : new Stage({ media: page.media, words, onLook: look });
const call = page.media === null ? null : calling({ words, line: () => connection, name: () => state.participant?.name ?? null });
const company = page.media === null ? null : new Company({ words, laboratory: page.laboratory });

render();
document.addEventListener("visibilitychange", look);
for (const sign of SIGNS) document.addEventListener(sign, () => viewing.stir(), { capture: true, passive: true });
addEventListener("pagehide", () => viewing.tell());
setInterval(() => viewing.tell(), TELL_EVERY);
byId("settings", HTMLDetailsElement).addEventListener("toggle", openSettings, { once: true });
for (const link of document.querySelectorAll("[data-leaves]")) {
  link.addEventListener("click", leave);
}

function leave() {
  forgetBearer();
  connection.close({ forget: true });
}

function openLine() {
  return connect({
    namespace: page.namespace,
    ask: post,
    onSnapshot(snapshot) {
      state = fromSnapshot({ ...snapshot, conversation: [...earlier, ...snapshot.conversation] });
      render();
    },
    onFact(fact) {
      state = apply(state, fact);
      render();
      if (fact.name === "place_restored") location.reload();
      if (fact.name === "admission_revoked") leave();
    },
    onTime(at, now) {
      epoch = Date.parse(at) - now;
    },
    onNotice(name, body) {
      if (name === "pointer_moved") point(body);
      else call?.noticed(name, body);
    },
    onUnsent(count) {
      unsent = count;
      showLine();
    },
    onKept(acts, vault) {
      conversation.takeUp(acts);
      keepDrafts(vault);
    },
    onOnline(online) {
      lineUp = online;
      showLine();
      call?.online(online);
      if (!online) return;
      if (wasUp) stage?.refresh();
      wasUp = true;
      lastSight = "";
      look();
    },
  });
}

function render() {
  const { detailing, participant } = state;
  const now = phase(state);
  document.body.dataset.phase = now;
  for (const part of document.querySelectorAll("[data-when]")) {
    if (part instanceof HTMLElement) part.hidden = !part.dataset.when?.split(" ").includes(now);
  }
  const said = conversation.render(state);
  if (now === "live" && detailing) stage?.show(detailing);
  if (detailing) company?.render(detailing);
  if (now === "ended") summarise(said);
  if (participant) consent?.then((show) => show(participant.tracked));
  call?.render(now === "planned" || now === "live");
  host.expand(now === "live");
  look();
}

/** Tell the slide on screen and whether the tab is visible: to the rep now, and to the viewing time. */
function look() {
  const number = phase(state) === "live" && !state.detailing?.held ? (stage?.number ?? null) : null;
  const visible = document.visibilityState === "visible";
  if (["live", "ended"].includes(phase(state))) takePart(number);
  viewing.look(number, visible && (stage?.inView ?? false));
  const sight = JSON.stringify({ number, visible });
  if (state.detailing && sight !== lastSight) connection.signal("look", { number, visible });
  lastSight = sight;
}

/** @param {number | null} slide the slide on screen */
async function takePart(slide) {
  part ??= import("./taking-part.js").then(({ takingPart }) =>
    takingPart({ words, send: (name, body) => void connection.send(name, body), media: () => stage?.media ?? "" }),
  );
  const { render } = await part;
  if (state.offered && state.mine) render(state.offered, state.mine, slide);
}

function navigated() {
  return /** @type {PerformanceNavigationTiming} */ (performance.getEntriesByType("navigation")[0]);
}

/** @param {number} now by this page's monotonic clock */
function moment(now) {
  return new Date(epoch + now).toISOString();
}

/** @param {import("./transcript.js").Entry[]} said */
async function summarise(said) {
  const { showSummary } = await import("./summary.js");
  const rate = (/** @type {number | null} */ stars) => void connection.send("rate_detailing", { stars });
  showSummary(byId("summary-body", HTMLElement), state, said, words, { openPassage, rate, media: stage?.media ?? "" });
}

/** @param {{x: number | null, y: number | null}} place where the presenter points; what draws it comes when it is first needed */
async function point(place) {
  dot ??= import("./pointing.js").then(({ Dot }) => new Dot(byId("slide", HTMLImageElement)));
  (await dot).show(place);
}

function openSettings() {
  consent = import("./settings.js").then(({ settings }) => settings({ words, withdraw, announce }));
  render();
}

/** @param {boolean} announces whether slide changes are read out */
function announce(announces) {
  if (stage) stage.announces = announces;
}

/** Go on as somebody whom nobody knows: another bearer, another line, and what is on screen stays on screen. */
async function withdraw() {
  viewing.tell();
  await call?.leave();
  // The server ends the old line at once: closed first, it is not mistaken for a lost one.
  connection.close();
  try {
    const answer = await post("/api/consent", { tracking: false });
    if (!answer.ok) throw new Error(`consent: ${answer.status}`);
    // What was not sent was said by somebody who goes on as another: it is theirs to say again.
    connection.close({ forget: true });
    const { bearer, media } = await answer.json();
    page.bearer = bearer;
    keepBearer(bearer);
    earlier = state.conversation;
    if (stage) stage.media = media;
  } finally {
    connection = openLine();
  }
}

/**
 * @param {string} address
 * @param {object} body
 * @param {AbortSignal} [signal]
 */
async function post(address, body, signal) {
  const headers = { ...authorization(), "Content-Type": "application/json" };
  const answer = await fetch(`${address}?lang=${page.lang}`, { method: "POST", headers, body: JSON.stringify(body), signal });
  // The bearer holds no longer: the entrance says so.
  if (answer.status === 404 && (await answer.clone().json()).code === "link_unknown") location.reload();
  return answer;
}

/** @param {import("./events").CitedPassage[]} citations */
async function openPassage(citations) {
  passages ??= import("./passage.js").then(({ PassageDialog }) => new PassageDialog({ words, fetchPassage }));
  (await passages).open(citations);
}

/** @param {string} id */
async function fetchPassage(id) {
  const answer = await fetch(`/api/passages/${encodeURIComponent(id)}`, { headers: authorization() });
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`passage ${id}: ${answer.status}`);
  return answer.json();
}

function authorization() {
  return { Authorization: `Bearer ${page.bearer}` };
}

/** That the line is down, and what waits for it, is told when it has lasted; that it is over, at once. */
function showLine() {
  if ((lineUp && unsent === 0) || !byId("line-notice", HTMLElement).hidden) tellLine();
  else patience ??= setTimeout(tellLine, PATIENCE);
}

function tellLine() {
  clearTimeout(patience);
  patience = undefined;
  byId("line-notice", HTMLElement).hidden = lineUp && unsent === 0;
  byId("line-lost", HTMLElement).hidden = lineUp;
  const waiting = unsent === 0 ? "unsent_none" : unsent === 1 ? "unsent_one" : "unsent_many";
  byId("line-unsent", HTMLElement).textContent = words.say(waiting, { count: unsent });
}
