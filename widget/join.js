/**
 * The pages before the room. An invitation link, or a reload of the room, goes on by itself; all else is plain forms, of which none
 * stays in the browser's history: Back leads out of the room to where the HCP came from.
 */

import { bearer, forgetBearer, keepBearer, keeps, takeToken } from "./entrance.js";
import { HostPage } from "./host-page.js";

new HostPage();

if (document.body.dataset.forgets !== undefined) forgetBearer();
const token = takeToken(location);
const kept = bearer() ?? "";
fill("bearer", kept);
fill("token", token ?? "");
if (token) submit("enter-by-token");
else if (kept && !cameBack()) submit("enter-by-bearer");
else if (kept) offer();
// A page that the browser kept whole runs nothing when it comes back.
addEventListener("pageshow", ({ persisted }) => persisted && bearer() && offer());
for (const form of document.querySelectorAll("form[data-enters]")) form.addEventListener("submit", enter);

/** Whether Back or Forward led here, and not to the room, which marks its place. */
function cameBack() {
  const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  return visit?.type === "back_forward" && !history.state?.room;
}

/**
 * Into the room, in the place of this page.
 *
 * @param {Event} event
 */
async function enter(event) {
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  if (!keeps()) return;
  event.preventDefault();
  const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  // Why not is told by the page that answers the form.
  if (!answer?.ok) return form.submit();
  keepBearer((await answer.json()).bearer);
  location.replace(`/join${location.search}`);
}

function offer() {
  fill("bearer", bearer() ?? "");
  document.getElementById("enter-by-bearer")?.removeAttribute("hidden");
}

/**
 * @param {string} name
 * @param {string} value
 */
function fill(name, value) {
  for (const field of document.querySelectorAll(`input[type=hidden][name=${name}]`)) /** @type {HTMLInputElement} */ (field).value = value;
}

/** @param {string} id the form's, if this page has it */
function submit(id) {
  const form = document.getElementById(id);
  if (form instanceof HTMLFormElement) form.submit();
}
