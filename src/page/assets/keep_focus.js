// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Replaces what an element holds without taking the keyboard away from whoever uses it.
 *
 * @module
 */

/**
 * Replaces the children; what has the focus and a `data-key` hands it to the new element with the
 * same key.
 *
 * @param {HTMLElement} element
 * @param {readonly Node[]} children
 */
export function replaceKeepingFocus(element, children) {
  const focused = document.activeElement;
  const key = focused instanceof HTMLElement && element.contains(focused)
    ? focused.dataset.key
    : undefined;
  element.replaceChildren(...children);
  if (key === undefined) return;
  for (const candidate of element.querySelectorAll("[data-key]")) {
    if (candidate instanceof HTMLElement && candidate.dataset.key === key) candidate.focus();
  }
}
