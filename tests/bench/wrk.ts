/**
 * wrk, which posts and does nothing else: what the receiver and the wire allow.
 *
 * @module
 */
import { RunningProgram } from "../support/program.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { findProgram, mustFind, notInstalled } from "../support/installed.ts";
import { orAborted } from "./or_aborted.ts";

const NAME = "wrk";
const PACKAGE = "wrk";
const BODY_BYTES = 200;

/** Its name in tables. */
export const WRK = "wrk, the limit of the receiver";

/** Why it cannot run here; `undefined` if it can. */
export function wrkMissing(): string | undefined {
  return findProgram(NAME) === undefined ? notInstalled(PACKAGE) : undefined;
}

/** Posts to a URL over so many connections from one thread. @returns Requests per second. */
export async function wrkRate(
  url: string,
  { connections, forMs, signal }: { connections: number; forMs: number; signal: AbortSignal },
): Promise<number> {
  await using folder = await makeTempFolder();
  const script = `${folder.path}/post.lua`;
  await Deno.writeTextFile(script, scriptText());
  const seconds = Math.max(1, Math.round(forMs / 1000));
  const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "-s", script, url];
  const binary = mustFind(NAME);
  await using program = new RunningProgram(args, { binary });
  const { code } = await orAborted(program.ended(), signal);
  const { stdout, stderr } = program;
  if (code !== 0) throw new Error(`wrk ended with ${code}: ${stderr.trim()} ${stdout.trim()}`);
  return requestsPerSecond(stdout);
}

/** Finds the rate in what wrk prints. */
export function requestsPerSecond(output: string): number {
  const [, rate] = /^Requests\/sec: +([\d.]+)$/m.exec(output) ?? [];
  if (rate === undefined) throw new TypeError(`This is no report of wrk: ${output}`);
  return Number(rate);
}

function scriptText(): string {
  return `wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '${JSON.stringify({ pad: "x".repeat(BODY_BYTES - 10) })}'
`;
}
