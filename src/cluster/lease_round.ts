/**
 * Gathers the leases of all nodes that can be reached, for one change.
 *
 * @module
 */
import type { Clock } from "../dispatcher/clock.ts";
import { HintedError } from "../std/hinted_error.ts";
import type { LeaseReply, NodeRegistry } from "./node_registry.ts";
import type { Pool } from "./pool.ts";
import type { NodeReply, PoolLink } from "./pool_link.ts";

/** What gathering leases needs. */
export interface LeaseDeps {
  readonly here: NodeRegistry;
  readonly link: PoolLink;
  readonly clock: Pick<Clock, "steadyNow" | "sleep">;
  readonly random: () => number;
  readonly newToken: () => string;
  readonly notify: (notice: LeaseNotice) => void;
}

/** Another command is at it, and is waited for. */
export interface LeaseNotice {
  readonly kind: "waiting";
  /** The node on which it runs. */
  readonly holder: string;
}

/** What may be done with the leases, and what the nodes said when they gave them. */
export interface LeaseRound {
  readonly token: string;
  /** One for each node that is not this one. */
  readonly replies: readonly NodeReply<LeaseReply>[];
  /** Says that the other nodes were told to give up their leases with something else. */
  readonly releasedElsewhere: () => void;
}

/** Another command changes the registry and does not end. */
export class LeaseError extends HintedError {
  override readonly name = "LeaseError";
}

const LONGEST_WAIT_MS = 90_000;
const NOTICE_AFTER_MS = 2000;
const SHORTEST_PAUSE_MS = 100;

/**
 * Does something while nobody else changes the registry of the pool.
 *
 * @throws {LeaseError} If somebody else does for too long.
 */
export async function withLeases<T>(
  deps: LeaseDeps,
  work: (round: LeaseRound) => Promise<T>,
): Promise<T> {
  const token = deps.newToken();
  let isReleased = false;
  try {
    const replies = await gatherPatiently(deps, token);
    return await work({ token, replies, releasedElsewhere: () => isReleased = true });
  } finally {
    // Some may be held even if not all could be had, or if something failed on the way.
    if (isReleased) await deps.here.release(token);
    else await giveBack(deps, token);
  }
}

/** Asks for all leases until they are granted. */
async function gatherPatiently(deps: LeaseDeps, token: string): Promise<LeaseRound["replies"]> {
  const { clock, random, notify } = deps;
  const begun = clock.steadyNow();
  let isNoted = false;
  let holdsSome = false;
  for (let tries = 1;; tries++) {
    const gathered = await gather(deps, token, { heldSome: holdsSome });
    if ("replies" in gathered) return gathered.replies;
    const { holder } = gathered;
    holdsSome = gathered.holdsSome;
    const waitedMs = clock.steadyNow() - begun;
    if (waitedMs > LONGEST_WAIT_MS) throw leaseError(holder);
    if (waitedMs > NOTICE_AFTER_MS && !isNoted) {
      isNoted = true;
      notify({ kind: "waiting", holder });
    }
    const pauseMs = SHORTEST_PAUSE_MS * Math.min(tries, 5) * (0.5 + random());
    await clock.sleep(pauseMs, new AbortController().signal);
  }
}

type Gathered =
  | Pick<LeaseRound, "replies">
  | {
    readonly holder: string;
    /** Whether this command keeps the leases that it was granted. */
    readonly holdsSome: boolean;
  };

/** What is known before leases are asked for. */
interface GatherOptions {
  /** Whether some leases are held already. */
  readonly heldSome: boolean;
  /**
   * Whether nobody else on this node is at it, whatever other nodes remember: whoever was could not
   * tell them that it is over.
   */
  readonly isAlone?: boolean;
}

/**
 * Asks for all leases, in one transaction of glusterd, which lets no other one in between. Should two
 * get in each other's way all the same, one of them keeps what it was granted and asks for the rest
 * again: the one on the node with the lower UUID, and of two on one node the one that has the lease
 * of that node. The other one gives way.
 */
async function gather(
  deps: LeaseDeps,
  token: string,
  { heldSome, isAlone = false }: GatherOptions,
): Promise<Gathered> {
  const { here, link } = deps;
  const { pool, self } = link;
  // Looking here costs nothing, and whoever changes something has the lease of this node too.
  const holderHere = await here.leaseHolder(token);
  if (holderHere !== undefined) {
    const givesWay = heldSome && holderHere <= self;
    if (givesWay) await giveBack(deps, token);
    return { holder: hostOf(pool, holderHere), holdsSome: heldSome && !givesWay };
  }
  const words = ["lease", token, self, ...isAlone ? ["alone"] : []];
  const replies = await link.ask<LeaseReply>({ words, isHereToo: true });
  if (link.isBusy) throw busyError();
  const leases = replies.flatMap(({ answer }) => answer.ok ? [answer.value.lease] : []);
  const answerHere = replies.find(({ node }) => node.isHere)?.answer;
  const leaseHere = answerHere?.ok === true
    ? answerHere.value.lease
    : (await here.lease({ token, node: self })).lease;
  const holders = [leaseHere, ...leases].flatMap((lease) => lease.granted ? [] : [lease.holder]);
  const [holder] = holders;
  if (holder === undefined) return { replies: replies.filter(({ node }) => !node.isHere) };
  if (!isAlone && leaseHere.granted && holders.every((other) => other === self)) {
    return await gather(deps, token, { heldSome: true, isAlone: true });
  }
  const isGrantedSome = heldSome || leaseHere.granted || leases.some(({ granted }) => granted);
  const isAfter = holders.some((other) => other < self) ||
    (!leaseHere.granted && leaseHere.holder === self);
  if (isGrantedSome && isAfter) await giveBack(deps, token);
  return { holder: hostOf(pool, holder), holdsSome: isGrantedSome && !isAfter };
}

/** Gives back all leases. Whoever does not answer frees its own by itself, after a while. */
export async function giveBack(deps: LeaseDeps, token: string): Promise<void> {
  await deps.here.release(token);
  await deps.link.ask({ words: ["release", token] });
}

function hostOf(pool: Pool, uuid: string): string {
  const node = pool.nodes.find((candidate) => candidate.uuid === uuid);
  return node === undefined ? uuid : node.isHere ? "this node" : node.host;
}

function leaseError(holder: string): LeaseError {
  return new LeaseError(
    `Cannot change the registry: another command on ${holder} has been at it ` +
      `for more than ${LONGEST_WAIT_MS / 1000} s`,
    "nothing was changed; see what runs there, and try again",
  );
}

/** Nodes that are up could not be asked, so others may be at it there. */
function busyError(): LeaseError {
  return new LeaseError(
    "Cannot change the registry: glusterd has been busy with another command for too long",
    "nothing was changed; try again: when a glusterd was killed, this can last three minutes",
  );
}
