/**
 * One stream with the events of all nodes of the pool: this node's own, and those of the others as
 * they offer them. Nobody is asked for anything unless somebody listens.
 *
 * @module
 */
import { TooManyStreamsError } from "../../api/control_handlers.ts";
import type { FollowEvents, StreamItem, StreamQuery } from "../../api/event_stream.ts";
import { InvalidQueryError } from "../../api/spool_query.ts";
import type { ClusterEvents } from "../event_streams.ts";
import { ClusterStream } from "./cluster_stream.ts";
import type { NodeLinks } from "./node_links.ts";
import type { OpenRemoteEvents } from "./node_stream.ts";

/** What it works with. */
export interface ClusterFeedDeps {
  /** Whether this node is in a pool, and the daemon's registry is that of the pool. */
  readonly isOurs: () => Promise<boolean>;
  readonly links: Pick<NodeLinks, "join" | "isKnown" | "nodes" | "lost">;
  /** Follows this node's own events. */
  readonly local: FollowEvents;
  readonly open: OpenRemoteEvents;
  readonly clock: { readonly now: () => number; readonly steadyNow: () => number };
}

/** Each costs a connection with every node. */
const MOST_STREAMS = 8;

/** What those who follow all nodes see. */
export class ClusterFeed implements ClusterEvents {
  readonly #deps: ClusterFeedDeps;
  #streams = 0;
  #isThere = false;

  constructor(deps: ClusterFeedDeps) {
    this.#deps = deps;
  }

  /** Whether this node is in a pool. */
  async isThere(): Promise<boolean> {
    // It asks glusterd, which may hang later; where it is so once, it stays so.
    this.#isThere ||= await this.#deps.isOurs();
    return this.#isThere;
  }

  /** @throws {InvalidQueryError} If this node is in no pool. */
  async prepare(): Promise<void> {
    if (await this.isThere()) return;
    throw new InvalidQueryError(
      "The events of all nodes cannot be followed here: this machine has no gluster command, or " +
        "the daemon's registry is not in glusterd's folder",
      "ask for those of this node: leave scope out",
    );
  }

  /**
   * Follows the events of all nodes, until the signal, which has to come.
   *
   * @throws {TooManyStreamsError} If there are as many already as there may be.
   */
  readonly follow = (
    query: StreamQuery,
    signal: AbortSignal,
  ): AsyncIterable<readonly StreamItem[]> => {
    if (this.#streams >= MOST_STREAMS) {
      throw new TooManyStreamsError(
        `${MOST_STREAMS} streams of all nodes' events are open, and no more are served`,
        "end one of them, follow this node alone, or ask another node",
      );
    }
    const stream = new ClusterStream(this.#deps, { query, signal });
    const joined = this.#deps.links.join(() => stream.wake());
    this.#streams++;
    signal.addEventListener("abort", () => {
      joined[Symbol.dispose]();
      stream.wake();
      this.#streams--;
    }, { once: true });
    return stream.items();
  };
}
