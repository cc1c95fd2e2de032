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

/**
 * The text. A family without samples is named all the same, so that it is known to exist. There may
 * be thousands of lines, and nothing is received meanwhile.
 */
export function renderMetrics(families: readonly MetricFamily[]): string {
  let text = "";
  for (const family of families) {
    const { name, help, type } = family;
    text += `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
    if (family.type === "histogram") {
      for (const sample of family.samples) text += renderHistogram(name, sample);
    } else {
      for (const { labels, value } of family.samples) {
        text += `${name}${braced(renderLabels(labels))} ${renderNumber(value)}\n`;
      }
    }
  }
  return text;
}

function renderHistogram(name: string, { labels, bounds, counts, sum }: HistogramSample): string {
  const own = renderLabels(labels);
  const start = `${name}_bucket{${own}${own === "" ? "" : ","}le="`;
  let text = "";
  // Each bucket holds those before it too.
  let upTo = 0;
  for (let index = 0; index <= bounds.length; index++) {
    upTo += counts[index] ?? 0;
    text += `${start}${renderNumber(bounds[index] ?? Infinity)}"} ${upTo}\n`;
  }
  const end = braced(own);
  return `${text}${name}_sum${end} ${renderNumber(sum)}\n${name}_count${end} ${upTo}\n`;
}

function renderLabels(labels: Labels = {}): string {
  let text = "";
  for (const name in labels) {
    text += `${text === "" ? "" : ","}${name}="${escapeLabel(labels[name] ?? "")}"`;
  }
  return text;
}

function braced(labels: string): string {
  return labels === "" ? "" : `{${labels}}`;
}

function escapeLabel(value: string): string {
  return /["\\\n]/.test(value) ? escapeHelp(value).replaceAll('"', '\\"') : value;
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}

/** As Go reads numbers. */
function renderNumber(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}
