// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Makes elements. All that is shown goes in as text, never as markup.
 *
 * @module
 */

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Makes an element.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Readonly<Record<string, string | number | boolean | null | undefined>>} [attributes]
 * `true` stands for an attribute without a value; `false`, `null` and `undefined` for none.
 * @param {readonly Child[]} [children] Strings become text; what is empty is left out.
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, children = []) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false && child !== "") {
      element.append(child);
    }
  }
  return element;
}

/**
 * A button.
 *
 * @param {string} text
 * @param {() => void} onClick
 * @param {Readonly<Record<string, string | number | boolean | null | undefined>>} [attributes]
 * @returns {HTMLButtonElement}
 */
export function makeButton(text, onClick, attributes = {}) {
  const button = make("button", { type: "button", ...attributes }, [text]);
  button.addEventListener("click", onClick);
  return button;
}

/**
 * The element of the page with this id.
 *
 * @param {string} id
 * @returns {HTMLElement}
 * @throws {Error} If there is none.
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no element with the id "${id}"`);
  return element;
}
