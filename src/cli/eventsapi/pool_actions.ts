/**
 * Upstream's commands on every node of the pool, or on this one where there is none.
 *
 * @module
 */
import type { NodeRow } from "../../cluster/node_row.ts";
import { InvalidValueError } from "../../registry/errors.ts";
import { upstreamValues } from "../../registry/upstream_import.ts";
import type { Invocation } from "../command.ts";
import type { Decide } from "../../registry/plan_change.ts";
import { rowOfThisNode, THIS_NODE } from "../node_table.ts";
import { openPool, type Reach } from "../pool_access.ts";
import { NO_DAEMON, poolStatus } from "../pool_status.ts";
import { tryEverywhere } from "../pool_trial.ts";
import { reloadDaemon } from "../reload_daemon.ts";
import { reloadEverywhere, syncEverywhere } from "../reload_everywhere.ts";
import { editRegistry, exitCodeOfEdit } from "../shared_edit.ts";
import type { TrialRow } from "../trial_rows.ts";
import { statusIfRunning } from "../webhook_rows.ts";
import { makeWebhook } from "../webhook_trial.ts";
import { EXIT } from "../exit_codes.ts";
import type { ApiReset, Credentials, EventsapiActions } from "./actions.ts";
import { EventsapiError } from "./api_errors.ts";
import { addEdits, changedKeys, delEdits, modEdits, resetEdits, setEdits } from "./edits.ts";

/** What the commands work with. */
export type ApiDeps = Reach & Pick<Invocation, "environment" | "version">;

/** The commands. */
export function poolActions(deps: ApiDeps): EventsapiActions {
  const { places } = deps;
  const changeWebhooks = (decide: Decide) => change(deps, "Webhooks", decide);
  const changeConfig = (decide: Decide) => change(deps, "Config", decide);
  return {
    async status() {
      const { webhooks } = await (await places.registry()).read();
      return { webhooks: webhooks.map(({ url }) => url), rows: await daemonRows(deps) };
    },
    async reload() {
      const access = await openPool(deps);
      return access === undefined
        ? [await rowOfThisNode(() => reloadDaemon(places))]
        : await reloadEverywhere(access, places);
    },
    async sync() {
      const access = await openPool(deps);
      // Alone, this node has the newest registry.
      if (access === undefined) return [THIS_NODE];
      const { rows } = await syncEverywhere(access, deps);
      if (access.link.trouble !== undefined) throw syncError("Webhooks", access.link.trouble);
      return rows;
    },
    webhookAdd: (url, credentials) =>
      changeWebhooks((registry) => addEdits(registry, url, credentials)),
    webhookMod: (url, credentials) =>
      changeWebhooks((registry) => modEdits(registry, url, credentials)),
    webhookDel: (url) => changeWebhooks((registry) => delEdits(registry, url)),
    webhookTest: (url, credentials) => test(deps, url, credentials),
    async configGet() {
      return upstreamValues((await (await places.registry()).read()).config);
    },
    configSet: (key, text) => changeConfig((registry) => setEdits(registry, key, text)),
    async configReset(keys) {
      let reset: ApiReset["reset"] = [];
      const rows = await changeConfig((registry) => {
        reset = changedKeys(registry, keys);
        return resetEdits(registry, keys);
      });
      return { reset, rows };
    },
  };
}

/** Upstream's words for which file could not be given to the other nodes. */
type Subject = "Webhooks" | "Config";

async function change(
  deps: ApiDeps,
  subject: Subject,
  decide: Decide,
): Promise<readonly NodeRow[]> {
  const edit = await editRegistry(deps, decide);
  const { shared, daemon } = edit;
  if (shared !== undefined) {
    const isOut = exitCodeOfEdit(edit, EXIT.webhookSyncFailed) === EXIT.webhookSyncFailed;
    if (isOut) throw syncError(subject, shared.access.link.trouble ?? "");
    return shared.rows;
  }
  return daemon === "other registry"
    ? [{ ...THIS_NODE, error: "the daemon works with another registry" }]
    : [THIS_NODE];
}

function syncError(subject: Subject, reason: string): EventsapiError {
  const code = subject === "Webhooks" ? EXIT.webhookSyncFailed : EXIT.configSyncFailed;
  return new EventsapiError(code, `Failed to sync ${subject} file: [Error: 1]${reason}`);
}

async function daemonRows({ places, version, ...reach }: ApiDeps): Promise<readonly NodeRow[]> {
  const access = await openPool({ places, ...reach });
  if (access !== undefined) return await poolStatus(access, places, version);
  const isRunning = await statusIfRunning(places.daemon()) !== undefined;
  return [isRunning ? THIS_NODE : { ...THIS_NODE, error: NO_DAEMON }];
}

/** Posts an empty body, as upstream does. */
async function test(
  deps: ApiDeps,
  url: string,
  { token, secret }: Credentials,
): Promise<readonly NodeRow[]> {
  try {
    const webhook = makeWebhook(url, {
      ...(token === "" ? {} : { "bearer-token": token }),
      ...(secret === "" ? {} : { secret }),
    });
    return (await tryEverywhere(deps, { webhook, isEmpty: true })).map(toNodeRow);
  } catch (error) {
    if (!(error instanceof InvalidValueError)) throw error;
    return [{ ...THIS_NODE, error: error.message }];
  }
}

function toNodeRow({ node, node_status, webhook_status, status, error }: TrialRow): NodeRow {
  const isUp = node_status === "UP";
  if (webhook_status === "OK") return { node, isUp };
  return { node, isUp, error: status === null ? error : String(status) };
}
