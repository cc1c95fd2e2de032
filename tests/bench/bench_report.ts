/**
 * A run of the benchmarks as tables: for terminals and for the README.
 *
 * @module
 */
import { renderTable } from "../../src/cli/render_table.ts";
import { show, showMs } from "../soak/figures.ts";
import type { Findings, Row, Unit } from "./bench.ts";
import type { Judged } from "./budgets.ts";
import { type Circumstances, machineLine, versionsLine } from "./machine.ts";

/** What a benchmark found out, with its name. */
export interface NamedFindings {
  readonly name: string;
  readonly summary: string;
  readonly findings: Findings;
}

/** A whole run. */
export interface BenchReport {
  readonly isQuick: boolean;
  readonly benches: readonly NamedFindings[];
  readonly budgets: readonly Judged[];
  readonly circumstances: Circumstances;
}

/** Cells that are shown, the first row being the headings. */
export interface Table {
  readonly title: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
  /** Whether all columns but the first hold numbers. */
  readonly isNumbers: boolean;
}

const COMPARED = "ours/theirs";
const NOTHING = "-";
const QUICK_NOTE = "a quick run: too little was measured to tell anything by it";

const UNITS: Readonly<Record<Unit, (value: number) => string>> = {
  count: show,
  rate: (value) => show(value < 10 ? value : Math.round(value)),
  ms: showMs,
  seconds: (value) => `${show(value)} s`,
  megabytes: (value) => `${show(value)} MB`,
};

/** The table of a benchmark, with the ratio between the first row and each of the others. */
export function benchTable({ name, summary, findings }: NamedFindings): Table {
  const { columns, rows, compared, notes } = findings;
  const [ours] = rows;
  return {
    title: `${name}: ${summary}`,
    headings: ["", ...columns.map(({ heading }) => heading), ...(compared ? [COMPARED] : [])],
    rows: rows.map((row) => [
      row.name,
      ...columns.map(({ key, unit }) => cell(row, key, UNITS[unit])),
      ...(compared ? [ratioCell(ours, row, compared)] : []),
    ]),
    notes,
    isNumbers: true,
  };
}

/** The table of the budgets. */
export function budgetTable(budgets: readonly Judged[]): Table {
  return {
    title: "budgets",
    headings: ["budget", "allowed", "measured", "verdict"],
    rows: budgets.map(({ what, allowed, measured, verdict }) => [what, allowed, measured, verdict]),
    notes: [],
    isNumbers: false,
  };
}

/** A table as lines for a terminal. */
export function tableLines({ title, headings, rows, notes, isNumbers }: Table): string[] {
  const lines = renderTable(headings, rows, { right: isNumbers ? headings.slice(1) : [] });
  return [title, ...[...lines, ...notes].map((line) => `  ${line}`)];
}

/** All that a run found out, as lines for a terminal. */
export function reportLines(report: BenchReport): string[] {
  const { benches, budgets, circumstances, isQuick } = report;
  const tables = [...benches.map(benchTable), budgetTable(budgets)];
  return [
    ...tables.flatMap((table) => [...tableLines(table), ""]),
    `machine: ${machineLine(circumstances)}`,
    `versions: ${versionsLine(circumstances)}`,
    `date: ${circumstances.date}`,
    ...(isQuick ? [QUICK_NOTE] : []),
  ];
}

/** All that a run found out, as Markdown. */
export function reportMarkdown(report: BenchReport): string {
  const { benches, budgets, circumstances, isQuick } = report;
  const tables = [...benches.map(benchTable), budgetTable(budgets)];
  return [
    ...tables.flatMap((table) => [
      `**${table.title}**`,
      markdownTable(table),
      ...(table.notes.length === 0 ? [] : [table.notes.map((note) => `- ${note}`).join("\n")]),
    ]),
    `Measured on ${circumstances.date}: ${machineLine(circumstances)}; ` +
    `${versionsLine(circumstances)}.${isQuick ? ` This was ${QUICK_NOTE}.` : ""}`,
  ].join("\n\n");
}

function markdownTable({ headings, rows, isNumbers }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(" | ")} |`;
  const rule = headings.map((_, column) => isNumbers && column > 0 ? "--:" : "---");
  return [line(headings), line(rule), ...rows.map(line)].join("\n");
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function cell(row: Row, key: string, showValue: (value: number) => string): string {
  const value = row.figures[key];
  return value === undefined ? NOTHING : showValue(value);
}

function ratioCell(ours: Row | undefined, row: Row, key: string): string {
  const own = ours?.figures[key];
  const theirs = row.figures[key];
  if (row === ours || own === undefined || theirs === undefined || theirs === 0) return NOTHING;
  return `${show(own / theirs)}x`;
}
