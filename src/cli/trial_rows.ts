/**
 * How a webhook did when it was tried from each node.
 *
 * @module
 */
import type { ProbeVerdict } from "../dispatcher/probe_webhook.ts";
import { toVisible } from "../std/plain_text.ts";
import { exitCodeFor, hintsOf } from "./node_table.ts";
import { renderTable } from "./render_table.ts";

/** A node's row; the first four keys are upstream's. */
export interface TrialRow {
  readonly node: string;
  /** A node is down if it cannot be asked. */
  readonly node_status: "UP" | "DOWN";
  readonly webhook_status: "OK" | "NOT OK";
  /** What failed and how, in one text. */
  readonly error: string;
  readonly stage: ProbeVerdict["stage"];
  readonly status: number | null;
  readonly duration_ms: number | null;
  readonly reason: string;
  readonly hint: string;
}

const NOT_ASKED = "N/A";

/** The row of a node, from what it found; from nothing, that of a node that is down. */
export function toTrialRow(node: string, verdict: ProbeVerdict | undefined): TrialRow {
  if (verdict === undefined) {
    const nothing = { stage: null, status: null, duration_ms: null, reason: "", hint: "" };
    return { node, node_status: "DOWN", webhook_status: "NOT OK", error: NOT_ASKED, ...nothing };
  }
  const { ok, ...found } = verdict;
  const { stage, status, reason } = found;
  return {
    node,
    node_status: "UP",
    webhook_status: ok ? "OK" : "NOT OK",
    error: ok ? "" : stage === null || status !== null ? reason : `${stage}: ${reason}`,
    ...found,
  };
}

/** The rows as a table, with what each node found, and what helps, below. */
export function renderTrials(rows: readonly TrialRow[]): string[] {
  const found = rows.filter(({ node_status: status }) => status === "UP");
  return [
    ...renderTable(
      ["NODE", "NODE STATUS", "WEBHOOK STATUS"],
      rows.map((row) => [row.node, row.node_status, showStatus(row)]),
    ),
    ...found.length === 0 ? [] : ["", ...found.map(describeRow)],
    ...describeHints(rows),
  ];
}

/** The exit code for what all nodes found. */
export function exitOfTrials(rows: readonly TrialRow[]): number {
  return exitCodeFor(rows.map((row) => row.webhook_status === "OK"));
}

function showStatus({ node_status, webhook_status, stage, status }: TrialRow): string {
  if (webhook_status === "OK") return "OK";
  if (node_status === "DOWN") return `NOT OK: ${NOT_ASKED}`;
  return `NOT OK: ${status ?? stage ?? "nothing posted"}`;
}

const STAGES: Readonly<Record<NonNullable<ProbeVerdict["stage"]>, string>> = {
  name: "looking the name up",
  connect: "connecting",
  proxy: "asking the proxy for a connection",
  tls: "agreeing on TLS",
  response: "waiting for the answer",
};

function describeRow({ node, stage, status, duration_ms, reason }: TrialRow): string {
  const after = `after ${duration_ms} ms`;
  const what = status !== null
    ? `${after}: ${reason}`
    : stage === null
    ? `failed ${after}: ${reason}`
    : `failed while ${STAGES[stage]}, ${after}: ${reason}`;
  return toVisible(`${node}: ${what}`);
}

/** The nodes stand with what helps, unless that is for all. */
function describeHints(rows: readonly TrialRow[]): string[] {
  return hintsOf(rows).map(({ hint, nodes }) => {
    const which = nodes.length === rows.length ? "" : ` (${nodes.join(", ")})`;
    return toVisible(`hint${which}: ${hint}`);
  });
}
