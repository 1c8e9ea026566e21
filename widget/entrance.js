/**
 * The bearer of an HCP's access: handed over in a form's body, never in an address, and kept for this tab alone so that a reload
 * comes back to the same conversation.
 */

const KEY = "relais.bearer";

/** @returns {string | null} */
export function bearer() {
  return sessionStorage.getItem(KEY);
}

/** @param {string} value */
export function keepBearer(value) {
  sessionStorage.setItem(KEY, value);
}

/** Forget the bearer: whoever opens this tab next starts anew. */
export function forgetBearer() {
  sessionStorage.removeItem(KEY);
}

/**
 * The invitation's token from the address (`#t=…`), and the address without it.
 *
 * @param {Location} location
 * @returns {string | null}
 */
export function takeToken(location) {
  const token = new URLSearchParams(location.hash.slice(1)).get("t");
  if (token) history.replaceState(null, "", location.pathname + location.search);
  return token;
}
