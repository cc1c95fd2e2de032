/**
 * All who follow the events of this daemon: how many there may be, and that they end with it.
 *
 * @module
 */
import { TooManyStreamsError } from "../api/control_handlers.ts";
import type { FollowEvents, StreamItem, StreamQuery } from "../api/event_stream.ts";
import { InvalidQueryError } from "../api/spool_query.ts";
import type { Logger } from "./logger.ts";

/** What can be followed. */
export interface EventStreamsDeps {
  /** The events of this node. */
  readonly node: FollowEvents;
  /** Those of all nodes of the pool; absent where there is no pool to ask. */
  readonly cluster?: ClusterEvents;
  readonly logger: Logger;
}

/** The events of all nodes of the pool. */
export interface ClusterEvents {
  /** Whether this node is in a pool. */
  isThere(): Promise<boolean>;
  /** @throws {InvalidQueryError} If this node is in no pool. */
  prepare(): Promise<void>;
  readonly follow: FollowEvents;
}

/** More than a person and all of their programs need. */
const MOST_STREAMS = 64;

/** The streams that are open. */
export class EventStreams implements Disposable {
  readonly #deps: EventStreamsDeps;
  readonly #ending = new AbortController();
  #open = 0;

  constructor(deps: EventStreamsDeps) {
    this.#deps = deps;
  }

  /** Whether the events of all nodes can be followed. */
  async hasCluster(): Promise<boolean> {
    return await this.#deps.cluster?.isThere() ?? false;
  }

  /** Finds out whether they can be followed, where that takes time. */
  prepare({ scope }: StreamQuery): Promise<void> | undefined {
    return scope === "cluster" ? this.#deps.cluster?.prepare() : undefined;
  }

  /**
   * Follows the events, until the signal, which has to come, or until this is disposed of.
   *
   * @throws {TooManyStreamsError | InvalidQueryError | InvalidFilterError} If that cannot be done.
   */
  follow(query: StreamQuery, signal: AbortSignal): AsyncIterable<readonly StreamItem[]> {
    if (this.#open >= MOST_STREAMS) {
      throw new TooManyStreamsError(
        `${MOST_STREAMS} streams of events are open, and no more are served`,
        "end one of them: gluster-eventing watch, or a browser's page",
      );
    }
    const follow = this.#followOf(query);
    const items = follow(query, AbortSignal.any([signal, this.#ending.signal]));
    this.#open++;
    signal.addEventListener("abort", () => this.#open--, { once: true });
    return this.#telling(items);
  }

  /** Ends all. */
  [Symbol.dispose](): void {
    this.#ending.abort();
  }

  /** Those who follow cannot be told why it ends. */
  async *#telling(items: AsyncIterable<readonly StreamItem[]>) {
    try {
      yield* items;
    } catch (error) {
      this.#deps.logger.log("ERROR", "a stream of events failed", { error: String(error) });
      throw error;
    }
  }

  #followOf({ scope }: StreamQuery): FollowEvents {
    const { node, cluster } = this.#deps;
    if (scope !== "cluster") return node;
    if (cluster !== undefined) return cluster.follow;
    throw new InvalidQueryError(
      "The events of all nodes cannot be followed here: this daemon knows no pool",
      "ask for those of this node: leave scope out",
    );
  }
}
