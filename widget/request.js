/** A dialog in which the HCP writes to a person: to an MSL, or to pharmacovigilance. */

import { byId } from "./element.js";

/**
 * @param {string} id the dialog's; its form's textarea is `<id>-text`
 * @param {{openers: Iterable<Element>, prepare?: (field: HTMLTextAreaElement, dialog: HTMLDialogElement) => void, send: (text: string) => void}} options
 *   `prepare` runs before the dialog opens
 */
export function requestDialog(id, { openers, prepare, send }) {
  const dialog = byId(id, HTMLDialogElement);
  const field = byId(`${id}-text`, HTMLTextAreaElement);
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  for (const opener of openers) {
    opener.addEventListener("click", () => {
      prepare?.(field, dialog);
      dialog.showModal();
      field.focus();
    });
  }
  for (const closer of dialog.querySelectorAll("[data-closes]")) closer.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text && field.required) return;
    field.value = "";
    dialog.close();
    send(text);
  });
}
