/**
 * A control socket that answers what a test wants, and commands that ask it, in this process.
 *
 * @module
 */
import type { ControlHandlers } from "../../src/api/control_handlers.ts";
import { claimSocket, serveControl } from "../../src/api/control_server.ts";
import type { HistoryEvent } from "../../src/api/spool_reports.ts";
import { runCli } from "../../src/cli/run_cli.ts";
import type { ProgramResult } from "./program.ts";
import { makeTempFolder } from "./temp_folder.ts";

/** A daemon that is nothing but its control socket. */
export interface FakeDaemon extends AsyncDisposable {
  readonly socket: string;
  /** Runs a command that asks it. */
  run(...args: string[]): Promise<ProgramResult>;
}

/** Serves these handlers; whatever else is asked fails. */
export async function serveFake(handlers: Partial<ControlHandlers>): Promise<FakeDaemon> {
  await using cleanups = new AsyncDisposableStack();
  const folder = cleanups.use(await makeTempFolder());
  const claim = cleanups.use(await claimSocket(`${folder.path}/sock`));
  const unexpected = () => {
    throw new Error("The test did not expect this question");
  };
  cleanups.use(
    await serveControl(claim, {
      status: unexpected,
      metrics: unexpected,
      page: unexpected,
      cluster: unexpected,
      reload: unexpected,
      stop: unexpected,
      history: unexpected,
      attempts: unexpected,
      deadLetters: unexpected,
      replay: unexpected,
      resume: unexpected,
      stream: unexpected,
      link: unexpected,
      ...handlers,
    }),
  );
  const kept = cleanups.move();
  const places = ["--socket", claim.path, "--workdir", folder.path];
  return {
    socket: claim.path,
    run: (...args) => runHere([...args, ...places]),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Runs a command in this process. */
export async function runHere(args: readonly string[]): Promise<ProgramResult> {
  let stdout = "";
  let stderr = "";
  const code = await runCli(args, {
    streams: { stdout: (text) => stdout += text, stderr: (text) => stderr += text },
    environment: () => undefined,
    gluster: () => Promise.resolve(undefined),
    signals: { on: () => ({ [Symbol.dispose]() {} }) },
  });
  return { code, stdout, stderr };
}

/** An event of a history; the number makes its id and volume. */
export function historyEvent(number: number, more: Partial<HistoryEvent> = {}): HistoryEvent {
  return {
    nodeid: "e9bfb6da-5a8b-4b8e-9d2b-3f6a3f5f2c11",
    ts: 1795330857,
    event: "VOLUME_START",
    message: { name: `gv${number}`, force: false },
    id: `01KAPC6Q0R5T5CZ3X6M1${String(number).padStart(6, "0")}`,
    event_group: "VOLUME",
    severity: "info",
    received_at: new Date(2026, 10, 23, 3, 4, 5).toISOString(),
    ...more,
  };
}
