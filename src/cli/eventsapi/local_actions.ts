/**
 * Upstream's commands on this node alone.
 *
 * @module
 */
import { ControlRefusedError, DaemonNotRunningError } from "../../api/control_client.ts";
import type { NodeRow } from "../../cluster/node_row.ts";
import { createClient } from "../../dispatcher/create_client.ts";
import { makeJwt } from "../../dispatcher/jwt.ts";
import { describeResult, judge } from "../../dispatcher/verdict.ts";
import { WEBHOOK_KEYS } from "../../registry/schema.ts";
import { upstreamValues } from "../../registry/upstream_import.ts";
import { webhookUrlFault } from "../../registry/webhook_url.ts";
import { CommandError } from "../command.ts";
import { changeLocally, type Decide } from "../local_change.ts";
import type { Environment, Places } from "../places.ts";
import type { ApiReset, Credentials, EventsapiActions } from "./actions.ts";
import { addEdits, changedKeys, delEdits, modEdits, resetEdits, setEdits } from "./edits.ts";

/** What the commands touch of this node. */
export interface LocalDeps {
  readonly places: Places;
  readonly environment: Environment;
  readonly userAgent: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const LONGEST_TEST_MS = 15_000;

/** The commands, on the registry and the daemon of this node. */
export function localActions(deps: LocalDeps): EventsapiActions {
  const change = async (decide: Decide) => [await changeHere(deps, decide)];
  return {
    async status() {
      const { webhooks } = await (await deps.places.registry()).read();
      const row = await askDaemon(async () => {
        await deps.places.daemon().status();
      });
      return { webhooks: webhooks.map(({ url }) => url), rows: [row] };
    },
    reload: async () => [await reload(deps)],
    async sync() {
      // Alone, it has the newest registry; a daemon that does not run reads it when it starts.
      const row = await reload(deps);
      return [row.error === NOT_RUNNING ? HERE : row];
    },
    webhookAdd: (url, credentials) => change((registry) => addEdits(registry, url, credentials)),
    webhookMod: (url, credentials) => change((registry) => modEdits(registry, url, credentials)),
    webhookDel: (url) => change((registry) => delEdits(registry, url)),
    webhookTest: async (url, credentials) => [await postTest(deps, url, credentials)],
    async configGet() {
      return upstreamValues((await (await deps.places.registry()).read()).config);
    },
    configSet: (key, text) => change((registry) => setEdits(registry, key, text)),
    async configReset(keys) {
      let reset: ApiReset["reset"] = [];
      const rows = await change((registry) => {
        reset = changedKeys(registry, keys);
        return resetEdits(registry, keys);
      });
      return { reset, rows };
    },
  };
}

const HERE: NodeRow = { node: "localhost", isUp: true };
const NOT_RUNNING = "the daemon does not run";

async function changeHere({ places }: LocalDeps, decide: Decide): Promise<NodeRow> {
  try {
    const { daemon } = await changeLocally({ places }, decide);
    return daemon === "other registry"
      ? { ...HERE, error: "the daemon works with another registry" }
      : HERE;
  } catch (error) {
    // It is written, and the daemon refuses it.
    if (!(error instanceof CommandError)) throw error;
    return { ...HERE, error: error.message };
  }
}

async function reload({ places }: LocalDeps): Promise<NodeRow> {
  return await askDaemon(async () => {
    const outcome = await places.daemon().reload();
    return "problems" in outcome ? outcome.problems.join("\n") : undefined;
  });
}

/** @param ask Returns what is wrong, if anything. */
async function askDaemon(ask: () => Promise<string | void>): Promise<NodeRow> {
  try {
    const error = await ask();
    return typeof error === "string" ? { ...HERE, error } : HERE;
  } catch (error) {
    if (error instanceof DaemonNotRunningError) return { ...HERE, error: NOT_RUNNING };
    if (error instanceof ControlRefusedError) return { ...HERE, error: error.message };
    throw error;
  }
}

/** What cannot be posted to, or would break the request's head. */
function faultOf(url: string, { token, secret }: Credentials): string | undefined {
  const urlFault = webhookUrlFault(url);
  if (urlFault !== undefined) return `invalid URL: ${urlFault}`;
  for (const [key, value] of [["bearer-token", token], ["secret", secret]] as const) {
    const result = value === "" ? {} : WEBHOOK_KEYS[key].kind.read(value);
    if ("fault" in result) return `${key} ${result.fault}`;
  }
  return undefined;
}

/** Posts an empty body, as upstream does. */
async function postTest(
  { environment, userAgent, now }: LocalDeps,
  url: string,
  { token, secret }: Credentials,
): Promise<NodeRow> {
  const fault = faultOf(url, { token, secret });
  if (fault !== undefined) return { ...HERE, error: fault };
  const atMs = now();
  const bearer = secret === ""
    ? token
    : makeJwt(secret, { event: "TEST", ts: Math.floor(atMs / 1000), atMs });
  const headers = {
    "user-agent": userAgent,
    ...(bearer === "" ? {} : { "authorization": `Bearer ${bearer}` }),
  };
  using client = createClient(environment);
  const { signal } = new AbortController();
  const request = { url, headers, body: "" };
  const result = await client.post(request, { timeoutMs: LONGEST_TEST_MS, signal });
  if (judge(result) === "delivered") return HERE;
  const error = result.kind === "response" ? String(result.status) : describeResult(result);
  return { ...HERE, error };
}
