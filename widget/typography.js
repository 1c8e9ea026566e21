/**
 * French typography at display: the spaces that must not break are put in where text is shown, so that what is stored and
 * translated stays plain. The server's `typo` filter follows the same rule. English text is left as it is.
 */

const NARROW = "\u202f";
const NO_BREAK = "\u00a0";
const UNITS = "mg|g|ml|mL|µg|kg|h|min|ans|an|mois|jours|€|°C|%";

const RULES = /** @type {const} */ ([
  [/[ \u00a0]+([;!?])/g, `${NARROW}$1`],
  [/ +([:»%])/g, `${NO_BREAK}$1`],
  [/« +/g, `«${NO_BREAK}`],
  [new RegExp(`(\\d) (?=(?:${UNITS})(?![\\p{L}\\d]))`, "gu"), `$1${NO_BREAK}`],
  [/\.\.\./g, "…"],
  [/(\p{L})'(?=\p{L})/gu, "$1’"],
]);

/**
 * The text as it should stand on screen in `lang`.
 *
 * @param {string} text
 * @param {string} lang ISO 639-1
 * @returns {string}
 */
export function typography(text, lang) {
  if (lang !== "fr") return text;
  return RULES.reduce((shown, [pattern, replacement]) => shown.replace(pattern, replacement), text);
}
