/**
 * Tables that line up.
 *
 * @module
 */
import stringWidth from "string-width";
import { toVisible } from "../std/plain_text.ts";

/** Rows under headings, columns two blanks apart; columns named in `right` end in one line. */
export function renderTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  options: { right?: readonly string[] } = {},
): string[] {
  const shown = rows.map((row) => row.map(toVisible));
  const widths = headings.map((heading, column) =>
    shown.reduce(
      (width, row) => Math.max(width, stringWidth(row[column] ?? "")),
      stringWidth(heading),
    )
  );
  return [headings, ...shown].map((row) =>
    row.map((cell, column) => {
      const space = " ".repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell)));
      return options.right?.includes(headings[column] ?? "") ? space + cell : cell + space;
    }).join("  ").trimEnd()
  );
}

/** Fills a text up to a width in terminal columns. */
export function padText(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}
