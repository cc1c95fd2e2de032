/**
 * The way to the other nodes of the pool: glusterd runs a command on all of them, and copies files.
 *
 * @module
 */
import type { Clock } from "../dispatcher/clock.ts";
import { fromLines, type NodeAnswer } from "./answer_lines.ts";
import { type Fault, hostsWithoutProgram, isBusy, isCutShort, toFault } from "./gluster_faults.ts";
import type { GlusterCommand, GlusterResult } from "./gluster_command.ts";
import type { Pool, PoolNode } from "./pool.ts";

/** What the way is made of. */
export interface PoolLinkDeps {
  readonly pool: Pool;
  readonly gluster: GlusterCommand;
  /** glusterd's folder, which is the same on all nodes unless they say otherwise. */
  readonly workdir: string;
  readonly clock: Pick<Clock, "steadyNow" | "sleep">;
  readonly random: () => number;
  /** Called once when glusterd has been busy with something else for a while. */
  readonly onBusy?: () => void;
}

/** What is asked of the nodes. None of it may be secret: glusterd logs it, and processes show it. */
export interface Question {
  /** The words behind `gluster-eventing node UUID FOLDER`; none may look like an option. */
  readonly words: readonly string[];
  /** How long the slowest node may take. */
  readonly timeoutMs?: number;
  /** Whether this node is asked too, in the same transaction of glusterd as the others. */
  readonly isHereToo?: boolean;
}

/** What one node makes of a question. */
export interface NodeReply<T> {
  readonly node: PoolNode;
  readonly answer: NodeAnswer<T>;
}

/** glusterd runs `peer_gluster-eventing` for it. */
const PEER_COMMAND = "gluster-eventing";

const ASK_MS = 30_000;
/** Another transaction of glusterd takes seconds, and seldom longer. */
const BUSY_FOR_MS = 30_000;
const BUSY_PAUSE_MS = 150;
const BUSY_NOTICE_MS = 2000;
/** A node that goes away while it is asked takes the others' answers with it, but only once. */
const MOST_CUT_SHORT = 3;

/** Asks the nodes of a pool. */
export class PoolLink {
  readonly pool: Pool;
  readonly #deps: PoolLinkDeps;
  /** Why nobody needs to be asked any more: each question would take as long again. */
  #trouble: string | undefined;
  #isBusy = false;
  #isBusyTold = false;

  constructor(deps: PoolLinkDeps) {
    this.#deps = deps;
    this.pool = deps.pool;
    this.#trouble = deps.pool.trouble;
  }

  /** Why the other nodes cannot be reached at all, if so. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** Whether that is because glusterd did not stop being busy with something else. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** This node's UUID. */
  get self(): string {
    return this.pool.nodes.find(({ isHere }) => isHere)?.uuid ?? "";
  }

  /**
   * Asks all nodes, as a rule without this one. Whatever is asked may be asked twice.
   *
   * @returns A reply for each of them, also where none came.
   */
  async ask<T>(
    { words, timeoutMs = ASK_MS, isHereToo = false }: Question,
  ): Promise<NodeReply<T>[]> {
    const asked = this.pool.nodes.filter(({ isHere }) => isHereToo || !isHere);
    const trouble = this.#trouble;
    if (trouble !== undefined) return asked.map((node) => noReply(node, toFault(trouble)));
    if (!asked.some(({ isUp, isHere }) => isUp && !isHere)) {
      return asked.map((node) => noReply(node));
    }
    const question = ["node", isHereToo ? "-" : this.self, this.#deps.workdir, ...words];
    const result = await this.#run(["system::", "execute", PEER_COMMAND, ...question], timeoutMs);
    const answers = fromLines(result?.stdout ?? "");
    return asked.map((node) => {
      const answer = answers.get(node.uuid);
      // What every node prints has this shape.
      if (answer !== undefined) return { node, answer: answer as NodeAnswer<T> };
      return noReply(node, faultOf(node, result));
    });
  }

  /**
   * Copies a file below glusterd's folder to all connected nodes.
   *
   * @param path Below the folder, with a slash in front.
   * @returns Why it failed, if it did; a node that is down misses it without a word.
   */
  async copy(path: string): Promise<string | undefined> {
    if (this.#trouble !== undefined) return this.#trouble;
    const result = await this.#run(["system::", "copy", "file", path], ASK_MS);
    return result?.code === 0 ? undefined : toFault(result).error;
  }

  /** Runs `gluster`, again and again while glusterd is busy with something else. */
  async #run(args: readonly string[], timeoutMs: number): Promise<GlusterResult | undefined> {
    const { gluster, clock, random } = this.#deps;
    const begunMs = clock.steadyNow();
    for (let tries = 1;; tries++) {
      const result = await gluster(args, { timeoutMs });
      const waitedMs = clock.steadyNow() - begunMs;
      if (!this.#isWorthIt(result, { tries, waitedMs })) return result;
      const pauseMs = BUSY_PAUSE_MS * Math.min(tries, 8) * (0.5 + random());
      await clock.sleep(pauseMs, new AbortController().signal);
    }
  }

  /** Whether `gluster` is to be run once more. */
  #isWorthIt(
    result: GlusterResult | undefined,
    { tries, waitedMs }: { readonly tries: number; readonly waitedMs: number },
  ): boolean {
    if (result?.timedOut === true) this.#trouble = toFault(result).error;
    if (!isBusy(result)) return isCutShort(result) && tries < MOST_CUT_SHORT;
    if (waitedMs < BUSY_FOR_MS) {
      if (waitedMs > BUSY_NOTICE_MS && !this.#isBusyTold) {
        this.#isBusyTold = true;
        this.#deps.onBusy?.();
      }
      return true;
    }
    this.#trouble = toFault(result).error;
    this.#isBusy = true;
    return false;
  }
}

function noReply<T>(node: PoolNode, fault: Fault = NOT_CONNECTED): NodeReply<T> {
  return { node, answer: { ok: false, code: 1, ...fault } };
}

const NOT_CONNECTED: Fault = {
  error: "N/A",
  hint: "see why its glusterd is not connected: gluster peer status",
};

/** Why a node gave no answer. */
function faultOf(node: PoolNode, result: GlusterResult | undefined): Fault | undefined {
  if (!node.isUp) return undefined;
  const without = hostsWithoutProgram(result);
  if (without.includes(node.host)) {
    return {
      error: "gluster-eventing is not installed there",
      hint: "run on it: gluster-eventing install",
    };
  }
  if (without.length > 0) {
    const missing = without.join(" and ");
    return {
      error: `glusterd asks no node while gluster-eventing is missing on ${missing}`,
      hint: `run on ${missing}: gluster-eventing install; changes arrive all the same`,
    };
  }
  return toFault(result);
}
