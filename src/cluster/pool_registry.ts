/**
 * The registry of the whole pool: changed on one node, the same on all.
 *
 * @module
 */
import type { RegistryEdit } from "../registry/edit_data.ts";
import { OFFER_NAME } from "../registry/offer.ts";
import type { RegistryFile } from "../registry/registry_file.ts";
import { type RegistryState, supersedes } from "../registry/registry_state.ts";
import type { Registry } from "../registry/schema.ts";
import { HintedError } from "../std/hinted_error.ts";
import { type LeaseDeps, type LeaseRound, withLeases } from "./lease_round.ts";
import { type LeaseReply, NOT_ARRIVED, openNodeRegistry, type TakeReply } from "./node_registry.ts";
import type { NodeRow } from "./node_row.ts";
import { readPool } from "./pool.ts";
import { type NodeReply, PoolLink, type PoolLinkDeps } from "./pool_link.ts";

/** What became of a change. */
export interface EditOutcome {
  readonly registry: Registry;
  readonly changed: boolean;
  /** One row for each node that is not this one. */
  readonly rows: readonly NodeRow[];
  /** What else somebody should know. */
  readonly notes: readonly string[];
}

/** What becomes of bringing the nodes in step. */
export interface SyncOutcome extends Omit<EditOutcome, "registry" | "changed"> {
  readonly state: RegistryState;
}

/** This node's registry cannot take the place of the others', nor theirs its place. */
export class RegistryConflictError extends HintedError {
  override readonly name = "RegistryConflictError";
}

/** Changes the registry of the pool. */
export class PoolRegistry {
  readonly #deps: LeaseDeps;

  constructor(deps: LeaseDeps) {
    this.#deps = deps;
  }

  /**
   * Makes a change on top of the newest registry that any node has, and gives it to all of them.
   *
   * @throws Whatever `RegistryFile.change` throws; then nothing was changed.
   * @throws {LeaseError} If another command does not end.
   */
  async edit(decide: (registry: Registry) => readonly RegistryEdit[]): Promise<EditOutcome> {
    return await withLeases(this.#deps, async (round) => {
      const { replies } = round;
      const notes = await this.#catchUp(replies);
      const { file } = this.#deps.here;
      const before = await file.state();
      const registry = await file.change(decide, {
        isShared: replies.length > 0,
        above: highest(replies),
      });
      if ((await file.state()).checksum === before.checksum) {
        return { registry, changed: false, rows: replies.map(toRow), notes };
      }
      const pushed = await this.#push(round);
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
      const { replies } = round;
      const { file } = this.#deps.here;
      if (!isForced) await this.#refuseConflict(replies);
      const notes = isForced ? [] : await this.#catchUp(replies);
      let state = await file.state();
      const others = statesIn(replies);
      const differing = others.filter(({ checksum }) => checksum !== state.checksum);
      const mine = state;
      if (mine.byHand || differing.some((other) => !supersedes(mine, other))) {
        await file.change(() => [], { isShared: true, above: highest(replies), isForced: true });
        state = await file.state();
      } else if (differing.length === 0) {
        const rows = replies.map(toRow);
        if (rows.every(({ error }) => error === undefined)) await file.confirm(state.checksum);
        return { state, rows, notes };
      }
      const pushed = await this.#push(round);
      return { state, rows: pushed.rows, notes: [...notes, ...pushed.notes] };
    });
  }

  /**
   * Gives this node's registry to the nodes that are behind, and to no others.
   *
   * @throws {LeaseError} If another command does not end.
   */
  async spread(): Promise<void> {
    await withLeases(this.#deps, async (round) => {
      await this.#catchUp(round.replies);
      const mine = await this.#deps.here.file.state();
      if (statesIn(round.replies).some((other) => supersedes(mine, other))) await this.#push(round);
    });
  }

  /** Takes over a newer registry, if any node has one. @returns What else was seen. */
  async pull(): Promise<PullOutcome> {
    const { link } = this.#deps;
    const replies = await link.ask<RegistryState>({ words: ["state"] });
    const states = replies.map(({ node, answer }): NodeReply<LeaseReply> => ({
      node,
      answer: answer.ok
        ? { ok: true, value: { lease: { granted: true }, state: answer.value } }
        : answer,
    }));
    const taken = await this.#takeNewest(states);
    const mine = await this.#deps.here.file.state();
    const others = statesIn(states);
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

  async #catchUp(replies: readonly NodeReply<LeaseReply>[]): Promise<string[]> {
    const taken = await this.#takeNewest(replies);
    if (taken === undefined) return [];
    const { generation, from, keptAs } = taken;
    return [
      `this node was behind: it has taken over generation ${generation} from ${from}` +
      (keptAs === undefined ? "" : `; what it had is kept as ${keptAs}`),
    ];
  }

  async #takeNewest(replies: readonly NodeReply<LeaseReply>[]): Promise<Taken | undefined> {
    const { here, link } = this.#deps;
    let newest = await here.file.state();
    let from: NodeReply<LeaseReply> | undefined;
    for (const reply of replies) {
      if (!reply.answer.ok || !supersedes(reply.answer.value.state, newest)) continue;
      newest = reply.answer.value.state;
      from = reply;
    }
    if (from === undefined) return undefined;
    const { uuid, host } = from.node;
    const texts = await link.ask<string>({ words: ["read", uuid] });
    const answer = texts.find(({ node }) => node.uuid === uuid)?.answer;
    if (answer?.ok !== true) {
      throw new RegistryConflictError(
        `Cannot take over generation ${newest.generation} from ${host}: ` +
          (answer === undefined ? "it left the pool" : answer.error),
        "try again; see the nodes: gluster-eventing status",
      );
    }
    // It may have a newer one by now, or this node may.
    const { taken, state, keptAs } = await here.file.take(answer.value);
    if (!taken) return undefined;
    const { generation } = state;
    return { generation, from: host, ...(keptAs === undefined ? {} : { keptAs }) };
  }

  async #refuseConflict(replies: readonly NodeReply<LeaseReply>[]): Promise<void> {
    const mine = await this.#deps.here.file.state();
    const newer = replies.find(({ answer }) =>
      answer.ok && answer.value.state.generation > mine.generation
    );
    if (!mine.byHand || newer?.answer.ok !== true) return;
    throw new RegistryConflictError(
      `The registry was edited by hand here, on top of generation ${mine.generation}, and ` +
        `${newer.node.host} has generation ${newer.answer.value.state.generation} meanwhile`,
      "this node's counts for all with: gluster-eventing sync --force; " +
        "or move it away and sync to get theirs",
    );
  }

  /** Gives this node's registry to all others; the leases of those that answer end with it. */
  async #push(
    { token, releasedElsewhere }: LeaseRound,
  ): Promise<{ rows: NodeRow[]; notes: string[] }> {
    const { here, link } = this.#deps;
    if (!link.pool.nodes.some(({ isHere }) => !isHere)) return { rows: [], notes: [] };
    const checksum = await here.offer();
    try {
      const copyFault = await link.copy(`/events/${OFFER_NAME}`);
      releasedElsewhere();
      const words = ["take", checksum, token];
      const replies = await link.ask<TakeReply>({ words });
      const rows = replies.map((reply) => toTakeRow(reply, checksum, copyFault));
      if (rows.every(({ error }) => error === undefined)) await here.file.confirm(checksum);
      return { rows, notes: replies.flatMap(describeRemarks) };
    } finally {
      await here.clearOffer();
    }
  }
}

