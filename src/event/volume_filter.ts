/**
 * Which volumes are meant: names and names with `*`, with `!` in front to leave them out.
 *
 * @module
 */
import { compileGlob } from "./glob.ts";

/** Patterns for the names of volumes, made ready. */
export interface VolumeFilter {
  /** Whether it says anything. */
  readonly isAny: boolean;
  /** Whether it names volumes that are meant, beside those that are not. */
  readonly isAnyAdding: boolean;
  /** The first pattern that adds the volume, as it is written. */
  readonly adding: (volume: string) => string | undefined;
  /** The first pattern that takes it away. */
  readonly takingAway: (volume: string) => string | undefined;
  /**
   * Whether events of this volume are meant; an empty text stands for events of none, which are
   * meant unless volumes are named that are.
   */
  readonly fits: (volume: string) => boolean;
}

/** Reads patterns. Names are compared exactly, as Gluster does. */
export function readVolumeFilter(patterns: readonly string[]): VolumeFilter {
  const read = patterns.map((text) => {
    const takesAway = text.startsWith("!");
    return { text, takesAway, fits: compileGlob(takesAway ? text.slice(1) : text) };
  });
  const wanted = read.filter(({ takesAway }) => !takesAway);
  const unwanted = read.filter(({ takesAway }) => takesAway);
  // An event without a volume is of no volume, also where `*` is any.
  const first = (list: typeof read) => (volume: string) =>
    volume === "" ? undefined : list.find(({ fits }) => fits(volume))?.text;
  const adding = first(wanted);
  const takingAway = first(unwanted);
  return {
    isAny: patterns.length > 0,
    isAnyAdding: wanted.length > 0,
    adding,
    takingAway,
    fits: (volume) =>
      (wanted.length === 0 || adding(volume) !== undefined) && takingAway(volume) === undefined,
  };
}

/** Whether patterns that take away leave nothing of what the others add. */
export function isNoVolumeLeft(patterns: readonly string[]): boolean {
  const wanted = patterns.filter((text) => !text.startsWith("!"));
  const unwanted = patterns.filter((text) => text.startsWith("!"))
    .map((text) => compileGlob(text.slice(1)));
  // A `*` in what is added can only be met by a `*` in what takes away.
  return wanted.length > 0 && wanted.every((text) => unwanted.some((covers) => covers(text)));
}
