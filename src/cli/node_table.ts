/**
 * One row for each node, as text, as JSON and as an exit code.
 *
 * @module
 */
import type { NodeRow } from "../cluster/node_row.ts";
import { toVisible } from "../std/plain_text.ts";
import { describeFailure } from "./failures.ts";
import { EXIT } from "./exit_codes.ts";
import { renderTable } from "./render_table.ts";

/** What a command did on the nodes: the heading of a column, and a key of the JSON. */
export type NodeDeed = "SYNC" | "RELOAD" | "DAEMON" | "WEBHOOK" | "START" | "STOP" | "RESTART";

/** The rows as a table; further columns stand behind. */
export function renderNodes(
  rows: readonly NodeRow[],
  deed: NodeDeed,
  further: { headings: readonly string[]; cells: readonly (readonly string[])[] } = {
    headings: [],
    cells: [],
  },
): string[] {
  const table = renderTable(
    ["NODE", "NODE STATUS", `${deed} STATUS`, ...further.headings],
    rows.map((row, at) => [
      row.node,
      nodeStatus(row),
      row.error === undefined ? "OK" : `NOT OK: ${row.error}`,
      ...further.cells[at] ?? [],
    ]),
  );
  return [...table, ...renderHints(rows)];
}

function renderHints(rows: readonly NodeRow[]): string[] {
  const hints = hintsOf(rows);
  if (hints.length === 0) return [];
  return [
    "",
    ...hints.map(({ hint, nodes }) => toVisible(`hint (${nodes.join(", ")}): ${hint}`)),
  ];
}

/** What helps, each once, with the nodes that it is for; an empty text helps nobody. */
export function hintsOf(
  rows: readonly Pick<NodeRow, "node" | "hint">[],
): { readonly hint: string; readonly nodes: readonly string[] }[] {
  const hints = new Set(rows.map(({ hint = "" }) => hint).filter((hint) => hint !== ""));
  return [...hints].map((hint) => ({
    hint,
    nodes: rows.filter((row) => row.hint === hint).map(({ node }) => node),
  }));
}

/** A row in the shape of upstream's `gluster-eventsapi --json`. */
export function rowToJson(row: NodeRow, deed: NodeDeed): Record<string, unknown> {
  return {
    node: row.node,
    node_status: nodeStatus(row),
    [`${deed.toLowerCase()}_status`]: row.error === undefined ? "OK" : "NOT OK",
    error: row.error ?? "",
  };
}

/** The row of this node, from what is done here. */
export async function rowOfThisNode(work: () => Promise<unknown>): Promise<NodeRow> {
  try {
    await work();
    return THIS_NODE;
  } catch (error) {
    const { lines, hint } = describeFailure(error);
    return { ...THIS_NODE, error: lines.join("; "), hint };
  }
}

/** This node, where all is well. */
export const THIS_NODE: NodeRow = { node: "localhost", isUp: true };

/** Upstream's exit code: 3 if no node is well, 4 if some are not. */
export function exitCodeOf(rows: readonly NodeRow[]): number {
  return exitCodeFor(rows.map(({ error }) => error === undefined));
}

/** The same, from whether each node is well. */
export function exitCodeFor(nodes: readonly boolean[]): number {
  if (nodes.every((isOk) => isOk)) return EXIT.done;
  return nodes.some((isOk) => isOk) ? EXIT.someNodesNotOk : EXIT.noNodeOk;
}

function nodeStatus({ isUp }: NodeRow): string {
  return isUp ? "UP" : "DOWN";
}
