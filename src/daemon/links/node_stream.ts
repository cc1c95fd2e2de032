/**
 * The events of one other node for one who follows them, through all that may happen to the node:
 * what came in there while it was away follows when it is back.
 *
 * @module
 */
import type { StreamItem, StreamQuery } from "../../api/event_stream.ts";
import { LINK_PORTS, type LinkOffer } from "../../api/link_offer.ts";
import { type RemoteEvents, RemoteEventsError, type RemoteNode } from "../../api/remote_events.ts";
import type { Clock } from "../../dispatcher/clock.ts";
import { HELD_MS, type NodeLinks } from "./node_links.ts";

/** Asks a node for its events. */
export type OpenRemoteEvents = (
  node: RemoteNode,
  options: { readonly query: StreamQuery; readonly signal: AbortSignal },
) => Promise<RemoteEvents>;

/** What it works with. */
export interface NodeStreamDeps {
  readonly links: Pick<NodeLinks, "nodes" | "lost">;
  readonly open: OpenRemoteEvents;
  readonly clock: Pick<Clock, "steadyNow">;
}

/** What is followed. */
export interface NodeStreamOptions {
  readonly uuid: string;
  readonly query: StreamQuery;
  /** Where to go on: the position as the node itself has named it, or where it begins. */
  readonly since: (node: string) => string | undefined;
  /** Resolves when something has changed about the links. */
  readonly changed: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** Follows one node. */
export class NodeStream {
  readonly #deps: NodeStreamDeps;
  readonly #options: NodeStreamOptions;
  /** What to go on behind, once anything has come. */
  #position: string | undefined;
  #isAway = false;
  /** Whether it was told how it can be reached. */
  #isAdvised = false;
  /** How long the last connection held, of which the end was nobody's fault. */
  #heldMs: number | undefined;

  constructor(deps: NodeStreamDeps, options: NodeStreamOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /** What comes, until the signal or until the node is in the pool no more. */
  async *items(): AsyncGenerator<readonly StreamItem[], void, void> {
    const { links } = this.#deps;
    const { uuid, changed, signal } = this.#options;
    while (!signal.aborted) {
      const linked = links.nodes.get(uuid);
      if (linked === undefined) return;
      const { offer, reason, isBlocked = false } = linked;
      if (offer !== undefined) {
        yield* this.#follow(linked.node.host, offer);
        continue;
      }
      if (reason !== undefined && (!this.#isAway || isBlocked && !this.#isAdvised)) {
        this.#isAway = true;
        this.#isAdvised ||= isBlocked;
        const { uuid: node, host } = linked.node;
        const whole = isBlocked ? `${reason}; ${adviseOn(host)}` : reason;
        yield [{ kind: "notice", notice: { notice: "away", node, host, reason: whole } }];
        // Something may have changed meanwhile.
      } else await changed();
    }
  }

  /** Follows it as it has offered, to the end of the connection. */
  async *#follow(
    host: string,
    offer: LinkOffer,
  ): AsyncGenerator<readonly StreamItem[], void, void> {
    const { links, open, clock } = this.#deps;
    const { uuid, query, since, signal } = this.#options;
    let openedMs: number | undefined;
    try {
      const from = this.#position ?? since(offer.node);
      const asked = { ...query, ...(from === undefined ? {} : { since: from }) };
      const events = await open({ host, offer }, { query: asked, signal });
      openedMs = clock.steadyNow();
      if (this.#isAway) {
        this.#isAway = false;
        this.#isAdvised = false;
        yield [{ kind: "notice", notice: { notice: "back", node: uuid, host } }];
      }
      for await (const items of events) {
        for (const { position } of items) this.#position = position ?? this.#position;
        yield items;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof RemoteEventsError)) throw error;
      if (openedMs !== undefined) this.#heldMs = clock.steadyNow() - openedMs;
      const heldMs = this.#heldMs;
      if (openedMs !== undefined && heldMs !== undefined && heldMs >= HELD_MS) return;
      this.#heldMs = undefined;
      const reason = error.message;
      links.lost(uuid, { offer, reason, ...(heldMs === undefined ? {} : { heldMs }) });
    }
  }
}

function adviseOn(host: string): string {
  const { first, last } = LINK_PORTS;
  return `if ${host} has a firewall, open TCP ${first} to ${last} there for the other nodes`;
}
