/**
 * Presenting a deck: the slides and what moves them, hidden and shown, pointed at, and the lease that says on which screen. The
 * rep's console and the page of an MSL in the session are both built on it.
 */

import { jumpGrid } from "./console-jump.js";
import { pointer } from "./console-pointer.js";
import { slidesView } from "./console-slides.js";
import { byId } from "./element.js";
import { Lease } from "./lease.js";

/**
 * @typedef {import("./console-state.js").ConsoleState} ConsoleState
 * @typedef {import("./events").Commands} Commands
 * @typedef {import("./connection.js").Answer} Answer
 *
 * @typedef {<N extends keyof Commands>(name: N, body: Omit<Commands[N], "id">) => Promise<Answer>} Perform a command whose refusal
 *   is shown
 *
 * @typedef {object} Page
 * @property {string} detailing_id
 * @property {string} staff_id who sits here
 * @property {string} media
 * @property {import("./console-slides.js").RepSlide[]} slides
 */

/**
 * @param {object} parts
 * @param {Page} parts.page
 * @param {import("./words.js").Words} parts.words
 * @param {Perform} parts.perform
 * @param {() => import("./connection.js").Connection} parts.line
 * @param {() => void} parts.render called when something here changed
 */
export function presenting({ page, words, perform, line, render }) {
  const hold = byId("hold", HTMLButtonElement);
  const callEveryone = byId("call-everyone", HTMLButtonElement);
  const stage = byId("stage", HTMLElement);
  /** @type {ConsoleState | null} */
  let state = null;
  let online = false;
  /** The slide asked for and not yet shown. @type {number | null} */
  let goal = null;
  /** The epoch that this line has told the server it presents under. */
  let told = 0;

  const lease = new Lease({
    detailingId: page.detailing_id,
    me: page.staff_id,
    takeOver: (epoch) => perform("take_over", { epoch }),
    onChange: render,
  });
  const slideView = slidesView({ slides: page.slides, media: page.media, words, go });
  const grid = jumpGrid({ go });
  const pointing = pointer({ point: (place) => line().signal("point", place) });

  hold.addEventListener("click", toggleHold);
  callEveryone.addEventListener("click", () => {
    if (presents()) perform("call_everyone", { epoch: lease.epoch });
  });
  byId("take-over", HTMLButtonElement).addEventListener("click", () => {
    if (state) lease.take(state.presenter);
  });
  // Single letters act only while the focus is on the stage: elsewhere they belong to whoever types or dictates.
  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const act = event.key === "b" ? toggleHold : event.key === "o" || /^\d$/.test(event.key) ? () => grid.open(event.key) : null;
    if (!act) return;
    event.preventDefault();
    act();
  });

  /** Whether this screen decides what the room sees. */
  function presents() {
    return online && state?.phase === "live" && lease.holds(state.presenter);
  }

  function toggleHold() {
    if (state && presents()) perform(state.held ? "release_screen" : "hold_screen", { epoch: lease.epoch });
  }

  function tellLease() {
    if (!presents() || told === lease.epoch) return;
    told = lease.epoch;
    line().signal("presenting", { epoch: told });
  }

  /**
   * Ask for a slide; several steps in a row add up although the first has not arrived yet.
   *
   * @param {import("./console-slides.js").Where} where
   */
  async function go(where) {
    if (!state || !presents() || state.held) return;
    const here = goal ?? state.number ?? 0;
    const steps = { next: here + 1, previous: here - 1, first: 1, last: state.total };
    const number = typeof where === "number" ? where : steps[where];
    if (number < 1 || number > state.total || number === here) return;
    goal = number;
    render();
    const answer = await perform("show_slide", { number, epoch: lease.epoch });
    if (!answer.ok && goal === number) goal = null;
    render();
  }

  /** @param {ConsoleState} now */
  function renderLease({ phase, presenter }) {
    const mine = lease.isMine(presenter);
    const notice = byId("lease", HTMLElement);
    notice.hidden = phase !== "live" || lease.holds(presenter);
    const who = mine ? "elsewhere" : presenter.role === "msl" ? "msl_presents" : "rep_presents";
    byId("lease-words", HTMLElement).textContent = words.say(who, { name: presenter.name });
    const button = byId("take-over", HTMLButtonElement);
    // The rep may take over from anybody, an MSL only from another screen of their own.
    button.hidden = !mine && presenter.role === "rep";
    button.textContent = words.say(mine ? "take_over_here" : "take_over");
    button.disabled = !online;
  }

  return {
    lease,
    presents,
    go,
    /** The session was started from this screen, which presents. */
    started: () => lease.hold(1),
    /**
     * @param {ConsoleState} now
     * @param {boolean} isOnline
     */
    render(now, isOnline) {
      state = now;
      online = isOnline;
      lease.follow(now.presenter);
      const mine = presents();
      tellLease();
      slideView.render(now, goal, mine && !now.held);
      grid.render(now, mine && !now.held);
      pointing.render(mine && !now.held);
      for (const button of [hold, callEveryone]) button.setAttribute("aria-disabled", String(!mine));
      byId("hold-words", HTMLElement).textContent = words.say(now.held ? "release" : "hold");
      hold.classList.toggle("primary", now.held);
      byId("held", HTMLElement).hidden = !now.held;
      renderLease(now);
    },
    /** Everything was told anew. */
    restarted() {
      goal = null;
    },
    /** @param {import("./events").Fact} fact after it has become part of the state */
    heard(fact) {
      if (fact.name === "slide_shown" && fact.body.number === goal) goal = null;
      if (fact.name === "lease_given") lease.given(fact.body);
    },
    /**
     * @param {string} name
     * @param {any} body
     */
    noticed(name, body) {
      if (name === "pointer_moved") pointing.follow(body);
      if (name === "lease_seen") lease.seen = body;
    },
    /** The line is there, or there again. */
    joined() {
      told = 0;
      tellLease();
      if (state) lease.arrive(state.phase === "live" ? state.presenter : null);
    },
  };
}
