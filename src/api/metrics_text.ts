/**
 * Figures as Prometheus reads them: its text format, version 0.0.4.
 *
 * @module
 */

/** What the answer is called; Prometheus goes by it. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** What tells samples of one family apart. */
export type Labels = Readonly<Record<string, string>>;

/** A figure. */
export interface Sample {
  readonly labels?: Labels;
  readonly value: number;
}

/** How often a value was at most so large. */
export interface HistogramSample {
  readonly labels?: Labels;
  /** The upper ends of the buckets, in order, without infinity. */
  readonly bounds: readonly number[];
  /** How many values are in each bucket alone, and at last how many are beyond all bounds. */
  readonly counts: ArrayLike<number>;
  readonly sum: number;
}

/** Figures of one kind. */
export type MetricFamily =
  & {
    readonly name: string;
    /** What it is, in a sentence. */
    readonly help: string;
  }
  & (
    | { readonly type: "counter" | "gauge"; readonly samples: readonly Sample[] }
    | { readonly type: "histogram"; readonly samples: readonly HistogramSample[] }
  );

/** The text. A family without samples is named all the same, so that it is known to exist. */
export function renderMetrics(families: readonly MetricFamily[]): string {
  const lines: string[] = [];
  for (const family of families) {
    const { name, help, type } = family;
    lines.push(`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`);
    if (family.type === "histogram") {
      for (const sample of family.samples) renderHistogram(lines, name, sample);
    } else {
      for (const { labels, value } of family.samples) {
        lines.push(`${name}${braced(renderLabels(labels))} ${renderNumber(value)}`);
      }
    }
  }
  return lines.join("\n") + "\n";
}

function renderHistogram(lines: string[], name: string, sample: HistogramSample): void {
  const { labels, bounds, counts, sum } = sample;
  const own = renderLabels(labels);
  const others = own === "" ? "" : `${own},`;
  // Each bucket holds those before it too.
  let upTo = 0;
  for (const [index, bound] of [...bounds, Infinity].entries()) {
    upTo += counts[index] ?? 0;
    lines.push(`${name}_bucket{${others}le="${renderNumber(bound)}"} ${upTo}`);
  }
  lines.push(`${name}_sum${braced(own)} ${renderNumber(sum)}`);
  lines.push(`${name}_count${braced(own)} ${upTo}`);
}

function renderLabels(labels: Labels = {}): string {
  return Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`).join();
}

function braced(labels: string): string {
  return labels === "" ? "" : `{${labels}}`;
}

function escapeLabel(value: string): string {
  return escapeHelp(value).replaceAll('"', '\\"');
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

/** As Go reads numbers. */
function renderNumber(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}
