/**
 * What the rep may look at before starting: the line, the slides, the browser, camera and microphone. Each line says how it stands,
 * in an icon and words, and what to do about it. Loaded when it is opened; what it took is given back when it is closed.
 */

import { byId } from "./element.js";
import { fill, showState } from "./stamp.js";

// A round trip from which on people notice that slides come late, in milliseconds.
const SLOW = 400;
// A clock that is wrong by more tells people wrong times, in milliseconds.
const WRONG = 60_000;
const LEVEL_EVERY = 100;
// Speech at a desk is about a tenth of what a microphone can hear.
const LOUD = 8;

/**
 * @typedef {"busy" | "good" | "fair" | "bad" | "open"} Standing
 *
 * @param {object} parts
 * @param {import("./words.js").Words} parts.words
 * @param {import("./connection.js").Connection} parts.line
 * @param {number} parts.total slides
 * @param {string} parts.media where they are
 */
export function check({ words, line, total, media }) {
  const dialog = byId("check", HTMLDialogElement);
  const progress = byId("check-progress", HTMLProgressElement);
  const video = byId("check-video", HTMLVideoElement);
  const level = byId("check-level", HTMLMeterElement);
  const devices = byId("check-devices", HTMLButtonElement);
  /** @type {HTMLImageElement[]} held, so that the browser keeps their pixels */
  let slides = [];
  /** @type {MediaStream | null} */
  let heard = null;
  /** @type {AudioContext | null} */
  let ears = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let hearing;

  byId("check-again", HTMLButtonElement).addEventListener("click", run);
  devices.addEventListener("click", tryDevices);
  dialog.querySelector("[data-closes]")?.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", letGo);

  /**
   * @param {string} subject
   * @param {Standing} standing
   * @param {string} finding
   * @param {string | null} [advice]
   */
  function say(subject, standing, finding, advice = null) {
    const row = /** @type {HTMLElement} */ (dialog.querySelector(`[data-check="${subject}"]`));
    showState(row, standing);
    fill(row, { finding, advice });
  }

  async function checkLine() {
    say("line", "busy", words.say("check_running"));
    const found = await line.probe().catch(() => null);
    if (found === null) return say("line", "bad", words.say("check_line_down"), words.say("check_line_down_advice"));
    const { transport, trip, ahead } = found;
    const seconds = Math.ceil(Math.abs(ahead) / 1000);
    const finding = words.say("check_line_found", { transport: words.say(`check_${transport}`), trip, seconds });
    if (transport !== "websocket") return say("line", "fair", finding, words.say("check_polling_advice"));
    if (trip > SLOW) return say("line", "fair", finding, words.say("check_slow_advice"));
    if (Math.abs(ahead) > WRONG) return say("line", "fair", finding, words.say("check_clock_advice"));
    say("line", "good", finding);
  }

  async function checkDeck() {
    const shown = byId("current", HTMLImageElement);
    let there = 0;
    progress.max = total;
    const tell = (/** @type {Standing} */ standing, /** @type {string | null} */ advice) => {
      progress.value = there;
      say("deck", standing, words.say("check_deck_found", { number: there, total }), advice);
    };
    tell("busy", null);
    slides = Array.from({ length: total }, (_, at) => {
      const slide = new Image();
      slide.sizes = shown.sizes;
      slide.srcset = [800, 1600].map((width) => `${media}/${at + 1}-${width}.webp ${width}w`).join(", ");
      return slide;
    });
    for (const slide of slides) {
      await slide.decode().then(() => (there += 1), () => {});
      tell("busy", null);
    }
    if (there === total) tell("good", null);
    else tell("bad", words.say("check_deck_advice"));
  }

  function checkBrowser() {
    const needed = { WebSocket: "WebSocket" in window, IndexedDB: "indexedDB" in window, "Web Crypto": crypto.subtle !== undefined };
    const missing = Object.entries(needed).filter(([, there]) => !there).map(([name]) => name);
    if (missing.length === 0) say("browser", "good", words.say("check_browser_good"));
    else say("browser", "fair", words.say("check_browser_missing", { names: missing.join(", ") }), words.say("check_browser_advice"));
  }

  function checkScreen() {
    if (document.fullscreenEnabled) say("screen", "good", words.say("check_screen_good"));
    else say("screen", "fair", words.say("check_screen_missing"), words.say("check_screen_advice"));
  }

  /** Only on a click: browsers ask people, and people wonder who looks at them. */
  async function tryDevices() {
    letGo();
    say("devices", "busy", words.say("check_devices_asked"));
    try {
      heard = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    } catch {
      return say("devices", "fair", words.say("check_devices_refused"), words.say("check_devices_advice"));
    }
    if (!dialog.open) return letGo();
    video.srcObject = heard;
    video.hidden = level.hidden = false;
    ears = new AudioContext();
    const ear = ears.createAnalyser();
    ears.createMediaStreamSource(heard).connect(ear);
    const wave = new Float32Array(ear.fftSize);
    hearing = setInterval(() => {
      ear.getFloatTimeDomainData(wave);
      level.value = Math.min(1, LOUD * Math.sqrt(wave.reduce((sum, one) => sum + one * one, 0) / wave.length));
    }, LEVEL_EVERY);
    say("devices", "good", words.say("check_devices_good"));
  }

  function letGo() {
    clearInterval(hearing);
    ears?.close();
    for (const track of heard?.getTracks() ?? []) track.stop();
    video.srcObject = heard = ears = null;
    video.hidden = level.hidden = true;
  }

  async function run() {
    checkBrowser();
    checkScreen();
    await Promise.all([checkLine(), checkDeck()]);
    const advice = [...dialog.querySelectorAll(".advice:not([hidden])")].map(({ textContent }) => textContent);
    byId("check-news", HTMLElement).textContent = [words.say("check_done"), ...advice].join(" ");
  }

  return {
    open() {
      say("devices", "open", words.say("check_devices_open"));
      dialog.showModal();
      return run();
    },
  };
}
