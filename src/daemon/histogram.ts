/**
 * How often a value was how large, in a few numbers however often that was.
 *
 * @module
 */
import type { HistogramSample, Labels } from "../api/metrics_text.ts";

/** Counts values by size. */
export class Histogram {
  readonly #bounds: readonly number[];
  /** One more than there are bounds: values beyond all of them. */
  readonly #counts: Float64Array;
  #sum = 0;

  /** @param bounds The upper ends of the buckets, in order. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  /** Counts a value; a clock that was set back makes none negative. */
  observe(value: number): void {
    const bounds = this.#bounds;
    let index = 0;
    while (index < bounds.length && value > (bounds[index] ?? Infinity)) index++;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sum += Math.max(0, value);
  }

  /** What there is, for the reader of metrics. */
  sample(labels?: Labels): HistogramSample {
    return {
      ...(labels === undefined ? {} : { labels }),
      bounds: this.#bounds,
      counts: this.#counts,
      sum: this.#sum,
    };
  }
}
