/** The pages before the room. An invitation link, or a reload of the room, goes on by itself; all else is plain forms. */

import { bearer, forgetBearer, takeToken } from "./entrance.js";
import { HostPage } from "./host-page.js";

new HostPage();

if (document.body.dataset.refused !== undefined) {
  forgetBearer();
} else {
  const token = takeToken(location);
  const kept = bearer();
  if (token) goOn("enter-by-token", token);
  else if (kept) goOn("enter-by-bearer", kept);
}

/**
 * @param {string} id the form's, if this page has it
 * @param {string} value of its one open field
 */
function goOn(id, value) {
  const form = document.getElementById(id);
  const field = form?.querySelector("[data-fill]");
  if (!(form instanceof HTMLFormElement && field instanceof HTMLInputElement)) return;
  field.value = value;
  form.submit();
}
