/**
 * Trouble on demand: what a receiver can do to its senders.
 *
 * @module
 */
import { DURATION_EXAMPLES, formatDuration, parseDurationMs } from "../registry/duration.ts";
import { statusLine } from "../std/http.ts";

/** What is wanted. Without a `failFirst` and a `failRate` it happens to every request. */
export interface Trouble {
  /** Of the answer. */
  readonly status?: number;
  /** Before anything else happens. */
  readonly delayMs?: number;
  /** Only so many requests fail, the first ones. */
  readonly failFirst?: number;
  /** Only this part of them fails, by chance; from 0 to 1. */
  readonly failRate?: number;
  /** There is no answer. */
  readonly hangs?: boolean;
  /** There is no answer, and the connection is reset. */
  readonly resets?: boolean;
  /** When to try again, told with a failure. */
  readonly retryAfterMs?: number;
}

/** What is done to one request. */
export interface Action {
  readonly delayMs: number;
  readonly end: "answer" | "hang" | "reset";
  /** Of the answer. */
  readonly status: number;
  readonly retryAfterMs?: number;
  /** What is out of the ordinary; empty if nothing is. */
  readonly words: string;
}

/** What decides whether a request fails. */
export interface Turn {
  /** Counts from 1. */
  readonly count: number;
  /** From 0 to 1, but not 1. */
  readonly chance: number;
}

/** The longest delay. */
export const LONGEST_DELAY_MS = 60_000;
/** Of a failure, if none is named. */
const FAILED = 503;
const OK = 200;
const MOST_FAILURES = 1_000_000;

/** Why these cannot be had together; `undefined` if they can. */
export function troubleFault(trouble: Trouble): string | undefined {
  const { status, delayMs, failFirst, failRate, hangs, resets, retryAfterMs } = trouble;
  const isUnanswered = hangs === true || resets === true;
  const isSometimes = failFirst !== undefined || failRate !== undefined;
  if (hangs === true && resets === true) {
    return "hang and reset exclude each other: a connection is held or reset";
  }
  if (isUnanswered && status !== undefined) {
    return `${hangs ? "hang" : "reset"} excludes status: there is no answer that could have one`;
  }
  if (hangs === true && delayMs !== undefined) return "hang excludes delay: it is one without end";
  if (isSometimes && status !== undefined && status < 300) {
    return `fail-first and fail-rate need a status that is a failure, and ${status} is none`;
  }
  const isFailure = !isUnanswered && (isSometimes || (status ?? OK) >= 300);
  if (retryAfterMs !== undefined && !isFailure) {
    return "retry-after goes with an answer that is a failure: add status, fail-first or fail-rate";
  }
  return undefined;
}

/** What is done to a request whose turn it is. */
export function decideAction(trouble: Trouble, { count, chance }: Turn): Action {
  const { delayMs = 0, failFirst, failRate, hangs, resets, status } = trouble;
  const isFirst = failFirst !== undefined && count <= failFirst;
  const isUnlucky = !isFirst && failRate !== undefined && chance < failRate;
  const isSometimes = failFirst !== undefined || failRate !== undefined;
  const waiting = delayMs === 0 ? [] : [`a delay of ${formatDuration(delayMs)}`];
  if (isSometimes && !isFirst && !isUnlucky) {
    return { delayMs, end: "answer", status: OK, words: waiting.join(", ") };
  }
  const why = isFirst
    ? [`failure ${count} of the first ${failFirst}`]
    : isUnlucky
    ? ["by chance"]
    : [];
  if (hangs === true) return toAction({ delayMs, end: "hang", status: 0 }, ["no answer", ...why]);
  if (resets === true) {
    const words = [...waiting, "connection reset", ...why];
    return toAction({ delayMs, end: "reset", status: 0 }, words);
  }
  const answered = status ?? (isSometimes ? FAILED : OK);
  if (answered < 300) return toAction({ delayMs, end: "answer", status: answered }, waiting);
  const { retryAfterMs } = trouble;
  return toAction({
    delayMs,
    end: "answer",
    status: answered,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }, [
    ...waiting,
    `status ${statusLine(answered)}`,
    ...why,
    ...(retryAfterMs === undefined ? [] : [`retry after ${formatDuration(retryAfterMs)}`]),
  ]);
}

