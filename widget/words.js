/** The page's words and the viewer's way of writing times: everything a module needs to speak the page's language. */

import { typography } from "./typography.js";

/**
 * @typedef {object} Words
 * @property {string} lang ISO 639-1 of the page
 * @property {(key: string, values?: Record<string, string | number>) => string} say the words of `key`, its `{names}` filled in
 * @property {(text: string) => string} typeset a text in the page's language, with that language's spaces
 * @property {(iso: string) => string} moment a UTC time as date and time in the viewer's zone
 * @property {(iso: string) => string} hour a UTC time as hours and minutes in the viewer's zone
 * @property {(iso: string) => string} day a date
 * @property {(code: string) => string} country the name of a country (ISO 3166-1), or of the Union (`EU`)
 */

/**
 * @param {Record<string, string>} catalogue the translations of the page's files
 * @param {string} lang
 * @returns {Words}
 */
export function speak(catalogue, lang) {
  const locale = lang === "fr" ? "fr-FR" : "en-GB";
  /**
   * @param {Intl.DateTimeFormatOptions} style
   * @returns {(iso: string) => string}
   */
  const time = (style) => {
    const format = new Intl.DateTimeFormat(locale, style);
    return (iso) => format.format(new Date(iso));
  };
  const country = new Intl.DisplayNames(locale, { type: "region" });
  return {
    lang,
    say(key, values = {}) {
      const words = catalogue[key];
      if (words === undefined) throw new Error(`no words for ${key}`);
      return typography(words.replace(/\{(\w+)\}/g, (_, name) => String(values[name])), lang);
    },
    typeset: (text) => typography(text, lang),
    moment: time({ dateStyle: "long", timeStyle: "short" }),
    hour: time({ timeStyle: "short" }),
    day: time({ dateStyle: "long" }),
    country: (code) => country.of(code) ?? code,
  };
}
