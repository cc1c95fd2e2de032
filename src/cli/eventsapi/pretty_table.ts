/**
 * Tables as Python's PrettyTable draws them.
 *
 * @module
 */
import stringWidth from "string-width";
import { toVisible } from "../../std/plain_text.ts";

/** A column; text stands in the middle unless it goes to the right. */
export interface Column {
  readonly heading: string;
  readonly isRight?: boolean;
}

/** Draws rows of cells; a cell can have several lines. */
export function renderPrettyTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string[] {
  const lines = rows.map((row) => row.map((cell) => cell.split("\n").map(toVisible)));
  const widths = columns.map(({ heading }, at) =>
    Math.max(
      ...[heading, ...lines.flatMap((row) => row[at] ?? [])].map((text) => stringWidth(text)),
    )
  );
  const border = `+${widths.map((width) => "-".repeat(width + 2)).join("+")}+`;
  const draw = (cells: readonly string[]) =>
    `|${
      columns.map((column, at) => ` ${place(cells[at] ?? "", column, widths[at] ?? 0)} |`).join("")
    }`;
  return [
    border,
    draw(columns.map(({ heading }) => heading)),
    border,
    ...lines.flatMap((row) => {
      const height = Math.max(1, ...row.map((cell) => cell.length));
      return Array.from({ length: height }, (_, at) => draw(row.map((cell) => cell[at] ?? "")));
    }),
    border,
  ];
}

function place(text: string, { isRight = false }: Column, width: number): string {
  const length = stringWidth(text);
  const space = width - length;
  if (isRight) return " ".repeat(space) + text;
  // An odd blank goes to the left of a text of even length, and to the right of an odd one.
  const left = length % 2 === 0 ? Math.ceil(space / 2) : Math.floor(space / 2);
  return " ".repeat(left) + text + " ".repeat(space - left);
}
