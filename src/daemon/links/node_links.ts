/**
 * Knows how the other nodes of the pool can be followed. To find out costs a question to all nodes
 * through glusterd, which takes the lock that administrators' commands need: it is asked only while
 * somebody wants to follow nodes and there is one that cannot be, once for all of them, and less and
 * less often.
 *
 * @module
 */
import { type LinkOffer, readLinkOffer } from "../../api/link_offer.ts";
import type { Pool, PoolNode } from "../../cluster/pool.ts";
import type { NodeReply } from "../../cluster/pool_link.ts";
import { type Clock, sleepUnlessAborted } from "../../dispatcher/clock.ts";
import { BACK_EVENTS, PEER_EVENTS } from "../peer_events.ts";

/** The pool as it is now, and the question to its nodes. */
export interface PoolLook {
  readonly pool: Pool;
  /** Asks all other nodes for their offers. */
  readonly ask: () => Promise<readonly NodeReply<unknown>[]>;
}

/** What it works with. */
export interface NodeLinksDeps {
  /** Looks at the pool, which costs others nothing. */
  readonly look: () => Promise<PoolLook>;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Another node, and how to follow it, or why that is not possible. Neither: nobody knows yet. */
export interface LinkedNode {
  readonly node: PoolNode;
  readonly offer?: LinkOffer;
  readonly reason?: string;
  /** It has just made an offer, and could not be reached all the same. */
  readonly isBlocked?: boolean;
}

/** How an offer turned out. */
export interface LinkLoss {
  readonly offer: LinkOffer;
  readonly reason: string;
  /** How long the node could be followed; nothing if it never could. */
  readonly heldMs?: number;
}

/** Why a node is asked again. */
interface Known extends LinkedNode {
  /** By the steady clock; counts while there is no offer. */
  readonly dueMs: number;
  readonly delayMs: number;
}

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 60_000;
/** What a firewall keeps away stays away, as a rule. */
const LONGEST_BLOCKED_MS = 300_000;
/**
 * A connection that held for so long is tried again at once when it ends, as it was offered; and each
 * time it goes away for another reason.
 */
export const HELD_MS = 10_000;
/** Who comes again and again does not have all nodes asked again and again. */
const QUIET_MS = 5000;
/** Other peers connect, or are found, in the same moment. */
const GATHER_MS = 500;
const UNKNOWN = { error: "its program gives an answer of another version", hint: "" };
const NOT_CONNECTED = "glusterd is not connected with it: gluster peer status";

/** The ways to the other nodes, for all who follow them. */
export class NodeLinks implements Disposable {
  readonly #deps: NodeLinksDeps;
  readonly #known = new Map<string, Known>();
  readonly #listeners = new Set<() => void>();
  #isKnown = false;
  #users = 0;
  #askedMs = -Infinity;
  /** When to look at the pool, whether a node is missing or not. */
  #lookMs = Infinity;
  #poke = new AbortController();
  #isRunning = false;
  #isDisposed = false;

  constructor(deps: NodeLinksDeps) {
    this.#deps = deps;
  }

  /** The other nodes, by their UUIDs. */
  get nodes(): ReadonlyMap<string, LinkedNode> {
    return this.#known;
  }

  /** Whether it is known who is in the pool. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Begins to find out, until what is returned is disposed of. */
  join(onChange: () => void): Disposable {
    if (this.#users === 0) this.#askAnew();
    this.#listeners.add(onChange);
    this.#users++;
    this.#lookMs = -Infinity;
    this.#poke.abort();
    void this.#run();
    return {
      [Symbol.dispose]: () => {
        if (!this.#listeners.delete(onChange)) return;
        this.#users--;
        this.#poke.abort();
      },
    };
  }

  /** A node could not be followed as it had offered, or cannot be any more. */
  lost(uuid: string, { offer, reason, heldMs }: LinkLoss): void {
    const known = this.#known.get(uuid);
    // Somebody else has said so before.
    if (known?.offer !== offer) return;
    const hasHeld = heldMs !== undefined && heldMs >= HELD_MS;
    const delayMs = hasHeld ? FIRST_DELAY_MS : known.delayMs;
    this.#known.set(uuid, {
      node: known.node,
      reason,
      isBlocked: heldMs === undefined,
      // What was offered long ago may be so no more: then it is asked at once.
      dueMs: this.#askedMs + this.#jitter(delayMs),
      delayMs: Math.min(LONGEST_BLOCKED_MS, 2 * delayMs),
    });
    this.#tell();
    this.#poke.abort();
  }

