/** Copy buttons: `data-copy` names the field, `data-copied` says that it is done. */

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-copy]"))) {
  const label = button.querySelector("span");
  const words = label?.textContent ?? "";
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy ?? "");
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return;
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Without a secure context there is no clipboard: the text is selected, the keyboard does the rest.
      return;
    }
    const status = document.getElementById("copied");
    if (status) status.textContent = button.dataset.copied ?? "";
    if (label) label.textContent = button.dataset.copied ?? "";
    setTimeout(() => label && (label.textContent = words), 2500);
  });
}
