/**
 * How far a stream of all nodes has come: for each node the event behind which it goes on.
 *
 * @module
 */
import { formatPosition, parseStart } from "../../api/stream_start.ts";
import { ulidBefore } from "../../std/ulid.ts";

/** The position of one who follows all nodes. */
export class ClusterPosition {
  readonly #ids = new Map<string, string>();

  /** Takes over what a node says of itself, or what a client says of all. */
  take(position: string): void {
    const start = parseStart(position);
    if (start?.kind !== "position") return;
    for (const [node, id] of start.ids) this.#ids.set(node, id);
  }

  /** A node that nothing is known of begins with what comes in there from now on. */
  begin(node: string, nowMs: number): void {
    if (!this.#ids.has(node)) this.#ids.set(node, ulidBefore(nowMs));
  }

  /** What is known of a node, as it understands it itself. */
  of(node: string): string | undefined {
    const id = this.#ids.get(node);
    return id === undefined ? undefined : formatPosition([[node, id]]);
  }

  /** All of it. */
  toString(): string {
    return formatPosition(this.#ids);
  }
}