/** A registry that was taken over. */
export interface Taken {
  readonly generation: number;
  readonly from: string;
  readonly keptAs?: string;
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

function statesIn(replies: readonly NodeReply<LeaseReply>[]): RegistryState[] {
  return replies.flatMap(({ answer }) => answer.ok ? [answer.value.state] : []);
}

function highest(replies: readonly NodeReply<LeaseReply>[]): number {
  return Math.max(0, ...statesIn(replies).map(({ generation }) => generation));
}

/** The row of a node, from what it answered. */
export function toRow({ node: { host, isUp }, answer }: NodeReply<unknown>): NodeRow {
  return { node: host, isUp, ...(answer.ok ? {} : { error: answer.error }) };
}

function toTakeRow(
  reply: NodeReply<TakeReply>,
  checksum: string,
  copyFault: string | undefined,
): NodeRow {
  const { node: { host, isUp }, answer } = reply;
  if (!answer.ok) {
    // A copy that failed elsewhere, or where there is no program, explains nothing.
    const isCause = copyFault !== undefined && answer.error === NOT_ARRIVED;
    const cause = isCause ? ` (${copyFault})` : "";
    return { node: host, isUp, error: answer.error + cause };
  }
  const { state } = answer.value;
  if (state.checksum === checksum) return { node: host, isUp };
  return { node: host, isUp, error: `it has another registry, of generation ${state.generation}` };
}

function describeRemarks({ node, answer }: NodeReply<TakeReply>): string[] {
  if (!answer.ok) return [];
  const { keptAs, note } = answer.value;
  return [
    ...keptAs === undefined
      ? []
      : [`${node.host} had a registry that no other node had; it is kept there as ${keptAs}`],
    ...note === undefined ? [] : [`${node.host}: ${note}`],
  ];
}

/** Opens the registry of the pool as it is now. */
export async function openPoolRegistry(
  { file, newToken, notify, ...deps }:
    & Omit<PoolLinkDeps, "pool">
    & Pick<LeaseDeps, "newToken" | "notify">
    & { readonly file: RegistryFile },
): Promise<PoolRegistry> {
  const link = new PoolLink({ ...deps, pool: await readPool(deps) });
  return new PoolRegistry({ ...deps, link, here: openNodeRegistry(file), newToken, notify });
}
