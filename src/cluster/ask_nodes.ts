/**
 * Questions that glusterd carries to every node of the pool, and what comes back.
 *
 * @module
 */
import type { Clock } from "../dispatcher/clock.ts";
import { fromLines, type NodeAnswer } from "./answer_lines.ts";
import type { GlusterCommand, GlusterResult } from "./gluster_command.ts";
import type { Pool, PoolNode } from "./pool.ts";

/** What asking needs. */
export interface AskDeps {
  readonly gluster: GlusterCommand;
  readonly clock: Pick<Clock, "steadyNow" | "sleep">;
  readonly random: () => number;
}

/** What is asked of the nodes. None of it may be secret: glusterd logs it, and processes show it. */
export interface Question {
  /** The words behind `gluster-eventing node`. */
  readonly words: readonly string[];
  /** How long the slowest node may take. */
  readonly timeoutMs?: number;
}

/** What one node makes of a question. */
export interface NodeReply<T> {
  readonly node: PoolNode;
  readonly answer: NodeAnswer<T>;
}

/** The name of the command that glusterd runs on every node: `peer_gluster-eventing`. */
export const PEER_COMMAND = "gluster-eventing";

const ASK_MS = 20_000;
/** Another transaction of glusterd takes seconds, and seldom longer. */
const BUSY_FOR_MS = 20_000;
const BUSY_PAUSE_MS = 200;

const BUSY = /another transaction|locking failed|is in progress|lock.* held/i;

/**
 * Asks all nodes of the pool but this one, through glusterd.
 *
 * @returns A reply for each of them, also where none came.
 */
export async function askOthers<T>(
  pool: Pool,
  question: Question,
  deps: AskDeps,
): Promise<NodeReply<T>[]> {
  const others = pool.nodes.filter(({ isHere }) => !isHere);
  if (pool.trouble !== undefined) return others.map((node) => noReply(node, pool.trouble));
  if (!others.some(({ isUp }) => isUp)) return others.map((node) => noReply(node));
  const here = pool.nodes.find(({ isHere }) => isHere)?.uuid ?? "";
  const { words, timeoutMs = ASK_MS } = question;
  const args = ["system::", "execute", PEER_COMMAND, "node", "--except", here, ...words];
  const result = await runPatiently(args, timeoutMs, deps);
  const answers = fromLines(result?.stdout ?? "");
  return others.map((node) => {
    const answer = answers.get(node.uuid);
    // What every node prints has this shape.
    if (answer !== undefined) return { node, answer: answer as NodeAnswer<T> };
    return noReply(node, describeSilence(node, result, timeoutMs));
  });
}

/**
 * Copies a file below glusterd's folder to all connected nodes.
 *
 * @param path Below the folder, with a slash in front.
 * @returns Why it failed, if it did; a node that is down misses it without a word.
 */
export async function copyToOthers(path: string, deps: AskDeps): Promise<string | undefined> {
  const result = await runPatiently(["system::", "copy", "file", path], ASK_MS, deps);
  if (result?.code === 0) return undefined;
  return describeFailure(result, ASK_MS);
}

/** Runs `gluster`, again and again while glusterd is busy with something else. */
async function runPatiently(
  args: readonly string[],
  timeoutMs: number,
  { gluster, clock, random }: AskDeps,
): Promise<GlusterResult | undefined> {
  const begun = clock.steadyNow();
  for (let pauseMs = BUSY_PAUSE_MS;; pauseMs = Math.min(2000, pauseMs * 1.5)) {
    const result = await gluster(args, { timeoutMs });
    const isBusy = result !== undefined && result.code !== 0 && BUSY.test(saidBy(result));
    if (!isBusy || clock.steadyNow() - begun > BUSY_FOR_MS) return result;
    await clock.sleep(pauseMs * (0.5 + random()), new AbortController().signal);
  }
}

function noReply<T>(node: PoolNode, reason?: string): NodeReply<T> {
  if (!node.isUp && reason === undefined) return { node, answer: failed("N/A", START_GLUSTERD) };
  return { node, answer: failed(reason ?? "N/A", LOOK_THERE) };
}

const START_GLUSTERD = "see why its glusterd is not connected: gluster peer status";
const LOOK_THERE = "see what glusterd says: gluster peer status";

function failed(error: string, hint: string): NodeAnswer<never> {
  return { ok: false, error, hint, code: 1 };
}

/** Why a node that is connected did not answer. */
function describeSilence(
  node: PoolNode,
  result: GlusterResult | undefined,
  timeoutMs: number,
): string | undefined {
  if (!node.isUp) return undefined;
  if (result?.code === 0) return "it gave no answer: is gluster-eventing installed there?";
  return describeFailure(result, timeoutMs);
}

/** Why `gluster` failed, from what it printed. */
function describeFailure(result: GlusterResult | undefined, timeoutMs: number): string {
  if (result === undefined) return "the gluster command cannot be run";
  if (result.timedOut === true) return `glusterd did not answer within ${timeoutMs / 1000} s`;
  const said = saidBy(result);
  if (/command not found/i.test(said)) {
    return `not every node has gluster-eventing installed: ${said}`;
  }
  return said === "" ? `gluster ended with ${result.code}` : said;
}

function saidBy({ stdout, stderr }: GlusterResult): string {
  const lines = `${stderr}\n${stdout}`.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(0, 3).join(" ").slice(0, 300);
}
