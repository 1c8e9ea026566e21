/** What the HCP decides about this visit, in the page's header: tracking, and whether slide changes are read out. */

import { byId } from "./element.js";

/**
 * @param {{words: import("./words.js").Words, withdraw: () => Promise<void>, announce: (announces: boolean) => void}} options
 *   `withdraw` takes the agreement to tracking back; rejects when the server did not take it
 * @returns {(tracked: boolean) => void} shows where the agreement stands
 */
export function settings({ words, withdraw, announce }) {
  const menu = byId("settings", HTMLDetailsElement);
  const pill = byId("consent-pill", HTMLElement);
  const explanation = byId("consent-words", HTMLElement);
  const button = byId("consent-withdraw", HTMLButtonElement);
  const announces = byId("slide-announces", HTMLInputElement);

  announces.addEventListener("change", () => announce(announces.checked));
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await withdraw();
      explanation.focus();
    } catch {
      explanation.textContent = words.say("consent_failed");
    } finally {
      button.disabled = false;
    }
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.preventDefault();
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("click", ({ target }) => {
    if (menu.open && target instanceof Node && !menu.contains(target)) menu.open = false;
  });

  return (tracked) => {
    pill.textContent = words.say(tracked ? "consent_pill_tracked" : "consent_pill_untracked");
    explanation.textContent = words.say(tracked ? "consent_tracked" : "consent_untracked");
    button.hidden = !tracked;
  };
}
