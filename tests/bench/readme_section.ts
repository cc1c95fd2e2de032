/**
 * The section of the README that a run of the benchmarks writes.
 *
 * @module
 */

const BEGIN = "<!-- bench:begin -->";
const END = "<!-- bench:end -->";

/** The text cannot take the figures. */
export class SectionMissingError extends Error {
  override readonly name = "SectionMissingError";
}

/**
 * Puts something new between the two marker lines.
 *
 * @throws {SectionMissingError} If the text does not have each marker once, on a line of its own,
 * one after the other.
 */
export function replaceSection(text: string, section: string): string {
  const lines = text.split("\n");
  const begin = onlyLine(lines, BEGIN);
  const end = onlyLine(lines, END);
  if (end < begin) throw new SectionMissingError(`The line ${END} comes before ${BEGIN}`);
  return [...lines.slice(0, begin + 1), "", section, "", ...lines.slice(end)].join("\n");
}

function onlyLine(lines: readonly string[], marker: string): number {
  const found = lines.flatMap((line, index) => line.trim() === marker ? [index] : []);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  throw new SectionMissingError(
    `It needs one line ${marker}, and one ${END} behind it; there are ${found.length} of ${marker}`,
  );
}
