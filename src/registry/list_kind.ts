/**
 * Keys that hold lists.
 *
 * @module
 */
import {
  type Fault,
  isList,
  refuse,
  showValue,
  type TomlValue,
  type ValueKind,
} from "./value_kinds.ts";

/** How many bad elements of a list an error shows. */
const MOST_SHOWN = 5;

/** How a list of some kind is written and called. */
export interface ListWords {
  /** A list as TOML, for messages. */
  readonly example: string;
  /** What an empty list is called on the command line. */
  readonly emptyWord: string;
}

/** A list of texts of some kind; on the command line there are commas between them. */
export function list<T>(
  element: ValueKind<T>,
  { example, emptyWord }: ListWords,
): ValueKind<readonly T[]> {
  const allowed = `a list such as ${example}, each ${element.allowed}`;
  return {
    allowed,
    emptyWord,
    read: (value) => {
      if (!Array.isArray(value)) return refuse(allowed, value);
      const results = value.map((each) => ({ each, result: element.read(each) }));
      const bad = results.flatMap(({ each, result }) =>
        "fault" in result ? [showFault(each, result)] : []
      );
      if (bad.length === 0) {
        return { value: results.flatMap(({ result }) => "value" in result ? [result.value] : []) };
      }
      const more = bad.length > MOST_SHOWN ? ` and ${bad.length - MOST_SHOWN} more` : "";
      return { fault: `must be ${allowed}, not ${bad.slice(0, MOST_SHOWN).join(", ")}${more}` };
    },
    fromText: (given) =>
      given.trim() === "" || given.trim().toLowerCase() === emptyWord
        ? []
        : given.split(",").map((part) => part.trim()),
  };
}

function showFault(value: unknown, { remark }: Fault): string {
  return remark === undefined ? showValue(value) : `${showValue(value)} (${remark})`;
}

/** A value as people write it on the command line: what `fromText` takes for it. */
export function toText({ emptyWord = "" }: ValueKind<unknown>, value: TomlValue): string {
  if (!isList(value)) return value === "" ? emptyWord : String(value);
  return value.length === 0 ? emptyWord : value.join(",");
}
