/**
 * The registry of the whole pool: changed on one node, the same on all.
 *
 * @module
 */
import type { Clock } from "../dispatcher/clock.ts";
import type { Decide } from "../registry/plan_change.ts";
import type { RegistryFile } from "../registry/registry_file.ts";
import { type RegistryState, supersedes } from "../registry/registry_state.ts";
import type { Registry } from "../registry/schema.ts";
import { HintedError } from "../std/hinted_error.ts";
import { giveBack, type LeaseDeps, withLeases } from "./lease_round.ts";
import { type LeaseReply, openNodeRegistry } from "./node_registry.ts";
import { toRow } from "./node_row.ts";
import { readPool } from "./pool.ts";
import { type NodeReply, PoolLink, type PoolLinkDeps } from "./pool_link.ts";
import { type PushOutcome, pushRegistry } from "./push_registry.ts";
import { type Taken, takeNewest } from "./take_newest.ts";

/** What became of a change. */
export interface EditOutcome extends PushOutcome {
  readonly registry: Registry;
  readonly changed: boolean;
}

/** What becomes of bringing the nodes in step. */
export interface SyncOutcome extends PushOutcome {
  readonly state: RegistryState;
}

/** What came of a look at the other nodes. */
export interface PullOutcome {
  readonly taken?: Taken;
  readonly state: RegistryState;
  /** Whether every node that is up gave an answer. */
  readonly isComplete: boolean;
  /** Whether every node of the pool has this registry. */
  readonly isEverywhere: boolean;
  /** Whether a node has an older one. */
  readonly isAhead: boolean;
}

/** This node's registry cannot take the place of the others', nor theirs its place. */
export class RegistryConflictError extends HintedError {
  override readonly name = "RegistryConflictError";
}

/** Changes the registry of the pool. */
export class PoolRegistry {
  readonly #deps: LeaseDeps;
  /** Of the change that is being made. */
  #token: string | undefined;

  constructor(deps: LeaseDeps) {
    this.#deps = { ...deps, newToken: () => this.#token = deps.newToken() };
  }

