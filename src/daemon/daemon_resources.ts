/**
 * What a daemon needs before anything of it can run: files, locks and sockets.
 *
 * @module
 */
import { claimSocket, type SocketClaim } from "../api/control_server.ts";
import { openSockets, openSocketsOnAll } from "../listener/udp_sockets.ts";
import { readRegistry } from "../registry/read_registry.ts";
import { RegistryFile, registryPath } from "../registry/registry_file.ts";
import type { Registry } from "../registry/schema.ts";
import type { DaemonDeps, DaemonOptions } from "./daemon_options.ts";
import { Logger } from "./logger.ts";
import { NodeIdentity } from "./node_identity.ts";
import { type OpenedSpool, openSpool } from "./open_spool.ts";
import { fingerprint } from "./registry_watch.ts";

/** All that was opened. */
export interface DaemonResources {
  readonly file: RegistryFile;
  /** The fingerprint of the registry's file, from before it was read. */
  readonly seen: string;
  /** What the registry's file says; `undefined` if there is none. */
  readonly initial: Registry | undefined;
  /** What holds without a file. */
  readonly defaults: Registry;
  readonly claim: SocketClaim;
  readonly logger: Logger;
  readonly opened: OpenedSpool;
  readonly identity: NodeIdentity;
  /** Whoever reads from them closes them. */
  readonly sockets: readonly Deno.DatagramConn[];
  /** Closes the spool and gives the socket up; what is added is undone before. */
  readonly cleanups: AsyncDisposableStack;
}

/**
 * Opens everything. If anything fails, nothing stays open and the error says what and why.
 *
 * @throws {InvalidRegistryError | RegistryAccessError | ControlSocketError | SpoolError |
 *   NodeIdentityError | ListenError}
 */
export async function openResources(
  options: DaemonOptions,
  { clock, newId, hostname, writeLog }: DaemonDeps,
): Promise<DaemonResources> {
  await using cleanups = new AsyncDisposableStack();
  const file = new RegistryFile({ path: registryPath(options.workdir) });
  // Before it is read: what changes from then on is noticed.
  const seen = await fingerprint(file.path);
  const initial = await file.readIfThere();
  const defaults = readRegistry("", file.path);
  const { config } = initial ?? defaults;
  const claim = cleanups.use(await claimSocket(options.socket));
  const logger = new Logger({ write: writeLog, now: clock.now });
  logger.level = config.logLevel;
  const opened = await openSpool(options.stateDir, { now: clock.now, newId, logger });
  cleanups.use(opened.spool);
  const identity = NodeIdentity.find({
    ...options,
    steadyNow: clock.steadyNow,
    readHost: hostname,
  });
  const sockets = options.listen === undefined
    ? openSocketsOnAll(config.port)
    : openSockets(options.listen);
  return {
    file,
    seen,
    initial,
    defaults,
    claim,
    logger,
    opened,
    identity,
    sockets,
    cleanups: cleanups.move(),
  };
}
