/**
 * What upstream's commands change in the registry.
 *
 * @module
 */
import {
  addWebhook,
  getWebhook,
  modifyWebhook,
  removeWebhook,
  resetConfig,
  setConfig,
} from "../../registry/changes.ts";
import type { RegistryEdit } from "../../registry/edit_data.ts";
import { UnknownWebhookError } from "../../registry/errors.ts";
import { CONFIG_KEYS, type Registry } from "../../registry/schema.ts";
import { type UpstreamKey, upstreamValues } from "../../registry/upstream_import.ts";
import { maskUrl } from "../../registry/webhook_url.ts";
import { EXIT } from "../exit_codes.ts";
import type { Credentials } from "./actions.ts";
import { EventsapiError } from "./api_errors.ts";

/** The words that upstream takes for true; it takes all others for false. */
const TRUE_WORDS = ["enabled", "true", "on", "yes"];

/**
 * Adds a webhook; a secret makes a JWT, as upstream means it.
 *
 * @throws {WebhookExistsError} If it exists.
 * @throws {InvalidValueError} If the URL, the token or the secret is not allowed.
 */
export function addEdits(
  registry: Registry,
  url: string,
  { token, secret }: Credentials,
): RegistryEdit[] {
  return addWebhook(registry, url, {
    ...(token === "" ? {} : { "bearer-token": token }),
    ...(secret === "" ? {} : { secret, sign: "jwt" }),
  });
}

/**
 * Changes what goes with a webhook; an empty text leaves it.
 *
 * @throws {UnknownWebhookError} If there is no webhook with this URL.
 * @throws {InvalidValueError} If the token or the secret is not allowed.
 */
export function modEdits(
  registry: Registry,
  url: string,
  { token, secret }: Credentials,
): RegistryEdit[] {
  refuseNames(registry, url);
  const isSigned = getWebhook(registry, url).signing !== undefined;
  return modifyWebhook(registry, url, {
    ...(token === "" ? {} : { "bearer-token": token }),
    ...(secret === "" ? {} : { secret }),
    ...(secret === "" || isSigned ? {} : { sign: "jwt" }),
  });
}

/**
 * Removes a webhook.
 *
 * @throws {UnknownWebhookError} If there is no webhook with this URL.
 */
export function delEdits(registry: Registry, url: string): RegistryEdit[] {
  refuseNames(registry, url);
  return removeWebhook(registry, url);
}

/**
 * Changes a setting.
 *
 * @throws {EventsapiError} If it is so already.
 * @throws {InvalidValueError} If the value is not allowed.
 */
export function setEdits(registry: Registry, key: UpstreamKey, text: string): RegistryEdit[] {
  const isFlag = key === "disable-events-log";
  const wanted = isFlag ? String(TRUE_WORDS.includes(text.toLowerCase())) : text;
  const edits = setConfig(key, wanted);
  const current = upstreamValues(registry.config)[key];
  const isSame = edits.some((edit) => edit.do === "set" && edit.value === current);
  if (!isSame) return edits;
  throw new EventsapiError(EXIT.valueUnchanged, "Config value not changed. Same config");
}

/** Which of the settings differ from their defaults. */
export function changedKeys(
  { config }: Registry,
  keys: readonly UpstreamKey[],
): readonly UpstreamKey[] {
  const values = upstreamValues(config);
  return keys.filter((key) => values[key] !== CONFIG_KEYS[key].initial);
}

/**
 * Puts settings back to their defaults.
 *
 * @throws {EventsapiError} If they have them all.
 */
export function resetEdits(registry: Registry, keys: readonly UpstreamKey[]): RegistryEdit[] {
  const changed = changedKeys(registry, keys);
  if (changed.length > 0) return resetConfig(changed);
  const text = "Config value not reset. Already set to default value";
  throw new EventsapiError(EXIT.valueUnchanged, text);
}

/** Upstream's webhooks have no names. */
function refuseNames({ webhooks }: Registry, url: string): void {
  if (URL.canParse(url)) return;
  const known = webhooks.map(({ name }) => name);
  throw new UnknownWebhookError(`Webhook does not exist: ${maskUrl(url)}`, { asked: url, known });
}
