/**
 * What one who follows all nodes of the pool gets.
 *
 * @module
 */
import type { StreamItem, StreamNotice, StreamQuery } from "../../api/event_stream.ts";
import { parseStart } from "../../api/stream_start.ts";
import { ulidTimeMs } from "../../std/ulid.ts";
import type { ClusterFeedDeps } from "./cluster_feed.ts";
import { ClusterPosition } from "./cluster_position.ts";
import { NodeStream } from "./node_stream.ts";
import { StreamMerge } from "./stream_merge.ts";

/** What is followed, and until when. */
export interface ClusterStreamOptions {
  readonly query: StreamQuery;
  readonly signal: AbortSignal;
}

/** The key of this node among the sources; the others have UUIDs. */
const HERE = "here";

/** Joins the streams of all nodes for one who follows them. */
export class ClusterStream {
  readonly #deps: ClusterFeedDeps;
  readonly #options: ClusterStreamOptions;
  readonly #position = new ClusterPosition();
  readonly #merge = new StreamMerge<readonly StreamItem[]>();
  /** What ends the stream of a node. */
  readonly #ends = new Map<string, AbortController>();
  /** The sources that have more of the past, or have not been reached yet. */
  readonly #behind = new Set<string>([HERE]);
  /** Where a node begins of which nothing is known, in milliseconds since 1970. */
  readonly #startMs: number;
  /** Where all nodes begin, if that is the same for all. */
  readonly #plainSince: string | undefined;
  #change = Promise.withResolvers<void>();
  /** What this node says when it is live. */
  #live: StreamNotice | undefined;
  #isLiveTold = false;

  constructor(deps: ClusterFeedDeps, options: ClusterStreamOptions) {
    this.#deps = deps;
    this.#options = options;
    const { since } = options.query;
    const start = since === undefined ? undefined : parseStart(since);
    this.#startMs = deps.clock.now();
    if (since === undefined || start === undefined) return;
    if (start.kind === "position") {
      this.#position.take(since);
      this.#startMs = Math.max(0, ...[...start.ids.values()].map(ulidTimeMs));
    } else {
      this.#plainSince = since;
      this.#startMs = start.kind === "time" ? start.timeMs : ulidTimeMs(start.id);
    }
  }

  /** Something has changed about the nodes, or the stream ends. */
  wake(): void {
    this.#tellChange();
    this.#merge.wake();
  }

  /** What comes. */
  async *items(): AsyncGenerator<readonly StreamItem[], void, void> {
    const { query, signal } = this.#options;
    try {
      this.#merge.add(HERE, this.#deps.local({ ...query, scope: "node" }, signal));
      while (!signal.aborted) {
        this.#followNodes();
        const piece = await this.#merge.next();
        if (signal.aborted) return;
        if (piece !== undefined && piece.value === undefined) {
          if (piece.key === HERE) return;
          this.#leave(piece.key);
        }
        const items = piece?.value === undefined ? [] : this.#take(piece.key, piece.value);
        items.push(...this.#tellLive());
        if (items.length > 0) yield items;
      }
    } finally {
      for (const uuid of this.#ends.keys()) this.#leave(uuid);
      this.#merge[Symbol.dispose]();
    }
  }

  /** Follows who is in the pool by now, and nobody else. */
  #followNodes(): void {
    const { nodes } = this.#deps.links;
    for (const uuid of this.#ends.keys()) if (!nodes.has(uuid)) this.#leave(uuid);
    for (const uuid of nodes.keys()) if (!this.#ends.has(uuid)) this.#followNode(uuid);
  }

  #followNode(uuid: string): void {
    const { query: { events, severity, since } } = this.#options;
    const end = new AbortController();
    this.#ends.set(uuid, end);
    this.#behind.add(uuid);
    // What it was not heard of at a position, it begins with the newest that was heard of others.
    if (since !== undefined && this.#plainSince === undefined) {
      this.#position.begin(uuid, this.#startMs);
    }
    const stream = new NodeStream(this.#deps, {
      uuid,
      query: {
        ...(events === undefined ? {} : { events }),
        ...(severity === undefined ? {} : { severity }),
      },
      since: (node) => this.#position.of(node) ?? this.#position.of(uuid) ?? this.#plainSince,
      changed: () => this.#change.promise,
      signal: end.signal,
    });
    this.#merge.add(uuid, stream.items());
  }

  #leave(uuid: string): void {
    this.#ends.get(uuid)?.abort(new Error("It is followed no more"));
    this.#ends.delete(uuid);
    this.#behind.delete(uuid);
    this.#merge.remove(uuid);
    this.#tellChange();
  }

  #tellChange(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  /** What one source brings, as it is in the stream of all. */
  #take(key: string, items: readonly StreamItem[]): StreamItem[] {
    const taken: StreamItem[] = [];
    for (const item of items) {
      if (item.position !== undefined) this.#position.take(item.position);
      if (item.kind === "event") taken.push({ ...item, position: this.#position.toString() });
      else taken.push(...this.#takeNotice(key, item.notice));
    }
    return taken;
  }

  #takeNotice(key: string, notice: StreamNotice): StreamItem[] {
    if (notice.notice === "away") this.#position.begin(notice.node, this.#startMs);
    if (notice.notice === "live" && key === HERE) this.#live = notice;
    if (notice.notice === "live" || notice.notice === "away") this.#behind.delete(key);
    // It is told when all are.
    return notice.notice === "live" ? [] : [this.#toItem(notice)];
  }

  /** Says, once, that nobody who can be heard has more of the past. */
  #tellLive(): StreamItem[] {
    // Who was found in this very moment has more of the past, as long as he has not said otherwise.
    this.#followNodes();
    const isLive = this.#deps.links.isKnown && this.#behind.size === 0;
    if (this.#isLiveTold || !isLive || this.#live === undefined) return [];
    this.#isLiveTold = true;
    return [this.#toItem(this.#live)];
  }

  #toItem(notice: StreamNotice): StreamItem {
    return { kind: "notice", notice, position: this.#position.toString() };
  }
}
