// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * A number and what it counts.
 *
 * @module
 */
import { make } from "./dom.js";

/**
 * @param {string} word
 * @param {number} value
 * @param {boolean} isOdd
 */
export function makeFigure(word, value, isOdd) {
  return make("li", { class: isOdd && "odd" }, [
    make("strong", {}, [value.toLocaleString("en")]),
    make("span", {}, [word]),
  ]);
}
