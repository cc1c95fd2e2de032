/**
 * The service where no systemd runs: a process of its own session that outlives the command.
 *
 * @module
 */
import { type DaemonControl, type Service, ServiceError, type ServiceOutcome } from "./service.ts";
import { type WaitClock, waitUntil } from "./wait_until.ts";

/** A process that was started and let go of. */
export interface DetachedProcess {
  /** Its exit code, should it end while it is watched. */
  readonly ended: Promise<number>;
}

/** Starts `gluster-eventing` with these arguments; `undefined` if it is not installed. */
export type SpawnDetached = (args: readonly string[]) => DetachedProcess | undefined;

/** What a detached service works with. */
export interface DetachedDeps {
  readonly spawn: SpawnDetached;
  readonly control: DaemonControl;
  readonly clock: WaitClock;
  readonly logFile: string;
  /** Options of `run` that say where things are. */
  readonly placeArgs: readonly string[];
  /** The last line of the log file; `undefined` if it has none or cannot be read. */
  readonly lastLogLine: () => Promise<string | undefined>;
}

/** A daemon that takes longer than this hangs. */
export const LONGEST_CHANGE_MS = 15_000;

/** Starts a process that is nobody's child, and ends it by way of its control socket. */
export class DetachedService implements Service {
  readonly #deps: DetachedDeps;

  constructor(deps: DetachedDeps) {
    this.#deps = deps;
  }

  async start(): Promise<ServiceOutcome> {
    if (await this.#isRunning()) return { changed: false, detail: "was running already" };
    await this.#launch();
    return { changed: true, detail: "started" };
  }

  async stop(): Promise<ServiceOutcome> {
    const isEnded = await endDaemon(this.#deps);
    return { changed: isEnded, detail: isEnded ? "stopped" : "was stopped already" };
  }

  async restart(): Promise<ServiceOutcome> {
    const { changed } = await this.stop();
    await this.#launch();
    return { changed: true, detail: changed ? "restarted" : "started" };
  }

  /** One that is about to end holds the socket, but does not answer: it is waited for. */
  async #isRunning(): Promise<boolean> {
    const { control } = this.#deps;
    let isAnswering = false;
    await this.#within(async () => {
      isAnswering = await control.isAnswering();
      return isAnswering || await control.isFree();
    });
    return isAnswering;
  }

  async #launch(): Promise<void> {
    const { spawn, control, logFile, placeArgs, lastLogLine } = this.#deps;
    const before = await lastLogLine();
    const started = spawn(["run", "--log-file", logFile, ...placeArgs]);
    if (started === undefined) {
      throw new ServiceError(
        "Cannot start the daemon: there is no program /sbin/gluster-eventing",
        "install it on this node: gluster-eventing install",
      );
    }
    let code: number | undefined;
    void started.ended.then((value) => code = value);
    const isDecided = await this.#within(async () =>
      code !== undefined || await control.isAnswering()
    );
    if (code === undefined && isDecided) return;
    if (code !== undefined) {
      const line = await lastLogLine();
      const said = line === undefined || line === before ? "it left no word" : line;
      throw new ServiceError(
        `The daemon ended with ${code} while it started: ${said}`,
        `see its log: tail ${logFile}`,
      );
    }
    throw new ServiceError(
      `The daemon was started, but does not answer on ${control.socket} within ${LIMIT}`,
      `see its log: tail ${logFile}`,
    );
  }

  async #within(check: () => Promise<boolean>): Promise<boolean> {
    return await waitUntil(check, { clock: this.#deps.clock, limitMs: LONGEST_CHANGE_MS });
  }
}

const LIMIT = `${LONGEST_CHANGE_MS / 1000} s`;

/**
 * Ends the daemon behind a control socket, whoever started it.
 *
 * @returns False if there was none.
 * @throws {ServiceError} If it does not end.
 */
export async function endDaemon(
  { control, clock }: { readonly control: DaemonControl; readonly clock: WaitClock },
): Promise<boolean> {
  const wasAnswering = await control.askToStop();
  const wasThere = wasAnswering || !await control.isFree();
  if (!wasThere) return false;
  const isFree = await waitUntil(() => control.isFree(), { clock, limitMs: LONGEST_CHANGE_MS });
  if (isFree) return true;
  throw new ServiceError(
    wasAnswering
      ? `The daemon on ${control.socket} was asked to end, but still runs after ${LIMIT}`
      : `A daemon holds ${control.socket}, but does not answer, and has not ended within ${LIMIT}`,
    `end it by hand: fuser -v -k -KILL ${control.socket}.lock`,
  );
}
