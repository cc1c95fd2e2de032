// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * A state as a colour, a sign and a word: nobody has to tell it by the colour.
 *
 * @module
 */
import { make } from "./dom.js";

/**
 * How a state looks, such as `ok`, `degraded` and `down`, its sign and its word.
 *
 * @typedef {readonly [look: string, sign: string, word: string]} Lamp
 */

/** @param {Lamp} lamp */
export function makeLampWord([look, sign, word]) {
  return make("span", { class: `lamp-word ${look}` }, [
    make("span", { class: "sign", "aria-hidden": "true" }, [sign]),
    make("span", { class: "word" }, [word]),
  ]);
}
