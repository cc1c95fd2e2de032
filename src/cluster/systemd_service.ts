/**
 * The service where systemd runs it. To start it means: now, and whenever the node boots.
 *
 * @module
 */
import { endDaemon, LONGEST_CHANGE_MS } from "./detached_service.ts";
import { type DaemonControl, type Service, ServiceError, type ServiceOutcome } from "./service.ts";
import { type WaitClock, waitUntil } from "./wait_until.ts";

/** How a run of `systemctl` ended. */
export interface SystemctlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `systemctl` with these arguments; `undefined` if there is no such program. */
export type Systemctl = (args: readonly string[]) => Promise<SystemctlResult | undefined>;

/** What systemd's service works with. */
export interface SystemdDeps {
  readonly systemctl: Systemctl;
  readonly control: DaemonControl;
  readonly clock: WaitClock;
  /** Whether there is a file or folder. */
  readonly isThere: (path: string) => Promise<boolean>;
}

/** The unit. */
export const UNIT = "gluster-eventing.service";
const JOURNAL = `journalctl --unit=${UNIT} --lines=20`;

/** The unit `gluster-eventing.service`. */
export class SystemdService implements Service {
  readonly #deps: SystemdDeps;

  constructor(deps: SystemdDeps) {
    this.#deps = deps;
  }

  async start(): Promise<ServiceOutcome> {
    await this.#mustBeInstalled();
    const isRunning = await this.#is("active");
    if (!isRunning) await this.#mustBeAlone();
    const isEnabled = await this.#is("enabled");
    if (isRunning && isEnabled) return { changed: false, detail: "was running already" };
    await this.#do("enable", "--now");
    await this.#mustAnswer();
    return {
      changed: true,
      detail: isRunning ? "was running already, and now starts at boot too" : "started",
    };
  }

  async stop(): Promise<ServiceOutcome> {
    await this.#mustBeInstalled();
    const wasRunning = await this.#is("active");
    const wasEnabled = await this.#is("enabled");
    if (wasRunning || wasEnabled) await this.#do("disable", "--now");
    // Somebody may have started one without systemd.
    const wasOutside = await endDaemon(this.#deps);
    const isEnded = wasRunning || wasOutside;
    return {
      changed: isEnded || wasEnabled,
      detail: isEnded
        ? "stopped"
        : wasEnabled
        ? "was stopped already, and no longer starts at boot"
        : "was stopped already",
    };
  }

  async restart(): Promise<ServiceOutcome> {
    await this.#mustBeInstalled();
    const wasRunning = await this.#is("active");
    if (!wasRunning) await this.#mustBeAlone();
    await this.#do("restart");
    await this.#mustAnswer();
    return { changed: true, detail: wasRunning ? "restarted" : "started" };
  }

  /** Asked by listing: `is-active` says the same of a unit that is stopped and of none at all. */
  async #mustBeInstalled(): Promise<void> {
    const { code, stdout, stderr } = await this.#run([
      "show",
      "--property=LoadState",
      "--value",
      UNIT,
    ]);
    if (code !== 0) {
      throw new ServiceError(
        `systemd does not say whether it has ${UNIT}: ${stderr.trim()}`,
        `see what it says: systemctl status ${UNIT}`,
      );
    }
    const state = stdout.trim();
    if (state === "loaded") return;
    if (state === "masked") {
      throw new ServiceError(`${UNIT} is masked`, `unmask it: systemctl unmask ${UNIT}`);
    }
    if (state !== "not-found") {
      throw new ServiceError(
        `systemd cannot load ${UNIT}: its state is ${state}`,
        `see why: systemctl status ${UNIT}`,
      );
    }
    throw new ServiceError(
      `This node's systemd has no ${UNIT}`,
      "install it: gluster-eventing install",
    );
  }

  async #mustBeAlone(): Promise<void> {
    const { control } = this.#deps;
    if (!await control.isAnswering()) return;
    throw new ServiceError(
      `A daemon that systemd has not started runs on ${control.socket}`,
      "end it first: gluster-eventing stop",
    );
  }

  /** To systemd the unit runs as soon as there is a process. */
  async #mustAnswer(): Promise<void> {
    const { control, clock } = this.#deps;
    let isFailed = false;
    const isDecided = await waitUntil(async () => {
      if (await control.isAnswering()) return true;
      isFailed = !await this.#is("active");
      return isFailed;
    }, { clock, limitMs: LONGEST_CHANGE_MS });
    if (isDecided && !isFailed) return;
    throw new ServiceError(
      isFailed
        ? `systemd started ${UNIT}, but it ended`
        : `${UNIT} runs, but does not answer on ${control.socket} within ${
          LONGEST_CHANGE_MS / 1000
        } s`,
      `see why: ${JOURNAL}`,
    );
  }

  async #is(what: "active" | "enabled"): Promise<boolean> {
    return (await this.#run([`is-${what}`, "--quiet", UNIT])).code === 0;
  }

  async #do(...verb: readonly string[]): Promise<void> {
    const { code, stderr } = await this.#run([...verb, UNIT]);
    if (code === 0) return;
    throw new ServiceError(
      `systemctl ${verb.join(" ")} ${UNIT} ended with ${code}: ${stderr.trim()}`,
      `see why: ${JOURNAL}`,
    );
  }

  async #run(args: readonly string[]): Promise<SystemctlResult> {
    const result = await this.#deps.systemctl(args);
    if (result !== undefined) return result;
    throw new ServiceError(
      "systemd runs here, but the program systemctl is not to be found",
      "look where it is: command -v systemctl; and put that folder on the PATH",
    );
  }
}
