/** The dialog through which the staff pass on a suspected adverse event they heard of. */

import { byId } from "./element.js";

/** @param {import("./connection.js").Connection} line */
export function reportDialog(line) {
  const dialog = byId("report", HTMLDialogElement);
  const text = byId("report-text", HTMLTextAreaElement);
  const send = byId("report-send", HTMLButtonElement);
  const outcome = byId("report-outcome", HTMLElement);

  byId("report-open", HTMLButtonElement).addEventListener("click", () => {
    if (text.readOnly) begin();
    dialog.showModal();
    text.focus();
  });
  byId("report-close", HTMLButtonElement).addEventListener("click", () => dialog.close());
  byId("report-form", HTMLFormElement).addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    outcome.className = "";
    outcome.textContent = outcome.dataset.sending ?? "";
    const answer = await line.send("report_adverse_event", { text: text.value });
    send.disabled = false;
    outcome.className = answer.ok ? "notice done" : "notice danger";
    outcome.textContent = answer.ok ? [outcome.dataset.sent, answer.number].filter(Boolean).join(" ") : answer.message;
    if (answer.ok) finish();
  });

  // What was sent stays readable until the dialog is opened again for another report.
  function finish() {
    text.readOnly = true;
    send.hidden = true;
  }

  function begin() {
    text.readOnly = false;
    text.value = "";
    send.hidden = false;
    outcome.className = "";
    outcome.textContent = "";
  }
}
