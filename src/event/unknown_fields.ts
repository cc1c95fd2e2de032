/**
 * Finds rules on fields that no event of the catalog has: mostly a slip of the pen, but an event
 * of a newer Gluster may have them.
 *
 * @module
 */
import { EVENT_TYPES, isFieldOf } from "./catalog.ts";
import { readFieldRule } from "./field_rule.ts";
import { nearest } from "../std/text.ts";

/** A field that a rule asks for, and what may be meant. */
export interface UnknownField {
  /** With `message.` before it. */
  readonly path: string;
  readonly guess?: string;
}

const LISTED = EVENT_TYPES.filter(({ fields }) => fields.length > 0);
const KEYS = [...new Set(LISTED.flatMap(({ fields }) => fields.map(({ name }) => name)))];

/** Looks for such fields. @throws {InvalidFilterError} If a rule is not written right. */
export function unknownFields(rules: readonly string[]): UnknownField[] {
  return rules.map((rule) => readFieldRule(rule).path).flatMap((path): UnknownField[] => {
    const [first, key = ""] = path.split(".");
    if (first !== "message" || LISTED.some((type) => isFieldOf(type, key))) return [];
    const guess = nearest(key, KEYS);
    return [guess === undefined ? { path } : { path, guess: `message.${guess}` }];
  });
}
