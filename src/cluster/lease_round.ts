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
  const { clock, random, notify } = deps;
  const begun = clock.steadyNow();
  let isNoted = false;
  const token = deps.newToken();
  for (let tries = 1;; tries++) {
    const gathered = await gather(deps, token);
    if ("replies" in gathered) return await workAndRelease(deps, { ...gathered, token }, work);
    const { holder } = gathered;
    const waitedMs = clock.steadyNow() - begun;
    if (waitedMs > LONGEST_WAIT_MS) {
      await giveBack(deps, token);
      throw leaseError(holder, waitedMs);
    }
    if (waitedMs > NOTICE_AFTER_MS && !isNoted) {
      isNoted = true;
      notify({ kind: "waiting", holder });
    }
    const pauseMs = SHORTEST_PAUSE_MS * Math.min(tries, 5) * (0.5 + random());
    await clock.sleep(pauseMs, new AbortController().signal);
  }
}

type Gathered = Pick<LeaseRound, "replies"> | { readonly holder: string };

/**
 * Asks for all leases, in one transaction of glusterd, which lets no other one in between. Should two
 * get in each other's way all the same, the one on the node with the lower UUID keeps what it was
 * granted and asks for the rest again; the other one gives way.
 *
 * @param isAlone Nobody else on this node is at it, whatever other nodes remember: whoever was could
 *   not tell them that it is over.
 */
async function gather(
  deps: LeaseDeps,
  token: string,
  { isAlone = false } = {},
): Promise<Gathered> {
  const { here, link } = deps;
  const { pool, self } = link;
  // Looking here costs nothing, and whoever changes something has the lease of this node too.
  const holderHere = await here.leaseHolder(token);
  if (holderHere !== undefined) return { holder: hostOf(pool, holderHere) };
  const words = ["lease", token, self, ...isAlone ? ["alone"] : []];
  const replies = await link.ask<LeaseReply>({ words, isHereToo: true });
  const others = replies.filter(({ node }) => !node.isHere);
  const answerHere = replies.find(({ node }) => node.isHere)?.answer;
  const { lease } = answerHere?.ok === true
    ? answerHere.value
    : await here.lease({ token, node: self });
  const leases = [
    lease,
    ...others.flatMap(({ answer }) => answer.ok ? [answer.value.lease] : []),
  ];
  const holders = leases.flatMap((lease) => lease.granted ? [] : [lease.holder]);
  const [holder] = holders;
  if (holder === undefined) return { replies: others };
  if (!isAlone && lease.granted && holders.every((other) => other === self)) {
    return await gather(deps, token, { isAlone: true });
  }
  const givesWay = leases.some(({ granted }) => granted) && holders.some((other) => other < self);
  if (givesWay) await giveBack(deps, token);
  return { holder: hostOf(pool, holder) };
}

async function workAndRelease<T>(
  deps: LeaseDeps,
  { token, replies }: Omit<LeaseRound, "releasedElsewhere">,
  work: (round: LeaseRound) => Promise<T>,
): Promise<T> {
  let isReleased = false;
  const releasedElsewhere = () => isReleased = true;
  try {
    return await work({ token, replies, releasedElsewhere });
  } finally {
    if (isReleased) await deps.here.release(token);
    else await giveBack(deps, token);
  }
}

/** Whoever does not answer frees the lease by itself, after a while. */
async function giveBack(deps: LeaseDeps, token: string): Promise<void> {
  await deps.here.release(token);
  await deps.link.ask({ words: ["release", token] });
}

function hostOf(pool: Pool, uuid: string): string {
  const node = pool.nodes.find((candidate) => candidate.uuid === uuid);
  return node === undefined ? uuid : node.isHere ? "this node" : node.host;
}

function leaseError(holder: string, waitedMs: number): LeaseError {
  return new LeaseError(
    `Cannot change the registry: another command on ${holder} has been at it ` +
      `for ${Math.round(waitedMs / 1000)} s`,
    "nothing was changed; see what runs there, and try again",
  );
}
