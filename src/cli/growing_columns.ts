/**
 * Rows that line up although they come one by one.
 *
 * @module
 */
import { padText } from "./render_table.ts";

/** A column. */
export interface GrowingColumn {
  readonly title: string;
  /** In characters. */
  readonly width: number;
  /** How wide it may become; as wide as it is, if absent. */
  readonly mostWidth?: number;
}

/** Puts cells below each other; a column that proves too narrow is wider from then on. */
export class GrowingColumns {
  readonly #columns: readonly GrowingColumn[];
  readonly #widths: number[];

  /** @param columns Behind them comes one more without an end. */
  constructor(columns: readonly GrowingColumn[]) {
    this.#columns = columns;
    this.#widths = columns.map(({ width }) => width);
  }

  /** The titles. @param last That of the last column. */
  heading(last: string): string {
    return this.#join([...this.#columns.map(({ title }) => title), last]);
  }

  /** A row with a cell for each column, and the last one. */
  row(cells: readonly string[]): string {
    this.#columns.forEach(({ width, mostWidth = width }, index) => {
      const wanted = Math.min(cells[index]?.length ?? 0, mostWidth);
      this.#widths[index] = Math.max(this.#widths[index] ?? width, wanted);
    });
    return this.#join(cells);
  }

  #join(cells: readonly string[]): string {
    const padded = cells.map((cell, index) => padText(cell, this.#widths[index] ?? 0));
    return padded.join("  ").trimEnd();
  }
}

/** The columns of an event's name and of its node, which other tables of events have too. */
export const EVENT_COLUMN: GrowingColumn = { title: "EVENT", width: 24, mostWidth: 48 };
export const NODE_COLUMN: GrowingColumn = { title: "NODE", width: 12, mostWidth: 36 };
