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

/**
 * The value as `json.dumps` writes it: with blanks behind commas and colons, in ASCII, keys in the
 * order that they have.
 */
export function toPythonJson(value: Json): string {
  if (typeof value === "string") return toAscii(JSON.stringify(value));
  if (typeof value !== "object") return String(value);
  if (isArray(value)) return `[${value.map(toPythonJson).join(", ")}]`;
  const entries = Object.entries(value)
    .map(([key, each]) => `${toPythonJson(key)}: ${toPythonJson(each)}`);
  return `{${entries.join(", ")}}`;
}

/** An object whose keys are in the order that `sort_keys=True` makes: that of their characters. */
export function withSortedKeys(entries: Iterable<readonly [string, Json]>): Json {
  return Object.fromEntries([...entries].sort(([a], [b]) => compareCodePoints(a, b)));
}

// UTF-16 orders what is beyond its first plane before the end of that one.
function compareCodePoints(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  const at = left.findIndex((character, index) => character !== right[index]);
  if (at === -1) return left.length - right.length;
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
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
