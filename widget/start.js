/** The slide comes first: on a slow line the room's code would compete with it, so it waits until the slide is there. */

import { HostPage } from "./host-page.js";

/** The page around this one greets it as soon as it has loaded, which may be before the room's code is there to hear it. */
export const host = new HostPage();

const slide = document.querySelector("#slide[src]");
const room = () => import("./room.js");

if (slide instanceof HTMLImageElement && !slide.complete) {
  for (const end of ["load", "error"]) slide.addEventListener(end, room, { once: true });
} else room();
