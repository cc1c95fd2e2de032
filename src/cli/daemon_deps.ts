/**
 * What a daemon on this machine works with.
 *
 * @module
 */
import type { DaemonDeps } from "../daemon/daemon_options.ts";
import { systemClock } from "../dispatcher/clock.ts";
import { createClient } from "../dispatcher/http/create_client.ts";
import { isReachedDirectly, lookAtReceiver } from "../dispatcher/tls/look_at_receiver.ts";
import { newUlid } from "../std/ulid.ts";
import type { Environment } from "./places.ts";

/**
 * The machine's clock, randomness and name, and real HTTP.
 *
 * @param environment Names the proxies; without it there are none.
 */
export function systemDaemonDeps(
  writeLog: (line: string) => void,
  environment: Environment = () => undefined,
): DaemonDeps {
  return {
    clock: systemClock,
    random: Math.random,
    hostname: () => Deno.hostname(),
    newId: newUlid,
    createClient: () => createClient(environment),
    lookAtCertificate: async (webhook, signal) =>
      isReachedDirectly(webhook, environment)
        ? await lookAtReceiver(webhook, { signal })
        : undefined,
    writeLog,
  };
}
