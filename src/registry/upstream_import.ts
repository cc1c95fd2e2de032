/**
 * What of upstream's files the registry takes over, and what it leaves.
 *
 * @module
 */
import type { RegistryEdit } from "./edit_data.ts";
import {
  CONFIG_KEYS,
  type ConfigKey,
  type ConfigRule,
  type Registry,
  WEBHOOK_KEYS,
} from "./schema.ts";
import type { BadEntry, UpstreamWebhook } from "./upstream_files.ts";
import { isSameUrl, maskUrl, nameFromUrl, webhookUrlFault } from "./webhook_url.ts";

/** The settings that upstream has. */
export const UPSTREAM_KEYS = ["log-level", "port", "disable-events-log"] as const;

/** The name of a setting that upstream has. */
export type UpstreamKey = typeof UPSTREAM_KEYS[number];

/** The value of a setting that upstream has. */
export type UpstreamValue = string | number | boolean;

/** What upstream's files say. */
export interface UpstreamFiles {
  readonly webhooks: readonly UpstreamWebhook[];
  readonly bad: readonly BadEntry[];
  /** The settings that were changed. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Something that is taken over. */
export type Taken =
  | {
    readonly kind: "webhook";
    readonly name: string;
    /** Masked. */
    readonly url: string;
    readonly hasToken: boolean;
    readonly hasSecret: boolean;
  }
  | { readonly kind: "config"; readonly key: UpstreamKey; readonly value: UpstreamValue };

/** Something that is not, and why. */
export interface Left {
  readonly kind: "webhook" | "config";
  /** The masked URL, or the name of the setting. */
  readonly what: string;
  readonly reason: string;
}

/** A change of the registry with what it means. */
export interface ImportPlan {
  readonly edits: readonly RegistryEdit[];
  readonly taken: readonly Taken[];
  readonly left: readonly Left[];
}

/** Plans to take over what the registry does not have yet. */
export function planImport(registry: Registry, files: UpstreamFiles): ImportPlan {
  const plan: Plan = { edits: [], taken: [], left: [] };
  const known = registry.webhooks.map(({ name, url }) => ({ name, url }));
  for (const webhook of files.webhooks) planWebhook(plan, webhook, known);
  for (const { url, reason } of files.bad) {
    plan.left.push({ kind: "webhook", what: maskUrl(url), reason });
  }
  for (const [key, value] of Object.entries(files.config)) {
    planConfig(plan, { key, value }, registry);
  }
  return plan;
}

interface Plan {
  readonly edits: RegistryEdit[];
  readonly taken: Taken[];
  readonly left: Left[];
}

/** @param known The webhooks that are registered by then; the planned one joins them. */
function planWebhook(
  { edits, taken, left }: Plan,
  { url, token, secret }: UpstreamWebhook,
  known: { name: string; url: string }[],
): void {
  const what = maskUrl(url);
  const same = known.find((other) => isSameUrl(other.url, url));
  const settings: Settings = {
    ...(token === "" ? {} : { "bearer-token": token }),
    ...(secret === "" ? {} : { secret, sign: "jwt" }),
  };
  const reason = same === undefined
    ? faultOf(url, settings)
    : `registered as "${same.name}" already`;
  if (reason !== undefined) {
    left.push({ kind: "webhook", what, reason });
    return;
  }
  const name = nameFromUrl(url, known.map((other) => other.name));
  known.push({ name, url });
  edits.push({ do: "append", webhook: { name, url, ...settings } });
  taken.push({
    kind: "webhook",
    name,
    url: what,
    hasToken: token !== "",
    hasSecret: secret !== "",
  });
}

type Settings = Readonly<Partial<Record<"bearer-token" | "secret" | "sign", string>>>;

function faultOf(url: string, settings: Settings): string | undefined {
  const urlFault = webhookUrlFault(url);
  if (urlFault !== undefined) return `no URL to post to: ${urlFault}`;
  for (const key of ["bearer-token", "secret"] as const) {
    const value = settings[key];
    if (value === undefined) continue;
    const result = WEBHOOK_KEYS[key].kind.read(value);
    if ("fault" in result) return `${key} ${result.fault}`;
  }
  return undefined;
}

function planConfig(
  { edits, taken, left }: Plan,
  { key, value: given }: { key: string; value: unknown },
  { config }: Registry,
): void {
  const leave = (reason: string) => left.push({ kind: "config", what: key, reason });
  if (!isUpstreamKey(key)) {
    leave("upstream has no such setting");
    return;
  }
  const { kind, initial }: ConfigRule<UpstreamValue> = CONFIG_KEYS[key];
  const value = typeof given === "string" ? kind.fromText(given) : given;
  const result = kind.read(value);
  if ("fault" in result) {
    leave(result.fault);
    return;
  }
  const current = upstreamValues(config)[key];
  if (result.value === current) {
    leave(`${String(current)} already`);
  } else if (current !== initial) {
    // What was set here was meant; a second import must not undo it.
    leave(`set to ${String(current)} here, and not to ${String(result.value)}`);
  } else {
    edits.push({ do: "set", table: "config", key, value: result.value });
    taken.push({ kind: "config", key, value: result.value });
  }
}

/** The values of the settings that upstream has. */
export function upstreamValues(
  { logLevel, port, disableEventsLog }: Registry["config"],
): Record<UpstreamKey, UpstreamValue> {
  return { "log-level": logLevel, "port": port, "disable-events-log": disableEventsLog };
}

/** Whether upstream has a setting of this name. */
export function isUpstreamKey(name: string): name is UpstreamKey & ConfigKey {
  return UPSTREAM_KEYS.some((key) => key === name);
}
