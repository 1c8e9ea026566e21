/** The content page: files may be dropped as well as chosen, the import says that it is underway, and the list is sifted as one types. */

import { byId } from "./element.js";

const filter = document.getElementById("edition-filter");
const form = document.getElementById("import");
if (form instanceof HTMLFormElement) prepareImport(form);
if (filter instanceof HTMLInputElement && document.getElementById("editions")) prepareFilter(filter);

/** @param {HTMLFormElement} form */
function prepareImport(form) {
  const files = byId("files", HTMLInputElement);
  const drop = byId("drop", HTMLElement);
  const chosen = byId("chosen-files", HTMLElement);
  const status = byId("importing", HTMLElement);
  const size = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 });

  files.addEventListener("change", list);
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer?.files.length) return;
    files.files = event.dataTransfer.files;
    list();
  });
  form.addEventListener("submit", () => {
    status.textContent = status.dataset.words ?? "";
    const send = form.querySelector("button");
    if (send) send.disabled = true;
  });

  function list() {
    const lines = Array.from(files.files ?? [], (file) => {
      const item = document.createElement("li");
      item.textContent = `${file.name} · ${size.format(Math.ceil(file.size / 1000))}`;
      return item;
    });
    chosen.replaceChildren(...lines);
    chosen.hidden = lines.length === 0;
  }
}

/** @param {HTMLInputElement} filter */
function prepareFilter(filter) {
  const rows = /** @type {HTMLElement[]} */ ([...byId("editions", HTMLElement).children]);
  filter.addEventListener("input", () => {
    const sought = filter.value.trim().toLocaleLowerCase();
    for (const row of rows) row.hidden = !row.textContent?.toLocaleLowerCase().includes(sought);
    byId("filter-count", HTMLElement).textContent = String(rows.filter((row) => !row.hidden).length);
  });
}
