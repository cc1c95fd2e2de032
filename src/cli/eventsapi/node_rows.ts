/**
 * What became of a command on each node, as upstream shows it.
 *
 * @module
 */
import type { NodeRow } from "../../cluster/node_row.ts";
import { EXIT } from "../exit_codes.ts";
import { exitCodeFor } from "../node_table.ts";
import { renderPrettyTable } from "./pretty_table.ts";
import type { Json } from "../../std/python_json.ts";

/** What the last column is about. */
export type Subject = "sync" | "reload" | "glustereventsd" | "webhook";

/** What stands for the answer of a node that gave none. */
const NO_ANSWER = "N/A";

/** The rows as a table, this node last. */
export function renderRows(subject: Subject, rows: readonly NodeRow[]): string[] {
  return renderPrettyTable(
    [
      { heading: "NODE" },
      { heading: "NODE STATUS", isRight: true },
      { heading: `${subject.toUpperCase()} STATUS`, isRight: true },
    ],
    thisNodeLast(rows).map((row) => [
      row.node,
      row.isUp ? "UP" : "DOWN",
      isOk(row) ? "OK" : `NOT OK: ${errorOf(row)}`,
    ]),
  );
}

/** The rows as data, this node last. */
export function rowsToJson(subject: Subject, rows: readonly NodeRow[]): Json {
  return thisNodeLast(rows).map((row) => ({
    "node": row.node,
    "node_status": row.isUp ? "UP" : "DOWN",
    [`${subject}_status`]: isOk(row) ? "OK" : "NOT OK",
    "error": errorOf(row),
  }));
}

/** 0 if it worked on all nodes, else another code for some of them and for none. */
export function exitCodeOfRows(rows: readonly NodeRow[]): number {
  return rows.length === 0 ? EXIT.noNodeOk : exitCodeFor(rows.map(isOk));
}

function isOk({ isUp, error }: NodeRow): boolean {
  return isUp && error === undefined;
}

function errorOf({ isUp, error = "" }: NodeRow): string {
  return isUp ? error : NO_ANSWER;
}

function thisNodeLast(rows: readonly NodeRow[]): NodeRow[] {
  const isHere = ({ node }: NodeRow) => node === "localhost";
  return [...rows.filter((row) => !isHere(row)), ...rows.filter(isHere)];
}
