/**
 * What a command came to on one node.
 *
 * @module
 */

/** A node with its part of a command. */
export interface NodeRow {
  /** The host as the pool names it; "localhost" for this node. */
  readonly node: string;
  /** Whether it could be reached. */
  readonly isUp: boolean;
  /** What went wrong there; absent if nothing did. */
  readonly error?: string;
}
