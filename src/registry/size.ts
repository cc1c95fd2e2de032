/**
 * Sizes as people write them: `64KiB`, `512MiB`, `2GiB`.
 *
 * @module
 */

const UNITS_BYTES = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;

/** How a size is written, for messages and help. */
export const SIZE_EXAMPLES = "64KiB, 512MiB, 2GiB or 1TiB";

/** The bytes of a size such as `512MiB` or `1.5GiB`, or `undefined` if it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)(B|KiB|MiB|GiB|TiB)$/.exec(text);
  const unit = match?.[2];
  return isUnit(unit) ? Math.round(Number(match?.[1]) * UNITS_BYTES[unit]) : undefined;
}

/** A size in the largest unit that keeps it whole: 1073741824 is `1GiB`, 1536 is `1536B`. */
export function formatSize(bytes: number): string {
  const units = (["TiB", "GiB", "MiB", "KiB"] as const)
    .filter((unit) => bytes % UNITS_BYTES[unit] === 0);
  const unit = bytes === 0 ? "B" : units[0] ?? "B";
  return `${bytes / UNITS_BYTES[unit]}${unit}`;
}

function isUnit(text: string | undefined): text is keyof typeof UNITS_BYTES {
  return text !== undefined && Object.hasOwn(UNITS_BYTES, text);
}
