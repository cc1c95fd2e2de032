/**
 * Keeps the registry of this node in step with those of the other nodes, without a command: a node
 * that was away takes over the newest one, and a change that not every node got is given to the
 * others once they are back.
 *
 * @module
 */
import type { PoolRegistry } from "../cluster/pool_registry.ts";
import type { Taken } from "../cluster/take_newest.ts";
import { type Clock, sleepUnlessAborted } from "../dispatcher/clock.ts";
import type { RegistryFile } from "../registry/registry_file.ts";
import type { Logger } from "./logger.ts";

/** What the watch works with. */
export interface PoolWatchDeps {
  readonly file: RegistryFile;
  /** The registry of the pool as it is now; `undefined` if the file is not that of a pool. */
  readonly openPool: () => Promise<PoolRegistry | undefined>;
  /** Called when this node's file was replaced. */
  readonly onTaken: () => Promise<unknown>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** Other peers connect in the same moment. */
const GATHER_MS = 500;
/** Whoever makes a change gives it to the other nodes itself, and is done by then. */
const OWN_CHANGE_MS = 30_000;
/** A node that has just come back has looked at the others by then. */
const HELP_MS = 5000;
const FIRST_RETRY_MS = 2000;
const LONGEST_RETRY_MS = 300_000;
/** How long a look that is at work may keep the daemon from stopping. */
const LONGEST_STOP_MS = 2000;

/** Looks at the other nodes when there is a reason to. */
export class PoolWatch implements AsyncDisposable {
  readonly #deps: PoolWatchDeps;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  /** By the steady clock; never, if nothing is to be looked at. */
  #dueMs: number;
  /** Whether nothing needs to be looked at if all nodes are known to have the registry. */
  #unlessConfirmed = false;
  #poke = new AbortController();
  #retryMs = FIRST_RETRY_MS;
  #told = "";
  /** The checksum of this node's registry, if another node had an older one at the last look. */
  #aheadWith: string | undefined;

  constructor(deps: PoolWatchDeps) {
    this.#deps = deps;
    this.#dueMs = this.#inMs(0);
    this.#running = this.#watch();
  }

  /** A node is there again, or is new. */
  peerConnected(): void {
    this.#retryMs = FIRST_RETRY_MS;
    // Not all nodes ask all others in the same moment.
    this.#lookIn(GATHER_MS * (1 + 2 * this.#deps.random()));
  }

  /** The registry of this node has changed: unless all nodes have it, they are looked at later. */
  registryChanged(): void {
    this.#lookIn(OWN_CHANGE_MS * (1 + this.#deps.random()), { unlessConfirmed: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#poke.abort();
    const isOver = new AbortController();
    const { signal } = isOver;
    await Promise.race([
      this.#running,
      // Cut off from another node glusterd can take minutes to answer.
      sleepUnlessAborted(this.#deps.clock, { ms: LONGEST_STOP_MS, signal }),
    ]);
    isOver.abort();
  }

  #lookIn(ms: number, { unlessConfirmed = false } = {}): void {
    const due = this.#inMs(ms);
    this.#unlessConfirmed = unlessConfirmed && (this.#unlessConfirmed || this.#dueMs === Infinity);
    if (due >= this.#dueMs) return;
    this.#dueMs = due;
    this.#poke.abort();
  }

  #inMs(ms: number): number {
    return this.#deps.clock.steadyNow() + ms;
  }

  async #watch(): Promise<void> {
    const { clock } = this.#deps;
    while (!this.#stop.signal.aborted) {
      const waitMs = Math.min(LONGEST_RETRY_MS, this.#dueMs - clock.steadyNow());
      if (waitMs > 0) {
        this.#poke = new AbortController();
        await sleepUnlessAborted(clock, { ms: waitMs, signal: this.#poke.signal });
        continue;
      }
      this.#dueMs = Infinity;
      if (await this.#lookAndTell()) this.#retryMs = FIRST_RETRY_MS;
      else this.#retryLater();
    }
  }

  #retryLater(): void {
    this.#lookIn(this.#retryMs * (0.5 + this.#deps.random()));
    this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 2);
  }

  /** @returns False if it has to be looked at again soon. */
  async #lookAndTell(): Promise<boolean> {
    try {
      const isDone = await this.#look();
      this.#told = "";
      return isDone;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      // The same trouble can last for days.
      if (error.message !== this.#told) {
        const message = "the registry could not be brought in step with the other nodes";
        this.#deps.logger.log("WARNING", message, { error: error.message });
      }
      this.#told = error.message;
      return false;
    }
  }

  async #look(): Promise<boolean> {
    const { file, openPool, onTaken, random } = this.#deps;
    const isNeedless = this.#unlessConfirmed && await file.isConfirmed();
    this.#unlessConfirmed = false;
    if (isNeedless) return true;
    const pool = await openPool();
    if (pool === undefined) return true;
    const outcome = await pool.pull();
    if (outcome.taken !== undefined) this.#tellTaken(outcome.taken);
    // By then the daemon may have stopped.
    if (this.#stop.signal.aborted) return true;
    if (outcome.taken !== undefined) await onTaken();
    const { checksum } = outcome.state;
    if (outcome.isEverywhere) await file.confirm(checksum);
    // A node that is behind looks by itself, as a rule: it is helped only if it still is later.
    if (outcome.isAhead && this.#aheadWith === checksum) await pool.spread();
    else if (outcome.isAhead) this.#lookIn(HELP_MS * (1 + random()));
    this.#aheadWith = outcome.isAhead ? checksum : undefined;
    return outcome.isComplete;
  }

  #tellTaken({ generation, from, keptAs }: Taken): void {
    const { logger } = this.#deps;
    logger.log("INFO", "this node was behind, a newer registry is taken over", {
      generation,
      from,
    });
    if (keptAs === undefined) return;
    logger.log("WARNING", "what it replaces no other node had, it is kept", { as: keptAs });
  }
}
