/**
 * Which events are wanted, by name, group and severity.
 *
 * @module
 */
import { HintedError } from "../std/hinted_error.ts";
import { nearest } from "../std/text.ts";
import {
  EVENT_TYPES,
  eventTypeByName,
  SEVERITIES,
  type Severity,
  UNKNOWN_GROUP,
  UNKNOWN_SEVERITY,
} from "./catalog.ts";
import { GAP_EVENT, GAP_KIND } from "./gap_event.ts";
import { compileGlob } from "./glob.ts";

/** Made by {@link parseEventFilter}, asked by {@link matchesEvent}. */
export interface EventFilter {
  /** The names in the catalog that match. */
  readonly known: ReadonlySet<string>;
  /** Whether a name that is not in the catalog matches. */
  readonly matchesOther: (eventName: string) => boolean;
}

/** How a filter is written. */
export interface EventFilterText {
  /**
   * Names, names with `*` for any characters, and `group:` with a group, in upper or lower case;
   * `!` in front takes away. An event matches if one that adds fits, or there is none, and none
   * that takes away does.
   */
  readonly events?: readonly string[];
  /** This severity or worse. */
  readonly severity?: string;
}

/** A filter that is not written right, or that no event could ever match. */
export class InvalidFilterError extends HintedError {
  override readonly name = "InvalidFilterError";
}

const NAMES = [...EVENT_TYPES.map(({ name }) => name), GAP_EVENT];
const GROUPS = [...new Set(NAMES.map((name) => kindOf(name).group)), UNKNOWN_GROUP];
const UNKNOWN_NAME = /^UNKNOWN_-?\d{1,15}$/;
/** The name of an event that no catalog will know soon. */
const SOME_UNKNOWN = "UNKNOWN_999999";

/**
 * Reads a filter.
 *
 * @throws {InvalidFilterError} If a pattern can match no event, or there is no such severity.
 */
export function parseEventFilter({ events = [], severity }: EventFilterText): EventFilter {
  const patterns = events.map(readPattern);
  const wanted = patterns.filter(({ takesAway }) => !takesAway);
  const unwanted = patterns.filter(({ takesAway }) => takesAway);
  const least = severity === undefined ? 0 : severityRank(severity);
  const matches = (name: string) =>
    SEVERITIES.indexOf(kindOf(name).severity) >= least &&
    (wanted.length === 0 || wanted.some(({ fits }) => fits(name))) &&
    !unwanted.some(({ fits }) => fits(name));
  return {
    known: new Set(EVENT_TYPES.map(({ name }) => name).filter(matches)),
    matchesOther: matches,
  };
}

/** Whether an event of this name is wanted. */
export function matchesEvent({ known, matchesOther }: EventFilter, eventName: string): boolean {
  return known.has(eventName) ||
    (eventTypeByName(eventName) === undefined && matchesOther(eventName));
}

/** The patterns by which an event is wanted or not. */
export interface DecidingPatterns {
  /** Those that add it, as they are written. */
  readonly adding: readonly string[];
  /** Those that take it away. */
  readonly takingAway: readonly string[];
  /** Whether there is any that adds something; without one, all that none takes away is wanted. */
  readonly isAnyAdding: boolean;
}

/**
 * Which of the patterns fit an event.
 *
 * @throws {InvalidFilterError} If a pattern can match no event.
 */
export function decidingPatterns(events: readonly string[], eventName: string): DecidingPatterns {
  const patterns = events.map((text) => ({ text, ...readPattern(text) }));
  const fitting = (takesAway: boolean) =>
    patterns.filter((pattern) => pattern.takesAway === takesAway && pattern.fits(eventName))
      .map(({ text }) => text);
  return {
    adding: fitting(false),
    takingAway: fitting(true),
    isAnyAdding: patterns.some(({ takesAway }) => !takesAway),
  };
}

/**
 * Names of events that could be meant: all of the catalog, an unknown one for each pattern that
 * fits some, and the one that tells of a gap where a pattern names it.
 */
export function namesThatMayFit(events: readonly string[]): string[] {
  const words = events.filter((text) => !text.startsWith("!")).map((text) => text.toUpperCase());
  const unknown = words.length === 0 ? [SOME_UNKNOWN] : words.map(unknownNameFor);
  const isGapNamed = words.length > 0 && decidingPatterns(events, GAP_EVENT).adding.length > 0;
  return [
    ...EVENT_TYPES.map(({ name }) => name),
    ...unknown,
    ...isGapNamed ? [GAP_EVENT] : [],
  ];
}

/** The group and the severity of an event of this name. */
export function kindOf(
  name: string,
): { readonly group: string; readonly severity: Severity } {
  if (name === GAP_EVENT) return GAP_KIND;
  return eventTypeByName(name) ?? { group: UNKNOWN_GROUP, severity: UNKNOWN_SEVERITY };
}

interface Pattern {
  readonly takesAway: boolean;
  readonly fits: (name: string) => boolean;
}

function readPattern(text: string): Pattern {
  const takesAway = text.startsWith("!");
  const sign = takesAway ? "!" : "";
  const word = text.slice(sign.length).toUpperCase();
  if (word.startsWith("GROUP:")) {
    const group = word.slice("GROUP:".length);
    if (!GROUPS.includes(group)) throw unknownGroup(text, { sign, group });
    return { takesAway, fits: (name) => kindOf(name).group === group };
  }
  const fits = /^[A-Z0-9_*-]+$/.test(word) ? compileGlob(word) : undefined;
  if (fits === undefined || !canMatch(word, fits)) throw unknownEvent(text, { sign, word });
  return { takesAway, fits };
}

function canMatch(word: string, fits: (name: string) => boolean): boolean {
  if (NAMES.some(fits)) return true;
  const unknown = unknownNameFor(word);
  return UNKNOWN_NAME.test(unknown) && fits(unknown);
}

/** The name of an unknown event that a pattern is most likely to fit. */
function unknownNameFor(word: string): string {
  if (word === "*" || word.startsWith("GROUP:")) return SOME_UNKNOWN;
  // Of all numbers, the one made of the digits that the pattern asks for.
  const digits = word.split("*").map((part) => /[-\d]*$/.exec(part)?.[0] ?? "").join("");
  return `UNKNOWN_${digits || "0"}`;
}

function unknownEvent(
  text: string,
  { sign, word }: { sign: string; word: string },
): InvalidFilterError {
  const groups = GROUPS.map((group) => `${group}_*`);
  const guess = GROUPS.includes(word)
    ? `group:${word}`
    : nearest(word, word.includes("*") ? groups : NAMES);
  return new InvalidFilterError(
    `No event matches "${text}"`,
    guess === undefined
      ? "see them: gluster-eventing event-types"
      : `did you mean: ${sign}${guess}`,
  );
}

function unknownGroup(
  text: string,
  { sign, group }: { sign: string; group: string },
): InvalidFilterError {
  const guess = nearest(group, GROUPS);
  return new InvalidFilterError(
    `No event matches "${text}": there is no such group`,
    guess === undefined ? `there are: ${GROUPS.join(", ")}` : `did you mean: ${sign}group:${guess}`,
  );
}

function severityRank(text: string): number {
  const rank = SEVERITIES.findIndex((severity) => severity === text.toLowerCase());
  if (rank !== -1) return rank;
  const guess = nearest(text, SEVERITIES);
  throw new InvalidFilterError(
    `There is no severity "${text}"`,
    guess === undefined ? `there are: ${SEVERITIES.join(", ")}` : `did you mean: ${guess}`,
  );
}
