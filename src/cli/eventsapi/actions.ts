/**
 * What upstream's commands do, however many nodes there are.
 *
 * @module
 */
import type { NodeRow } from "../../cluster/node_row.ts";
import type { UpstreamKey, UpstreamValue } from "../../registry/upstream_import.ts";

/** What goes with a webhook; an empty text stands for none. */
export interface Credentials {
  readonly token: string;
  readonly secret: string;
}

/** The webhooks, and whether each node's daemon runs. */
export interface ApiStatus {
  readonly webhooks: readonly string[];
  readonly rows: readonly NodeRow[];
}

/** The settings that were put back, and what the nodes made of it. */
export interface ApiReset {
  readonly reset: readonly UpstreamKey[];
  readonly rows: readonly NodeRow[];
}

/**
 * Does upstream's commands. Each method that changes something throws what `edits.ts` says, and
 * writes nothing then; a node that does not follow is a row with an error.
 */
export interface EventsapiActions {
  status(): Promise<ApiStatus>;
  /** Makes the daemons read the registry. */
  reload(): Promise<readonly NodeRow[]>;
  /** Brings the registry to all nodes. */
  sync(): Promise<readonly NodeRow[]>;
  webhookAdd(url: string, credentials: Credentials): Promise<readonly NodeRow[]>;
  /** Empty credentials leave those that there are. */
  webhookMod(url: string, credentials: Credentials): Promise<readonly NodeRow[]>;
  webhookDel(url: string): Promise<readonly NodeRow[]>;
  /** Posts once from each node; nothing is registered. */
  webhookTest(url: string, credentials: Credentials): Promise<readonly NodeRow[]>;
  configGet(): Promise<Readonly<Record<UpstreamKey, UpstreamValue>>>;
  configSet(key: UpstreamKey, text: string): Promise<readonly NodeRow[]>;
  configReset(keys: readonly UpstreamKey[]): Promise<ApiReset>;
}
