/** Where the HCP writes: below the conversation, and in the dialogs that reach a person. */

import { byId } from "./element.js";

/**
 * Enter sends, Shift+Enter breaks the line, and a word being composed (IME) is never sent half.
 *
 * @param {HTMLFormElement} form with one textarea
 * @param {(text: string, toRep: boolean) => void} onSend `toRep`: the HCP chose to write to the rep, which they can while it is live
 */
export function composer(form, onSend) {
  const field = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const recipient = form.querySelector("fieldset");
  // On a slow line the page is there before this code: what is written then would go nowhere.
  field.disabled = button.disabled = false;

  const fit = () => {
    // What CSS `field-sizing: content` does, for browsers that have it not yet.
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
  };
  field.addEventListener("input", fit);
  recipient?.addEventListener("change", tellRecipient);

  /** Say to whom one writes, where one writes: to the rep only while the choice is there. */
  function tellRecipient() {
    const chosen = recipient?.querySelector(isForRep() ? "[value=rep]" : "[value=assistant]");
    if (chosen instanceof HTMLElement) field.placeholder = chosen.dataset.words ?? "";
  }

  function isForRep() {
    return recipient?.hidden === false && form.recipient.value === "rep";
  }

  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    fill(field, "");
    field.focus();
    onSend(text, isForRep());
  });

  return {
    /** What is written and not sent. */
    get draft() {
      return field.value.trim();
    },
    /**
     * Put words into the field and select the part still to be filled in, if there is one.
     *
     * @param {string} text `…` stands for what is to be filled in
     */
    write(text) {
      fill(field, text);
      field.focus();
      const gap = text.indexOf("…");
      if (gap >= 0) field.setSelectionRange(gap, gap + 1);
    },
    focus: () => field.focus(),
    tellRecipient,
  };
}

/**
 * A dialog in which the HCP writes to an MSL or to pharmacovigilance.
 *
 * @param {string} id the dialog's; its form's textarea is `<id>-text`
 * @param {{openers: Iterable<Element>, prepare?: (field: HTMLTextAreaElement, dialog: HTMLDialogElement) => void, send: (text: string) => void}} options
 *   `prepare` runs before the dialog opens
 * @returns {(text: string) => void} opens it on these words
 */
export function requestDialog(id, { openers, prepare, send }) {
  const dialog = byId(id, HTMLDialogElement);
  const field = byId(`${id}-text`, HTMLTextAreaElement);
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  const open = () => {
    prepare?.(field, dialog);
    dialog.showModal();
    field.focus();
  };
  for (const opener of openers) opener.addEventListener("click", open);
  for (const closer of dialog.querySelectorAll("[data-closes]")) closer.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text && field.required) return;
    fill(field, "");
    dialog.close();
    send(text);
  });
  return (/** @type {string} */ text) => {
    fill(field, text);
    open();
  };
}

/**
 * Write into a field as a person would: whoever listens to the field hears of it.
 *
 * @param {HTMLTextAreaElement} field
 * @param {string} text
 */
function fill(field, text) {
  field.value = text;
  field.dispatchEvent(new Event("input"));
}

/** @type {import("./vault.js").Vault | undefined} */
let drafts;

/**
 * From now on keep what is written and not sent in this vault, so that it outlives a reload.
 *
 * @param {import("./vault.js").Vault} vault
 */
export async function keepDrafts(vault) {
  const isFirst = drafts === undefined;
  drafts = vault;
  for (const field of document.querySelectorAll("textarea")) {
    const name = `draft/${field.id}/`;
    const keep = () => (field.value ? drafts?.put(name, field.value) : drafts?.remove(name));
    const [draft] = await vault.all(name);
    if (draft && !field.value) fill(field, draft);
    else keep();
    if (isFirst) field.addEventListener("input", keep);
  }
}
