import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { speak } from "../../widget/words.js";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const catalogue = (lang, page) => JSON.parse(read(`server/edge/translations/${lang}/${page}.json`));
const PAGES = { join: ["join", "confirm", "declare", "going_on", "over", "base_hcp"], room: ["room", "stage", "taking_part", "preview"] };
const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

for (const page of Object.keys(PAGES)) {
  test(`${page}: French and English say the same things`, () => {
    const [fr, en] = ["fr", "en"].map((lang) => catalogue(lang, page));
    assert.deepEqual(Object.keys(fr), Object.keys(en));
    for (const key of Object.keys(fr)) assert.deepEqual(holes(fr[key]), holes(en[key]), key);
  });

  test(`${page}: every word that is asked for is there, and every word that is there is asked for`, () => {
    const templates = PAGES[page].map((name) => read(`server/edge/templates/${name}.html`)).join();
    const modules = page === "room" ? readdirSync(new URL("widget/", root)).filter((name) => name.endsWith(".js")).map((name) => read(`widget/${name}`)).join() : "";
    const asked = [...templates.matchAll(new RegExp(`t\\(["']${page}\\.(\\w+)["'](?! ~)`, "g")), ...modules.matchAll(/"([a-z]+_[a-z_]+|[a-z]+)"/g)].map(([, key]) => key);
    // A family of words whose last part is known only when the page is shown: t("join.data_" ~ line), say(`reply_${reason}`).
    const families = [...templates.matchAll(new RegExp(`t\\(["']${page}\\.(\\w+_)["'] ~`, "g")), ...modules.matchAll(/`(\w+_)\$\{/g)].map(([, start]) => start);
    const words = Object.keys(catalogue("fr", page));

    const unused = words.filter((key) => !asked.includes(key) && !families.some((start) => key.startsWith(start)));
    const inTemplates = [...templates.matchAll(new RegExp(`t\\(["']${page}\\.(\\w+)["'](?! ~)`, "g"))].map(([, key]) => key);
    const missing = inTemplates.filter((key) => !words.includes(key));

    assert.deepEqual({ unused, missing }, { unused: [], missing: [] });
  });
}

test("every reason of the assistant has its words", () => {
  const words = catalogue("fr", "room");
  const reasons = ["missing_product", "ambiguous_product", "no_evidence", "off_label", "unknown_product", "human_requested", "unavailable", "off_topic"];
  assert.deepEqual(reasons.filter((reason) => !words[`reply_${reason}`]), []);
});

test("words are filled in and typeset", () => {
  const words = speak({ at: "Où est {name} ? {name} est là" }, "fr");
  assert.equal(words.say("at", { name: "Claire" }), "Où est Claire\u202f? Claire est là");
});

test("words that nobody wrote are an error, not a silence", () => {
  assert.throws(() => speak({}, "fr").say("absent"), /no words for absent/);
});

test("countries and the Union have names", () => {
  assert.equal(speak({}, "fr").country("FR"), "France");
  assert.equal(speak({}, "en").country("EU"), "European Union");
});