function toAction(action: Omit<Action, "words">, words: readonly string[]): Action {
  return { ...action, words: words.join(", ") };
}

/** Reads a value of one of the kinds of trouble. */
type ReadValue = (text: string) => Trouble | string;

const VALUES: Readonly<Record<string, ReadValue>> = {
  "status": (text) => {
    const status = /^\d{3}$/.test(text) ? Number(text) : 0;
    return status >= 200 && status <= 599 ? { status } : "a status from 200 to 599";
  },
  "delay": (text) => {
    const delayMs = parseDurationMs(text) ?? Infinity;
    return delayMs <= LONGEST_DELAY_MS
      ? { delayMs }
      : `a duration of at most ${LONGEST_DELAY_MS / 1000}s, such as 500ms or 2s`;
  },
  "fail-first": (text) => {
    const failFirst = /^\d{1,7}$/.test(text) ? Number(text) : 0;
    return failFirst >= 1 && failFirst <= MOST_FAILURES
      ? { failFirst }
      : `a whole number from 1 to ${MOST_FAILURES}`;
  },
  "fail-rate": (text) => {
    const failRate = /^\d(?:\.\d{1,6})?$/.test(text) ? Number(text) : 2;
    return failRate <= 1 ? { failRate } : "a number from 0 to 1, such as 0.3";
  },
  "retry-after": (text) => {
    const retryAfterMs = parseDurationMs(text);
    return retryAfterMs === undefined || retryAfterMs % 1000 > 0
      ? `a duration of whole seconds, such as ${DURATION_EXAMPLES.replace("250ms, ", "")}`
      : { retryAfterMs };
  },
};

const SWITCHES: Readonly<Record<string, Trouble>> = {
  "hang": { hangs: true },
  "reset": { resets: true },
};

/** The kinds that have a value. */
export const TROUBLE_VALUES: readonly string[] = Object.keys(VALUES);

/** The kinds that have none. */
export const TROUBLE_SWITCHES: readonly string[] = Object.keys(SWITCHES);

/**
 * The trouble of one kind, or what its value has to be.
 *
 * @param name Such as `delay`. @param text Such as `2s`; nothing for a switch.
 */
export function readTrouble(name: string, text: string): Trouble | string {
  if (Object.hasOwn(SWITCHES, name)) return SWITCHES[name] ?? {};
  return Object.hasOwn(VALUES, name) ? VALUES[name]?.(text) ?? {} : {};
}

/**
 * What a path asks for, such as `/delay/2s/status/503`, behind which anything can follow; `undefined`
 * if it asks for nothing, a text if it asks for what cannot be had.
 */
export function troubleIn(path: string): Trouble | string | undefined {
  const words = path.split("/").slice(1);
  let trouble: Trouble | undefined;
  const seen = new Set<string>();
  while (words.length > 0) {
    const name = words[0] ?? "";
    const hasValue = Object.hasOwn(VALUES, name);
    if (!hasValue && !Object.hasOwn(SWITCHES, name)) break;
    words.shift();
    // A path that only begins like this one, such as `/status`.
    if (hasValue && words.length === 0 && trouble === undefined) return undefined;
    const value = hasValue ? words.shift() ?? "" : "";
    const read = readTrouble(name, value);
    if (typeof read === "string") return `${name} in the path cannot be "${value}": give ${read}`;
    if (seen.has(name)) return `${name} stands in the path more than once`;
    seen.add(name);
    trouble = { ...trouble, ...read };
  }
  return trouble === undefined ? undefined : troubleFault(trouble) ?? trouble;
}
