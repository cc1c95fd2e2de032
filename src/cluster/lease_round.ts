/**
 * Gathers the leases of all nodes that can be reached, for one change.
 *
 * @module
 */
import { HintedError } from "../std/hinted_error.ts";
import { type AskDeps, askOthers, type NodeReply } from "./ask_nodes.ts";
import type { LeaseReply, NodeRegistry } from "./node_registry.ts";
import type { Pool } from "./pool.ts";

/** What gathering leases needs. */
export interface LeaseDeps extends AskDeps {
  readonly here: NodeRegistry;
  readonly pool: Pool;
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
  for (let tries = 1;; tries++) {
    const token = deps.newToken();
    const gathered = await gather(deps, token);
    if ("replies" in gathered) return await workAndRelease(deps, { ...gathered, token }, work);
    const { holder } = gathered;
    const waitedMs = clock.steadyNow() - begun;
    if (waitedMs > LONGEST_WAIT_MS) throw leaseError(holder, waitedMs);
    if (waitedMs > NOTICE_AFTER_MS && !isNoted) {
      isNoted = true;
      notify({ kind: "waiting", holder });
    }
    // Two that get in each other's way meet less often the longer they try.
    const pauseMs = SHORTEST_PAUSE_MS * Math.min(tries, 10) * (0.5 + random());
    await clock.sleep(pauseMs, new AbortController().signal);
  }
}

type Gathered = Pick<LeaseRound, "replies"> | { readonly holder: string };

/** Asks for all leases; what was granted is given back where another was not. */
async function gather(deps: LeaseDeps, token: string): Promise<Gathered> {
  const { here, pool } = deps;
  const self = pool.nodes.find(({ isHere }) => isHere)?.uuid ?? "";
  const own = await here.lease({ token, node: self });
  if (!own.lease.granted) return { holder: hostOf(pool, own.lease.holder) };
  const replies = await askOthers<LeaseReply>(pool, { words: ["lease", token, self] }, deps);
  for (const { answer } of replies) {
    if (!answer.ok || answer.value.lease.granted) continue;
    await giveBack(deps, token);
    return { holder: hostOf(pool, answer.value.lease.holder) };
  }
  return { replies };
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
  await askOthers(deps.pool, { words: ["release", token] }, deps);
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
