/**
 * What all benchmarks have in common: what they are run with, and how they tell what they saw.
 *
 * @module
 */
import type { Surroundings } from "../soak/scenario.ts";
import type { Compared } from "./alternatives.ts";
import type { Measured } from "./budgets.ts";
import type { Nginx } from "./nginx.ts";
import type { Sizes } from "./sizes.ts";

/** A unit that a column's numbers are in; it decides how they are written. */
export type Unit = "count" | "rate" | "ms" | "seconds" | "megabytes";

/** A column of figures. */
export interface Column {
  readonly key: string;
  readonly heading: string;
  readonly unit: Unit;
}

/** What was measured of one program, or in one case. */
export interface Row {
  /** The program or the case. */
  readonly name: string;
  /** By the keys of the columns; what is not there was not measured. */
  readonly figures: Readonly<Record<string, number>>;
}

/** What a benchmark found out. */
export interface Findings {
  readonly columns: readonly Column[];
  /** Ours come first. */
  readonly rows: readonly Row[];
  /** The column by which the others are compared with the first row. */
  readonly compared?: string;
  /** Whatever has to be known to read the table right. */
  readonly notes: readonly string[];
  /** What the budgets are judged by. */
  readonly measured: Measured;
}

/** What a benchmark is run with. */
export interface BenchContext extends Surroundings {
  readonly sizes: Sizes;
  /** Where everything is posted to, except where latency is measured. */
  readonly nginx: Nginx;
  /** What glustereventsd delivers to one webhook; measured once in a run. */
  readonly glustereventsdRate: () => Promise<Compared>;
}

/** A benchmark that is run by name. */
export interface Bench {
  readonly name: string;
  /** What it measures, in a few words. */
  readonly summary: string;
  readonly run: (context: BenchContext) => Promise<Findings>;
}
