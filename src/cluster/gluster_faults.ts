/**
 * What `gluster` says when it cannot do something (glusterfs 10.3, cli and glusterd-syncop.c).
 *
 * @module
 */
import type { GlusterResult } from "./gluster_command.ts";

/** Why something failed, and what helps. */
export interface Fault {
  readonly error: string;
  readonly hint: string;
}

/** A node other than this one, or this one where no host is named. */
const WITHOUT_PROGRAM =
  /(?:Staging failed on (\S+?)\. Error: )?gsync peer_gluster-eventing command not found/g;

/** Whether glusterd is busy with something else, and the same may work a moment later. */
export function isBusy(result: GlusterResult | undefined): boolean {
  return result !== undefined && result.code !== 0 &&
    linesOf(result).some((line) => /another transaction is in progress|locking failed/i.test(line));
}

/** Whether a node went away in the middle, and took the answers of all others with it. */
export function isCutShort(result: GlusterResult | undefined): boolean {
  return result !== undefined && result.code !== 0 &&
    linesOf(result).some((line) => /commit failed on \S+ please check log file/i.test(line));
}

/** The hosts, `localhost` for this one, on which glusterd does not find the program. */
export function hostsWithoutProgram(result: GlusterResult | undefined): string[] {
  if (result === undefined || result.code === 0) return [];
  const found = linesOf(result).join("\n").matchAll(WITHOUT_PROGRAM);
  return [...found].map(([, host]) => host ?? "localhost");
}

/** Why `gluster` failed, from how it ended, or from what is known already. */
export function toFault(result: GlusterResult | string | undefined): Fault {
  return { error: describe(result), hint: "see how glusterd is doing: gluster peer status" };
}

function describe(result: GlusterResult | string | undefined): string {
  if (typeof result === "string") return result;
  if (result === undefined) return "the gluster command cannot be run";
  if (result.timedOut === true) {
    return "glusterd did not answer in time: the network to a node may be cut";
  }
  const said = saidBy(result);
  if (result.code === 0) return "it gave no answer";
  if (isBusy(result)) return "glusterd is busy with another command";
  if (/connection failed/i.test(said)) return "glusterd on this node is not running";
  return said === "" ? `gluster ended with ${result.code}` : said;
}

const MOST_LINES = 3;
const LONGEST = 300;

/** What there is place for in a row of a table. */
function saidBy(result: GlusterResult): string {
  return linesOf(result).slice(0, MOST_LINES).join(" ").slice(0, LONGEST);
}

function linesOf({ stdout, stderr }: GlusterResult): string[] {
  const lines = `${stderr}\n${stdout}`.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "");
}
