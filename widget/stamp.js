/** Rows made from the page's own `<template>`s: the markup stays in the page, modules only fill it in. */

/**
 * A copy of the one element in the template of this id.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function stamp(id) {
  const template = document.getElementById(id);
  if (!(template instanceof HTMLTemplateElement)) throw new Error(`this page has no template #${id}`);
  const copy = document.importNode(template.content, true).firstElementChild;
  if (!(copy instanceof HTMLElement)) throw new Error(`template #${id} is empty`);
  return copy;
}

/**
 * Put words into the `data-fill` places of `node`; a place without words is hidden.
 *
 * @param {HTMLElement} node
 * @param {Record<string, string | null | undefined>} words
 */
export function fill(node, words) {
  for (const [name, text] of Object.entries(words)) {
    const place = node.querySelector(`[data-fill="${name}"]`);
    if (!(place instanceof HTMLElement)) throw new Error(`no place for ${name}`);
    if (place.textContent !== (text ?? "")) place.textContent = text ?? "";
    // A table cell keeps its place in the row even when it has nothing to say.
    place.hidden = !text && !(place instanceof HTMLTableCellElement);
  }
}

/**
 * Of the `data-state` signs in `node`, show the one of this state.
 *
 * @param {ParentNode} node
 * @param {string} state
 */
export function showState(node, state) {
  for (const sign of node.querySelectorAll("[data-state]")) {
    if (sign instanceof HTMLElement) sign.hidden = sign.dataset.state !== state;
  }
}

/**
 * Make the children of `list` follow `items`, touching only what differs, so that focus and scroll position stay.
 *
 * @template T
 * @param {HTMLElement} list
 * @param {T[]} items
 * @param {(item: T) => string} key
 * @param {(item: T) => HTMLElement} make
 * @param {(node: HTMLElement, item: T) => void} update
 */
export function follow(list, items, key, make, update) {
  const rows = /** @type {HTMLElement[]} */ ([...list.children]);
  const known = new Map(rows.map((node) => [node.dataset.key, node]));
  const wanted = new Set(items.map(key));
  for (const [name, node] of known) if (!wanted.has(name ?? "")) node.remove();
  items.forEach((item, place) => {
    const node = known.get(key(item)) ?? make(item);
    node.dataset.key = key(item);
    update(node, item);
    if (list.children[place] !== node) list.insertBefore(node, list.children[place] ?? null);
  });
}
