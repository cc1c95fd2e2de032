/**
 * Starts, stops and restarts the service of this node.
 *
 * @module
 */
import { DaemonNotRunningError } from "../api/control_client.ts";
import { isSocketFree } from "../api/control_server.ts";
import { controlService, type ServiceDeps } from "../cluster/find_service.ts";
import type { DaemonControl, ServiceAction, ServiceOutcome } from "../cluster/service.ts";
import { delay } from "../std/async.ts";
import { DEFAULT_LOG_FILE, lastLineOf } from "./log_file.ts";
import type { Places } from "./places.ts";
import { runSystemctl, spawnDaemon } from "./service_programs.ts";

/**
 * Does it on this node.
 *
 * @throws {ServiceError} If the service is not as wanted afterwards.
 * @throws {ControlRefusedError} If the daemon may not be asked.
 */
export async function controlHere(action: ServiceAction, places: Places): Promise<ServiceOutcome> {
  return await controlService(action, serviceDeps(places));
}

/** This machine, as the control of its service sees it. */
export function serviceDeps(places: Places): ServiceDeps {
  return {
    systemctl: runSystemctl,
    spawn: spawnDaemon,
    control: daemonControl(places),
    clock: { steadyNow: () => performance.now(), sleep: delay },
    isThere,
    logFile: DEFAULT_LOG_FILE,
    placeArgs: places.givenOptions,
    lastLogLine: () => lastLineOf(DEFAULT_LOG_FILE),
  };
}

/** The daemon behind this node's control socket. */
function daemonControl(places: Places): DaemonControl {
  const client = places.daemon();
  const isDone = async (ask: () => Promise<unknown>) => {
    try {
      await ask();
      return true;
    } catch (error) {
      if (error instanceof DaemonNotRunningError) return false;
      throw error;
    }
  };
  return {
    socket: places.socket,
    isAnswering: () => isDone(() => client.status()),
    askToStop: () => isDone(() => client.stop()),
    isFree: () => isSocketFree(places.socket),
  };
}

/** Whether there is something of that name. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