  /** Gives back what a change that does not go on was granted. */
  async abandon(): Promise<void> {
    if (this.#token !== undefined) await giveBack(this.#deps, this.#token);
  }

  /**
   * Makes a change on top of the newest registry that any node has, and gives it to all of them.
   *
   * @throws Whatever `RegistryFile.change` throws; then nothing was changed.
   * @throws {LeaseError} If another command does not end.
   */
  async edit(decide: Decide): Promise<EditOutcome> {
    return await withLeases(this.#deps, async (round) => {
      const replies = round.replies.map(toStateReply);
      const notes = await this.#catchUp(replies);
      const { file } = this.#deps.here;
      const before = await file.state();
      const registry = await file.change(decide, {
        isShared: replies.length > 0,
        above: highest(replies),
      });
      if (registry.generation === before.generation) {
        return { registry, changed: false, rows: replies.map(toRow), notes };
      }
      const pushed = await pushRegistry(this.#deps, round);
      return { registry, changed: true, rows: pushed.rows, notes: [...notes, ...pushed.notes] };
    });
  }

  /**
   * Gives the newest registry to every node. One that was edited by hand here is newer than those
   * of its generation.
   *
   * @param isForced This node's registry is to count, whatever the others have.
   * @throws {RegistryConflictError} If it was edited by hand, and others were changed meanwhile.
   * @throws {LeaseError} If another command does not end.
   */
  async sync({ isForced = false } = {}): Promise<SyncOutcome> {
    return await withLeases(this.#deps, async (round) => {
      const replies = round.replies.map(toStateReply);
      const { file } = this.#deps.here;
      if (!isForced) await this.#refuseConflict(replies);
      const notes = isForced ? [] : await this.#catchUp(replies);
      const mine = await file.state();
      const differing = statesIn(replies).filter(({ checksum }) => checksum !== mine.checksum);
      const isToBeRaised = mine.byHand || differing.some((other) => !supersedes(mine, other));
      if (isToBeRaised) {
        await file.change(() => [], { isShared: true, above: highest(replies), isForced: true });
      } else if (differing.length === 0) {
        const rows = replies.map(toRow);
        if (rows.every(({ error }) => error === undefined)) await file.confirm(mine.checksum);
        return { state: mine, rows, notes };
      }
      const pushed = await pushRegistry(this.#deps, round);
      const state = await file.state();
      return { state, rows: pushed.rows, notes: [...notes, ...pushed.notes] };
    });
  }

  /**
   * Gives this node's registry to the others, if any of them is behind.
   *
   * @throws {LeaseError} If another command does not end.
   */
  async spread(): Promise<void> {
    await withLeases(this.#deps, async (round) => {
      const replies = round.replies.map(toStateReply);
      await this.#catchUp(replies);
      const mine = await this.#deps.here.file.state();
      const isAhead = statesIn(replies).some((other) => supersedes(mine, other));
      if (isAhead) await pushRegistry(this.#deps, round);
    });
  }

  /** Takes over a newer registry, if any node has one. @returns What else was seen. */
  async pull(): Promise<PullOutcome> {
    const { link } = this.#deps;
    const replies = await link.ask<RegistryState>({ words: ["state"] });
    const taken = await takeNewest(this.#deps, replies);
    const mine = await this.#deps.here.file.state();
    const others = statesIn(replies);
    return {
      ...(taken === undefined ? {} : { taken }),
      state: mine,
      isComplete: link.trouble === undefined &&
        replies.every(({ node, answer }) => !node.isUp || answer.ok),
      isEverywhere: others.length === replies.length &&
        others.every(({ checksum }) => checksum === mine.checksum),
      isAhead: others.some((other) => supersedes(mine, other)),
    };
  }

  async #catchUp(replies: readonly NodeReply<RegistryState>[]): Promise<string[]> {
    const taken = await takeNewest(this.#deps, replies);
    if (taken === undefined) return [];
    const { generation, from, keptAs } = taken;
    return [
      `this node was behind: it has taken over generation ${generation} from ${from}` +
      (keptAs === undefined ? "" : `; what it had is kept as ${keptAs}`),
    ];
  }

  async #refuseConflict(replies: readonly NodeReply<RegistryState>[]): Promise<void> {
    const mine = await this.#deps.here.file.state();
    const newer = replies.find(({ answer }) =>
      answer.ok && answer.value.generation > mine.generation
    );
    if (!mine.byHand || newer?.answer.ok !== true) return;
    throw new RegistryConflictError(
      `The registry was edited by hand here, on top of generation ${mine.generation}, and ` +
        `${newer.node.host} has generation ${newer.answer.value.generation} meanwhile`,
      "this node's counts for all with: gluster-eventing sync --force; " +
        "or move it away and sync to get theirs",
    );
  }
}

function toStateReply({ node, answer }: NodeReply<LeaseReply>): NodeReply<RegistryState> {
  return { node, answer: answer.ok ? { ok: true, value: answer.value.state } : answer };
}

function statesIn(replies: readonly NodeReply<RegistryState>[]): RegistryState[] {
  return replies.flatMap(({ answer }) => answer.ok ? [answer.value] : []);
}

function highest(replies: readonly NodeReply<RegistryState>[]): number {
  return Math.max(0, ...statesIn(replies).map(({ generation }) => generation));
}

/** Opens the registry of the pool as it is now. */
export async function openPoolRegistry(
  { file, newToken, notify, ...deps }:
    & Omit<PoolLinkDeps, "pool">
    & Pick<LeaseDeps, "newToken" | "notify">
    & { readonly file: RegistryFile; readonly clock: Clock },
): Promise<PoolRegistry> {
  const link = new PoolLink({ ...deps, pool: await readPool(deps) });
  const here = openNodeRegistry(file, deps.clock.now);
  return new PoolRegistry({ ...deps, link, here, newToken, notify });
}
