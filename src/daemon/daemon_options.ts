/**
 * What a daemon is given.
 *
 * @module
 */
import type { GlusterCommand } from "../cluster/gluster_command.ts";
import type { Clock } from "../dispatcher/clock.ts";
import type { Network } from "../dispatcher/http/open_connection.ts";
import type { WebhookClient } from "../dispatcher/http/webhook_client.ts";
import type { ListenAddress } from "../listener/listen_address.ts";
import type { LookAtCertificate } from "./certificate_care.ts";

/** Where a daemon keeps its things and what it listens on. */
export interface DaemonOptions {
  readonly version: string;
  readonly workdir: string;
  readonly stateDir: string;
  readonly socket: string;
  /** Every address of the machine with the registry's port, if absent. */
  readonly listen?: readonly ListenAddress[];
  readonly nodeId?: string;
}

/** How a daemon reaches the other nodes of the pool. */
export interface PoolAccess {
  readonly gluster: GlusterCommand;
  /** Whether the daemon's registry is that of glusterd's folder, and so of the pool. */
  readonly isOurs: () => Promise<boolean>;
  /** How names are looked up and connections made; that of the machine, if absent. */
  readonly network?: Network;
}

/** What a daemon does not do itself. */
export interface DaemonDeps {
  readonly clock: Clock;
  readonly random: () => number;
  /** The name of this machine; asked again at a reload. */
  readonly hostname: () => string;
  readonly newId: (nowMs: number) => string;
  readonly createClient: () => WebhookClient;
  /** Looks at the certificate of a receiver, to know when it expires; without it, nobody does. */
  readonly lookAtCertificate?: LookAtCertificate;
  readonly writeLog: (line: string) => void;
  /** Makes the log begin anew under its name, if it goes to a file. */
  readonly reopenLog?: () => Promise<void>;
  /** Called when the daemon is asked on its socket to end; without it, it cannot be. */
  readonly onStopAsked?: () => void;
  /** Reaches the other nodes; absent if the daemon is to have nothing to do with them. */
  readonly pool?: PoolAccess;
}
