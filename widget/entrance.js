/**
 * The bearer of an HCP's access: handed over in a form's body, never in an address, and kept for this tab alone so that a reload
 * comes back to the same conversation.
 */

const KEY = "relais.bearer";

/** @returns {string | null} */
export function bearer() {
  return storage()?.getItem(KEY) ?? null;
}

/** Whether this browser lets a page keep anything. */
export function keeps() {
  return storage() !== null;
}

/** @param {string} value */
export function keepBearer(value) {
  storage()?.setItem(KEY, value);
}

/** Forget the bearer: whoever opens this tab next starts anew. */
export function forgetBearer() {
  storage()?.removeItem(KEY);
}

/**
 * Browsers that block the storage of other sites' frames throw at its very name. The visit goes on there all the same; only a
 * reload of the host page asks for the code again.
 */
function storage() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
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