  /** An event came in on this node. */
  noteEvent(event: string): void {
    if (this.#users === 0 || !PEER_EVENTS.has(event)) return;
    const { clock, random } = this.#deps;
    const dueMs = clock.steadyNow() + GATHER_MS * (1 + random());
    this.#lookMs = Math.min(this.#lookMs, dueMs);
    if (BACK_EVENTS.has(event)) {
      for (const [uuid, known] of this.#missing()) {
        this.#known.set(uuid, { ...known, dueMs, delayMs: FIRST_DELAY_MS });
      }
    }
    this.#poke.abort();
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#poke.abort();
  }

  get #isWanted(): boolean {
    return this.#users > 0 && !this.#isDisposed;
  }

  /** What was known when nobody listened may be so no more. */
  #askAnew(): void {
    const dueMs = this.#askedMs + QUIET_MS;
    for (const [uuid, { node, delayMs }] of this.#missing()) {
      this.#known.set(uuid, { node, delayMs, dueMs });
    }
  }

  #missing(): [string, Known][] {
    return [...this.#known].filter(([, { offer }]) => offer === undefined);
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (this.#isWanted) await this.#step();
    } finally {
      this.#isRunning = false;
    }
  }

  async #step(): Promise<void> {
    const { clock } = this.#deps;
    this.#poke = new AbortController();
    const dueMs = Math.min(this.#lookMs, ...this.#missing().map(([, known]) => known.dueMs));
    const waitMs = dueMs - clock.steadyNow();
    if (waitMs > 0) {
      const { signal } = this.#poke;
      await sleepUnlessAborted(clock, { ms: Math.min(waitMs, LONGEST_BLOCKED_MS), signal });
      return;
    }
    this.#lookMs = Infinity;
    try {
      const look = await this.#deps.look();
      this.#takeNodes(look.pool);
      this.#isKnown = true;
      this.#tell();
      if (this.#isWanted) await this.#askIfDue(look);
    } catch (error) {
      if (!(error instanceof Error) || error instanceof TypeError) throw error;
      for (const [uuid, known] of this.#missing()) this.#askLater(uuid, known, error.message);
    }
    this.#tell();
  }

  async #askIfDue(look: PoolLook): Promise<void> {
    const { clock } = this.#deps;
    const nowMs = clock.steadyNow();
    const due = this.#missing().filter(([, { dueMs }]) => dueMs <= nowMs);
    if (due.length === 0) return;
    const { trouble } = look.pool;
    const isWorthIt = trouble === undefined && due.some(([, { node }]) => node.isUp);
    const replies = isWorthIt ? await look.ask() : [];
    if (isWorthIt) this.#askedMs = clock.steadyNow();
    for (const [uuid, known] of this.#missing()) {
      const reply = replies.find(({ node }) => node.uuid === uuid);
      const offer = reply?.answer.ok === true ? readLinkOffer(reply.answer.value) : undefined;
      if (offer !== undefined) this.#known.set(uuid, { ...withoutReason(known), offer });
      else this.#askLater(uuid, known, reasonOf(known.node, { reply, trouble }));
    }
  }

  #askLater(uuid: string, { node, delayMs }: Known, reason: string): void {
    this.#known.set(uuid, {
      node,
      reason,
      dueMs: this.#deps.clock.steadyNow() + this.#jitter(delayMs),
      delayMs: Math.min(LONGEST_DELAY_MS, 2 * delayMs),
    });
  }

  /** The pool as it is now counts, but what is known of a node stays. */
  #takeNodes({ nodes }: Pool): void {
    const others = nodes.filter(({ isHere }) => !isHere);
    const uuids = new Set(others.map(({ uuid }) => uuid));
    for (const uuid of this.#known.keys()) if (!uuids.has(uuid)) this.#known.delete(uuid);
    for (const node of others) {
      const known = this.#known.get(node.uuid) ?? { dueMs: -Infinity, delayMs: FIRST_DELAY_MS };
      this.#known.set(node.uuid, { ...known, node });
    }
  }

  #jitter(ms: number): number {
    return ms * (0.5 + this.#deps.random() / 2);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function withoutReason({ node, dueMs, delayMs }: Known): Known {
  return { node, dueMs, delayMs };
}

function reasonOf(
  { isUp }: PoolNode,
  { reply, trouble }: {
    readonly reply: NodeReply<unknown> | undefined;
    readonly trouble: string | undefined;
  },
): string {
  if (trouble !== undefined) return trouble;
  if (!isUp || reply === undefined) return NOT_CONNECTED;
  const { error, hint } = reply.answer.ok ? UNKNOWN : reply.answer;
  return hint === "" ? error : `${error}; ${hint}`;
}
