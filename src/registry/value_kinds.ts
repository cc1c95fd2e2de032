/**
 * The kinds of values that registry keys have: how each is read from TOML and from a command line,
 * and how to say what is allowed.
 *
 * @module
 */
import { DURATION_EXAMPLES, formatDuration, parseDurationMs } from "./duration.ts";
import { formatNetwork, NETWORK_RULE, parseNetwork } from "./network.ts";
import { parseRate, RATE_RULE } from "./rate.ts";
import { formatSize, parseSize, SIZE_EXAMPLES } from "./size.ts";

/** What a TOML document can hold where the registry uses it. */
export type TomlValue =
  | string
  | number
  | boolean
  | readonly string[]
  | { readonly [key: string]: TomlValue };

/** A value that was accepted, or why it was not. */
export type ReadResult<T> = { readonly value: T } | Fault;

/** Why a value was not accepted. */
export interface Fault {
  /** What is allowed and what was seen. */
  readonly fault: string;
  /** What there is to say of this very value, for a list that shows it among others. */
  readonly remark?: string;
}

/** How to read and describe the values of a key. */
export interface ValueKind<T> {
  /** What is allowed, to follow "must be". */
  readonly allowed: string;
  /** Reads a value that a TOML parser returned. */
  read(value: unknown): ReadResult<T>;
  /** The TOML value that a text on the command line stands for; the text itself if for none. */
  fromText(text: string): TomlValue;
  /** What an empty list, or no value, is called on the command line, if the key can be empty. */
  readonly emptyWord?: string;
  /** The values as they are written on the command line, if they are few. */
  readonly words?: readonly string[];
  /** Set if the values are paths of files. */
  readonly isFile?: true;
}

/** A whole number. */
export function integer(min: number, max: number): ValueKind<number> {
  const allowed = `a whole number from ${min} to ${max}`;
  return {
    allowed,
    read: (value) =>
      typeof value === "number" && Number.isInteger(value) && value >= min && value <= max
        ? { value }
        : refuse(allowed, value),
    fromText: (text) => /^-?\d{1,15}$/.test(text) ? Number(text) : text,
  };
}

/** A switch; on the command line also upstream's words for it. */
export function flag(): ValueKind<boolean> {
  const allowed = "true or false";
  const words = new Map([
    ...["true", "on", "yes", "enabled", "enable"].map((word) => [word, true] as const),
    ...["false", "off", "no", "disabled", "disable"].map((word) => [word, false] as const),
  ]);
  return {
    allowed,
    words: ["true", "false"],
    read: (value) => typeof value === "boolean" ? { value } : refuse(allowed, value),
    fromText: (text) => words.get(text.toLowerCase()) ?? text,
  };
}

/** One of a few words, in any case. */
export function choice<T extends string>(words: readonly T[]): ValueKind<T> {
  const allowed = `one of ${words.join(", ")}`;
  const find = (value: unknown) =>
    words.find((word) => typeof value === "string" && word.toUpperCase() === value.toUpperCase());
  return {
    allowed,
    words,
    read: (value) => {
      const word = find(value);
      return word === undefined ? refuse(allowed, value) : { value: word };
    },
    fromText: (text) => find(text) ?? text,
  };
}

/** A duration, read as milliseconds. */
export function duration(minMs: number, maxMs: number): ValueKind<number> {
  const allowed = `a duration from ${formatDuration(minMs)} to ${formatDuration(maxMs)}, ` +
    `written like ${DURATION_EXAMPLES}`;
  return {
    allowed,
    read: (value) => {
      const durationMs = typeof value === "string" ? parseDurationMs(value) : undefined;
      return durationMs !== undefined && durationMs >= minMs && durationMs <= maxMs
        ? { value: durationMs }
        : refuse(allowed, value);
    },
    fromText: (text) => text,
  };
}

