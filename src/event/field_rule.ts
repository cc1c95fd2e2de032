/**
 * Rules on what a field of an event holds: `PATH=GLOB` and `PATH!=GLOB`.
 *
 * @module
 */
import { nearest } from "../std/text.ts";
import { InvalidFilterError } from "./event_filter.ts";
import { compileGlob } from "./glob.ts";

/** A payload as it comes from JSON. */
export type ParsedPayload = Readonly<Record<string, unknown>>;

/** A rule, read. */
export interface FieldRule {
  /** `nodeid`, `message.force`, `message.options.performance.cache-size` and so on. */
  readonly path: string;
  /** Whether the field must not hold it. */
  readonly isNegated: boolean;
  /** What it compares with: `*` stands for any characters. */
  readonly glob: string;
  /** Whether a value is what the rule wants; `undefined` where the event has no such field. */
  readonly fits: (value: string | undefined) => boolean;
}

/** The fields beside the message. */
const PLAIN_PATHS = ["nodeid", "host", "event", "event_group", "severity", "id", "ts"];
const MESSAGE = "message.";

/**
 * Reads a rule. Fields beside the message compare in upper or lower case, those of the message
 * exactly. An absent field equals nothing, so `!=` holds for it.
 *
 * @throws {InvalidFilterError} If there is no such field.
 */
export function readFieldRule(text: string): FieldRule {
  const [, path = "", sign, glob = ""] = /^([^\s=!]+)(!?=)([\s\S]*)$/.exec(text) ?? [];
  if (sign === undefined) {
    throw new InvalidFilterError(`"${text}" is no rule`, "write it like: message.force=true");
  }
  checkPath(path);
  const isPlain = !path.startsWith(MESSAGE);
  const matches = compileGlob(isPlain ? glob.toLowerCase() : glob);
  const isNegated = sign === "!=";
  return {
    path,
    isNegated,
    glob,
    fits: (value) => {
      const holds = value !== undefined && matches(isPlain ? value.toLowerCase() : value);
      return holds !== isNegated;
    },
  };
}

function checkPath(path: string): void {
  if (PLAIN_PATHS.includes(path) || (path.startsWith(MESSAGE) && path !== MESSAGE)) return;
  throw new InvalidFilterError(`Events have no field "${path}"`, whatWasMeant(path));
}

function whatWasMeant(path: string): string {
  const [first = "", ...rest] = path.split(".");
  const key = rest.join(".");
  const guess = key === "" ? nearest(path, PLAIN_PATHS) : undefined;
  if (guess !== undefined) return `did you mean: ${guess}`;
  const isMessage = nearest(first, ["message"]) !== undefined;
  if (key !== "" && isMessage) return `did you mean: ${MESSAGE}${key}`;
  const example = isMessage ? "force" : key || first;
  return `there are ${PLAIN_PATHS.join(", ")} and what the event says, such as message.${example}`;
}

/**
 * What a field holds, as text; `undefined` if the event has no such field. Of the options of
 * `VOLUME_SET`, `message.options.NAME` is the value of one, and `message.options` all of them as
 * `NAME=VALUE` with commas between them.
 */
export function fieldOf(payload: ParsedPayload, path: string): string | undefined {
  if (!path.startsWith(MESSAGE)) return toText(ownValue(payload, path));
  const { message } = payload;
  if (typeof message !== "object" || message === null) return undefined;
  const key = path.slice(MESSAGE.length);
  const value = ownValue(message, key);
  if (value !== undefined) return toText(value);
  const dot = key.indexOf(".");
  const pairs = dot === -1 ? undefined : ownValue(message, key.slice(0, dot));
  if (!Array.isArray(pairs)) return undefined;
  const option = key.slice(dot + 1);
  const pair: unknown = pairs.find((each) => Array.isArray(each) && each[0] === option);
  return Array.isArray(pair) ? toText(pair[1]) : undefined;
}

function ownValue(table: object, key: string): unknown {
  return Object.hasOwn(table, key) ? (table as ParsedPayload)[key] : undefined;
}

function toText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) {
    return value.map((pair) => Array.isArray(pair) ? pair.join("=") : String(pair)).join(",");
  }
  return value === undefined || value === null ? undefined : String(value);
}
