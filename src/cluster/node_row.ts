/**
 * How one node of the pool took what was asked of all.
 *
 * @module
 */
import type { NodeReply } from "./pool_link.ts";

/** One line of the table that a command for the whole pool prints. */
export interface NodeRow {
  /** The host as the pool names it; `localhost` for this node. */
  readonly node: string;
  /** Whether its glusterd can be reached. */
  readonly isUp: boolean;
  /** What went wrong there; absent if all is well. */
  readonly error?: string;
  /** What helps. */
  readonly hint?: string;
}

/** The row of a node, from what it answered. */
export function toRow({ node: { host, isUp }, answer }: NodeReply<unknown>): NodeRow {
  if (answer.ok) return { node: host, isUp };
  const { error, hint } = answer;
  return { node: host, isUp, error, hint };
}
