/**
 * JSON as Python writes it: some read upstream's output line by line and word by word.
 *
 * @module
 */

/** What JSON can say here. */
export type Json =
  | string
  | number
  | boolean
  | readonly Json[]
  | { readonly [key: string]: Json };

/** The value with blanks behind commas and colons, in ASCII. */
export function toPythonJson(value: Json): string {
  if (typeof value === "string") return toAscii(JSON.stringify(value));
  if (typeof value !== "object") return String(value);
  if (isArray(value)) return `[${value.map(toPythonJson).join(", ")}]`;
  const entries = Object.entries(value)
    .map(([key, each]) => `${toPythonJson(key)}: ${toPythonJson(each)}`);
  return `{${entries.join(", ")}}`;
}

function isArray(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

function toAscii(text: string): string {
  return text.replace(
    /[\x7f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
