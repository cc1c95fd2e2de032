/**
 * What a daemon on this machine works with.
 *
 * @module
 */
import type { DaemonDeps } from "../daemon/daemon_options.ts";
import { systemClock } from "../dispatcher/clock.ts";
import { createFetchClient } from "../dispatcher/webhook_client.ts";
import { newUlid } from "../std/ulid.ts";

/** The machine's clock and randomness, and real HTTP. */
export function systemDaemonDeps(writeLog: (line: string) => void): DaemonDeps {
  return {
    clock: systemClock,
    random: Math.random,
    newId: newUlid,
    createClient: createFetchClient,
    writeLog,
  };
}
