/** The pictures of those in the call, one's own first: who it is, and in words whether they can be heard and seen. */

import { byId } from "./element.js";
import { fill, follow, stamp } from "./stamp.js";

/**
 * @typedef {object} Shown somebody in the call
 * @property {string} entry
 * @property {string} name
 * @property {boolean} mine
 * @property {boolean} microphone
 * @property {boolean} camera
 * @property {MediaStream} stream
 * @property {string | null} waiting what is waited for, in words
 */

/** @param {Shown[]} people */
export function showPeople(people) {
  follow(byId("call-people", HTMLElement), people, ({ entry }) => entry, () => stamp("call-person"), show);
}

/**
 * @param {HTMLElement} tile
 * @param {Shown} person
 */
function show(tile, { name, mine, microphone, camera, stream, waiting }) {
  const video = /** @type {HTMLVideoElement} */ (tile.querySelector("video"));
  const face = /** @type {HTMLElement} */ (tile.querySelector(".call-face"));
  fill(tile, { name, waiting });
  tile.classList.toggle("mine", mine);
  video.setAttribute("aria-label", name);
  // Hidden it would not sound either.
  video.classList.toggle("visually-hidden", !camera);
  face.hidden = camera;
  face.textContent = mine ? "" : initials(name);
  if (mine) video.muted = true;
  if (video.srcObject !== stream) video.srcObject = stream;
  for (const [sign, isSo] of Object.entries({ muted: !microphone, unseen: !camera })) {
    tile.querySelector(`[data-sign="${sign}"]`)?.toggleAttribute("hidden", !isSo);
  }
}

/** @param {string} name */
function initials(name) {
  const words = name.replace(/^Dr |, MSL$/g, "").split(" ");
  return words.slice(0, 2).map((word) => word[0]?.toUpperCase()).join("");
}
