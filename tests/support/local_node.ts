/**
 * A node in a folder: the compiled program with all its places there.
 *
 * @module
 */
import type { StatusReport } from "../../src/api/status_report.ts";
import { assertEquals } from "./assert.ts";
import { type ProgramResult, RunningProgram, runProgram } from "./program.ts";
import type { Receiver } from "./receiver.ts";
import { until } from "./until.ts";

/** The flags that put everything into a folder. */
export function placesIn(folder: string): string[] {
  return ["--workdir", folder, "--state-dir", `${folder}/state`, "--socket", `${folder}/sock`];
}

/** Starts the daemon on a free port and waits until it is ready. */
export async function startDaemon(folder: string, ...args: string[]): Promise<RunningProgram> {
  const listen = ["--listen", "127.0.0.1:0"];
  await using cleanups = new AsyncDisposableStack();
  const daemon = cleanups.use(new RunningProgram(["run", ...placesIn(folder), ...listen, ...args]));
  await daemon.shows(/INFO +ready /);
  // A start that fails leaves no process behind.
  cleanups.move();
  return daemon;
}

/** Runs a command against the folder. */
export async function command(folder: string, ...args: string[]): Promise<ProgramResult> {
  return await runProgram([...args, "--local", ...placesIn(folder)]);
}

/** Runs a command that has to succeed. @returns What it printed. */
export async function mustDo(folder: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await command(folder, ...args);
  assertEquals(code, 0, `${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** What the daemon reports. */
export async function statusOf(folder: string): Promise<StatusReport> {
  return JSON.parse(await mustDo(folder, "status", "--json")).output;
}

/** Waits for so many requests. @returns The volumes they are about. */
export async function namesAt(receiver: Receiver, count: number): Promise<unknown[]> {
  await until(`${count} requests came`, () => receiver.requests.length >= count, {
    seen: () => receiver.requests,
  });
  return receiver.events.map(({ message }) => message["name"]);
}
