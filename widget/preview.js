/** The room's stage in the presenter's console: it shows what the console tells it, and has no line of its own. */

import { byId } from "./element.js";
import { Dot } from "./pointing.js";
import { Stage } from "./stage.js";
import { speak } from "./words.js";

const page = JSON.parse(byId("bootstrap", HTMLElement).textContent ?? "");
const stage = new Stage({ media: page.media, words: speak(page.words, page.lang), onLook() {} });
const dot = new Dot(byId("slide", HTMLImageElement));

addEventListener("message", ({ origin, source, data }) => {
  if (origin !== location.origin || source !== parent) return;
  if (data.name === "detailing") stage.show(data.body);
  if (data.name === "pointer_moved") dot.show(data.body);
});
