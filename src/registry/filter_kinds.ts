/**
 * The kinds of values that say which events a webhook gets.
 *
 * @module
 */
import { InvalidFilterError, parseEventFilter } from "../event/event_filter.ts";
import { refuse, showValue, text, type ValueKind } from "./value_kinds.ts";

const EVENT_RULE =
  "the name of an event, a name with *, or group:GROUP, with ! in front to leave " +
  "it out";

/** A pattern for the names of events. */
export function eventPattern(): ValueKind<string> {
  return {
    allowed: EVENT_RULE,
    read: (value) => {
      if (typeof value !== "string") return refuse(EVENT_RULE, value);
      try {
        parseEventFilter({ events: [value] });
        return { value };
      } catch (error) {
        if (!(error instanceof InvalidFilterError)) throw error;
        return { fault: `must be ${EVENT_RULE}, not ${showValue(value)}: ${error.hint}` };
      }
    },
    fromText: (given) => given,
  };
}

/** A pattern for the names of volumes. */
export function volumePattern(): ValueKind<string> {
  return text(
    /^!?[A-Za-z0-9_*-]+$/,
    "the name of a volume, a name with *, with ! in front to leave it out",
  );
}

/** What a field of an event must or must not hold. */
export function fieldPattern(): ValueKind<string> {
  return text(
    /^[A-Za-z0-9_][^\s=!]*!?=[^\p{Cc}]*$/u,
    "FIELD=VALUE or FIELD!=VALUE, where FIELD is like message.force and VALUE may have *",
  );
}