/** A size, read as bytes. */
export function size(minBytes: number, maxBytes: number): ValueKind<number> {
  const allowed = `a size from ${formatSize(minBytes)} to ${formatSize(maxBytes)}, ` +
    `written like ${SIZE_EXAMPLES}`;
  return {
    allowed,
    read: (value) => {
      const bytes = typeof value === "string" ? parseSize(value) : undefined;
      return bytes !== undefined && bytes >= minBytes && bytes <= maxBytes
        ? { value: bytes }
        : refuse(allowed, value);
    },
    fromText: (text) => text,
  };
}

/** A request rate, read as the shortest time between two requests in milliseconds. */
export function rate(): ValueKind<number> {
  return {
    allowed: RATE_RULE,
    read: (value) => {
      const intervalMs = typeof value === "string" ? parseRate(value) : undefined;
      return intervalMs === undefined ? refuse(RATE_RULE, value) : { value: intervalMs };
    },
    fromText: (text) => text,
  };
}

/** A text of a certain form. */
export function text(
  pattern: RegExp,
  allowed: string,
  options: { secret?: boolean } = {},
): ValueKind<string> {
  return {
    allowed,
    read: (value) =>
      typeof value === "string" && pattern.test(value)
        ? { value }
        : refuse(allowed, value, options.secret === true ? "the value given" : undefined),
    fromText: (given) => given,
  };
}

/**
 * The absolute path of a file on each node.
 *
 * @param example What such a file may be called.
 */
export function filePath(example: string): ValueKind<string> {
  const allowed = `the absolute path of a file, such as /etc/glusterfs/${example}`;
  // deno-lint-ignore no-control-regex
  return { ...text(/^\/[^\x00-\x1f\x7f]*[^\x00-\x1f\x7f/]$/, allowed), isFile: true };
}

const PIN_RULE = "the SHA-256 of a certificate, 64 hexadecimal digits with or without colons, as " +
  "openssl x509 -fingerprint -sha256 shows it";

/** The fingerprint of a certificate, read as 64 hexadecimal digits in lower case. */
export function pin(): ValueKind<string> {
  return {
    allowed: PIN_RULE,
    read: (value) => {
      const digits = typeof value === "string"
        ? value.replace(/^sha256[:/]/i, "").replaceAll(":", "").toLowerCase()
        : "";
      return /^[0-9a-f]{64}$/.test(digits) ? { value: digits } : refuse(PIN_RULE, value);
    },
    fromText: (given) => given,
  };
}

const TIME_RULE = "a time such as 2026-11-26T03:00:00Z";

/** A point in time, read as milliseconds since 1970. */
export function time(): ValueKind<number> {
  return {
    allowed: TIME_RULE,
    read: (value) => {
      const isTime = typeof value === "string" &&
        /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value);
      const timeMs = isTime ? Date.parse(value) : NaN;
      return Number.isNaN(timeMs) ? refuse(TIME_RULE, value) : { value: timeMs };
    },
    fromText: (given) => given,
  };
}

/** An IP address or a network, read as the shortest text that means it. */
export function network(): ValueKind<string> {
  return {
    allowed: NETWORK_RULE,
    read: (value) => {
      const parsed = typeof value === "string" ? parseNetwork(value) : undefined;
      return parsed === undefined ? refuse(NETWORK_RULE, value) : { value: formatNetwork(parsed) };
    },
    fromText: (given) => given,
  };
}

/** Whether the value is a list of texts. */
export function isList(value: TomlValue): value is readonly string[] {
  return Array.isArray(value);
}

/** Whether a TOML parser returned a table. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}

/** Says that a value is not allowed. */
export function refuse(allowed: string, value: unknown, shown?: string): { fault: string } {
  return { fault: `must be ${allowed}, not ${shown ?? showValue(value)}` };
}

/** A value as an error message shows it. */
export function showValue(value: unknown): string {
  if (typeof value === "string") {
    // Wherever a URL with a password went by mistake, the password stays hidden.
    const shown = value.replace(/\/\/[^/\s]*@/g, "//***@");
    return JSON.stringify(shown.length > 80 ? `${shown.slice(0, 77)}...` : shown);
  }
  if (Array.isArray(value)) return "an array";
  if (value instanceof Date) return "a date";
  return isTable(value) ? "a table" : String(value);
}
