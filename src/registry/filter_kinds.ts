/**
 * The kinds of values that say which events a webhook gets.
 *
 * @module
 */
import { InvalidFilterError, parseEventFilter } from "../event/event_filter.ts";
import { readFieldRule } from "../event/field_rule.ts";
import { refuse, text, type ValueKind } from "./value_kinds.ts";

const EVENT_RULE =
  "the name of an event, a name with *, or group:GROUP, with ! in front to leave " +
  "it out";

/** A pattern for the names of events. */
export function eventPattern(): ValueKind<string> {
  return filterText(EVENT_RULE, (pattern) => parseEventFilter({ events: [pattern] }));
}

/** A pattern for the names of volumes. */
export function volumePattern(): ValueKind<string> {
  return text(
    /^!?[A-Za-z0-9_*-]+$/,
    "the name of a volume, a name with *, with ! in front to leave it out",
  );
}

const FIELD_RULE = "FIELD=VALUE or FIELD!=VALUE, where FIELD is like message.force and VALUE may " +
  "have *, which on a command line has to stand for a comma too";

/** What a field of an event must or must not hold. */
export function fieldPattern(): ValueKind<string> {
  return filterText(FIELD_RULE, (rule) => {
    if (!/^[^\s=!]+!?=[^\p{Cc}]*$/u.test(rule)) throw new InvalidFilterError(rule, FIELD_RULE);
    readFieldRule(rule);
  });
}

/** A text that a part of a filter can be read from. */
function filterText(allowed: string, read: (text: string) => unknown): ValueKind<string> {
  return {
    allowed,
    read: (value) => {
      if (typeof value !== "string") return refuse(allowed, value);
      try {
        read(value);
        return { value };
      } catch (error) {
        if (!(error instanceof InvalidFilterError)) throw error;
        const { fault } = refuse(allowed, value);
        if (error.hint === allowed) return { fault };
        return { fault: `${fault}: ${error.hint}`, remark: error.hint };
      }
    },
    fromText: (given) => given,
  };
}
