/** The look in the mirror: one's own picture, how loud one is, which devices; before a call, and during it for the devices. */

import { byId, element } from "./element.js";

/**
 * @typedef {import("./call-media.js").Kind} Kind
 */

const LEVEL_EVERY = 100;
// Speech at a desk is about a tenth of what a microphone can hear.
const LOUD = 8;

export class Mirror {
  #dialog = byId("call-mirror", HTMLDialogElement);
  #video = byId("call-own", HTMLVideoElement);
  #problem = byId("call-problem", HTMLElement);
  #again = byId("call-again", HTMLButtonElement);
  #seen = byId("call-join-seen", HTMLButtonElement);
  #unseen = byId("call-join-unseen", HTMLButtonElement);
  #selects = { audio: byId("call-microphones", HTMLSelectElement), video: byId("call-cameras", HTMLSelectElement) };
  #media;
  #words;
  #isAsking = false;
  /** @type {AudioContext | undefined} */
  #ears;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #hearing;

  /**
   * @param {object} parts
   * @param {import("./call-media.js").OwnMedia} parts.media
   * @param {import("./words.js").Words} parts.words
   * @param {() => Promise<string | null>} parts.join whatever media are open; returns why it could not be
   * @param {() => void} parts.onClose whichever way the dialog was left
   */
  constructor({ media, words, join, onClose }) {
    this.#media = media;
    this.#words = words;
    this.#seen.addEventListener("click", () => this.#join(join));
    this.#unseen.addEventListener("click", () => {
      media.stop("video");
      this.#join(join);
    });
    this.#again.addEventListener("click", () => this.#ask("audio"));
    for (const kind of /** @type {const} */ (["audio", "video"])) {
      this.#selects[kind].addEventListener("change", ({ currentTarget }) =>
        media.choose(kind, /** @type {HTMLSelectElement} */ (currentTarget).value),
      );
    }
    navigator.mediaDevices?.addEventListener("devicechange", () => this.reflect());
    this.#dialog.addEventListener("close", () => {
      this.#listen(null);
      this.#video.srcObject = null;
      onClose();
    });
  }

  /**
   * Before a call: ask for microphone and camera.
   *
   * @param {string} about what the others will know
   */
  async open(about) {
    byId("call-appear", HTMLElement).textContent = about;
    this.#show(true);
    await this.#ask("audio", "video");
  }

  /** During a call, for its devices. */
  adjust() {
    this.#tell(null);
    this.#show(false);
    this.reflect();
  }

  close() {
    this.#dialog.close();
  }

  /** The media have changed. */
  reflect() {
    const { audio, video } = this.#media.tracks;
    if (!this.#dialog.open) return;
    this.#video.srcObject = video && new MediaStream([video]);
    this.#video.hidden = !video;
    byId("call-no-picture", HTMLElement).hidden = video !== null || this.#isAsking;
    byId("call-asking", HTMLElement).hidden = !this.#isAsking;
    this.#seen.disabled = this.#isAsking || !video;
    this.#unseen.disabled = this.#isAsking;
    byId("call-join-unseen-words", HTMLElement).textContent = this.#words.say(audio ? "call_join_unseen" : "call_join_unheard");
    const isBlind = !audio && !video && !this.#isAsking;
    for (const part of this.#dialog.querySelectorAll("[data-open]")) part.toggleAttribute("hidden", isBlind);
    this.#listen(audio);
    this.#list("audio");
    this.#list("video");
  }

  /** @param {boolean} isBefore */
  #show(isBefore) {
    for (const part of this.#dialog.querySelectorAll("[data-before]")) part.toggleAttribute("hidden", !isBefore);
    for (const part of this.#dialog.querySelectorAll("[data-during]")) part.toggleAttribute("hidden", isBefore);
    this.#again.hidden = true;
    this.#dialog.showModal();
    byId("call-mirror-title", HTMLElement).focus();
  }

  /** @param {...Kind} kinds */
  async #ask(...kinds) {
    this.#tell(null);
    this.#again.hidden = true;
    this.#isAsking = true;
    this.reflect();
    const problem = await this.#media.open(...kinds);
    this.#isAsking = false;
    this.#tell(problem && this.#words.say(`call_${problem}`));
    this.#again.hidden = problem !== "denied";
    this.reflect();
  }

  /** @param {() => Promise<string | null>} join */
  async #join(join) {
    this.#dialog.setAttribute("aria-busy", "true");
    const problem = await join();
    this.#dialog.removeAttribute("aria-busy");
    this.reflect();
    this.#tell(problem);
    if (problem === null) this.close();
  }

  /** @param {string | null} problem */
  #tell(problem) {
    this.#problem.hidden = problem === null;
    this.#problem.textContent = problem;
  }

  /** @param {Kind} kind */
  async #list(kind) {
    const select = this.#selects[kind];
    const current = this.#media.tracks[kind]?.getSettings().deviceId;
    const devices = await this.#media.devices(kind);
    const options = devices.map(({ deviceId, label }, at) =>
      element("option", { value: deviceId, selected: deviceId === current }, label || this.#words.say("call_device", { number: at + 1 })),
    );
    select.replaceChildren(...(options.length ? options : [element("option", {}, this.#words.say("call_none"))]));
    select.disabled = !current;
  }

  /** @param {MediaStreamTrack | null} track */
  #listen(track) {
    const level = byId("call-level", HTMLMeterElement);
    clearInterval(this.#hearing);
    this.#ears?.close();
    this.#ears = undefined;
    level.value = 0;
    if (!track) return;
    const ears = (this.#ears = new AudioContext());
    const analyser = ears.createAnalyser();
    const heard = new Float32Array(analyser.fftSize);
    ears.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    this.#hearing = setInterval(() => {
      analyser.getFloatTimeDomainData(heard);
      level.value = Math.min(1, LOUD * Math.sqrt(heard.reduce((sum, one) => sum + one * one, 0) / heard.length));
    }, LEVEL_EVERY);
  }
}
