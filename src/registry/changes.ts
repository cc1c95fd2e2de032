/**
 * What the commands want of the registry, as edits: which webhook is meant, what is allowed, and
 * whether anything changes at all.
 *
 * @module
 */
import type { RegistryEdit } from "./edit_data.ts";
import { InvalidValueError, UnknownWebhookError, WebhookExistsError } from "./errors.ts";
import {
  CONFIG_KEYS,
  type ConfigKey,
  type KeyRule,
  type Registry,
  type Webhook,
  WEBHOOK_KEYS,
  type WebhookKey,
} from "./schema.ts";
import { showValue, type TomlValue } from "./value_kinds.ts";
import { isSameUrl, maskUrl, nameFromUrl } from "./webhook_url.ts";

/** Values for a webhook's keys; `undefined` clears a key. */
export type WebhookSettings = { readonly [K in WebhookKey]?: TomlValue | undefined };

/**
 * The edits that add a webhook.
 *
 * @throws {InvalidValueError} If a value is not allowed.
 * @throws {WebhookExistsError} If one with this URL or name exists.
 */
export function addWebhook(
  registry: Registry,
  url: string,
  settings: WebhookSettings,
): RegistryEdit[] {
  checkValue("url", WEBHOOK_KEYS.url, url);
  const sameUrl = registry.webhooks.find((webhook) => isSameUrl(webhook.url, url));
  if (sameUrl !== undefined) {
    throw new WebhookExistsError(
      `Webhook already exists: ${maskUrl(url)} is registered as "${sameUrl.name}"`,
      sameUrl.name,
    );
  }
  const taken = registry.webhooks.map(({ name }) => name);
  const name = settings.name ?? nameFromUrl(url, taken);
  if (taken.some((other) => other === name)) {
    const message = `Webhook already exists: another one is named "${name}"`;
    throw new WebhookExistsError(message, String(name));
  }
  const webhook: Record<string, TomlValue> = { name, url };
  for (const [key, value] of definedSettings(settings)) webhook[key] = value;
  return [{ do: "append", webhook }];
}

/** What a setting takes away: the same thing said in another way. */
const REPLACES: { readonly [K in WebhookKey]?: WebhookKey } = {
  "secret": "secret-file",
  "secret-file": "secret",
  "bearer-token": "bearer-token-file",
  "bearer-token-file": "bearer-token",
};

/**
 * The edits that change a webhook; those that change nothing leave the file as it is. A token or a
 * secret takes the place of the file that held one, and the other way round, and ends what a former
 * secret was kept for. Without its secret a webhook signs nothing: who clears it clears `sign` too.
 *
 * @param which Its URL or name.
 * @throws {InvalidValueError} If a value is not allowed.
 * @throws {UnknownWebhookError} If there is no such webhook.
 * @throws {WebhookExistsError} If another one has the new URL or name.
 */
export function modifyWebhook(
  registry: Registry,
  which: string,
  settings: WebhookSettings,
): RegistryEdit[] {
  const index = findWebhook(registry, which);
  const others = registry.webhooks.filter((_, at) => at !== index);
  for (const [key, value] of definedSettings(settings)) {
    if (key === "name" && others.some(({ name }) => name === value)) {
      const message = `Webhook already exists: another one is named "${value}"`;
      throw new WebhookExistsError(message, String(value));
    }
    const sameUrl = key === "url"
      ? others.find(({ url }) => isSameUrl(url, String(value)))
      : undefined;
    if (sameUrl !== undefined) {
      throw new WebhookExistsError(
        `Webhook already exists: ${maskUrl(String(value))} is registered as "${sameUrl.name}"`,
        sameUrl.name,
      );
    }
  }
  return Object.entries({ ...impliedBy(settings, registry.webhooks[index]), ...settings }).map((
    [key, value],
  ) =>
    value === undefined
      ? { do: "unset", table: index, key }
      : { do: "set", table: index, key, value }
  );
}

/** The keys that go because of others that come or go. */
function impliedBy(settings: WebhookSettings, before: Webhook | undefined): WebhookSettings {
  const implied: { [K in WebhookKey]?: undefined } = {};
  for (const [name, value] of Object.entries(settings)) {
    const replaced = REPLACES[name as WebhookKey];
    if (value !== undefined && replaced !== undefined) implied[replaced] = undefined;
  }
  const after = { ...implied, ...settings };
  const hasSecret = (["secret", "secret-file"] as const).some((key) =>
    key in after
      ? after[key] !== undefined
      : before?.signing?.[key === "secret" ? "secret" : "secretFile"] !== undefined
  );
  if (before?.signing === undefined) return implied;
  const old = { "old-secret": undefined, "old-secret-until": undefined };
  if (!hasSecret) return { ...implied, "sign": undefined, ...old };
  // Who gives a secret, or signs in another way, means this and no former one, unless that is said.
  const isOther = ["secret", "secret-file", "sign"].some((key) => key in settings);
  return isOther && before.signing.oldSecret !== undefined ? { ...implied, ...old } : implied;
}

/**
 * The edits that let the events of a webhook wait; none if they do already.
 *
 * @param which Its URL or name.
 * @throws {UnknownWebhookError} If there is no such webhook.
 */
export function pauseWebhook(registry: Registry, which: string): RegistryEdit[] {
  if (getWebhook(registry, which).paused) return [];
  return modifyWebhook(registry, which, { paused: true });
}

/**
 * The edits that end a pause of a webhook; none if the registry does not pause it.
 *
 * @param which Its URL or name.
 * @throws {UnknownWebhookError} If there is no such webhook.
 */
export function resumeWebhook(registry: Registry, which: string): RegistryEdit[] {
  if (!getWebhook(registry, which).paused) return [];
  return modifyWebhook(registry, which, { paused: undefined });
}

/**
 * The edits that remove a webhook.
 *
 * @param which Its URL or name.
 * @throws {UnknownWebhookError} If there is no such webhook.
 */
export function removeWebhook(registry: Registry, which: string): RegistryEdit[] {
  return [{ do: "remove", webhook: findWebhook(registry, which) }];
}

/**
 * The webhook with this URL or name.
 *
 * @throws {UnknownWebhookError} If there is none.
 */
export function getWebhook(registry: Registry, which: string): Webhook {
  const webhook = registry.webhooks[findWebhook(registry, which)];
  if (webhook === undefined) throw new RangeError("The webhook that was just found is gone");
  return webhook;
}

/**
 * The edits that set a key of the shared configuration.
 *
 * @param text The value as a person writes it.
 * @throws {InvalidValueError} If the value is not allowed.
 */
export function setConfig(key: ConfigKey, text: string): RegistryEdit[] {
  const rule: KeyRule = CONFIG_KEYS[key];
  const value = rule.kind.fromText(text);
  checkValue(key, rule, value);
  // No value is written as no entry.
  if (value === "") return resetConfig([key]);
  return [{ do: "set", table: "config", key, value }];
}

/** Whether a text means the value that a key of the shared configuration has: `60s` is `1m`. */
export function isConfigValue(key: ConfigKey, value: TomlValue, text: string): boolean {
  const rule: KeyRule = CONFIG_KEYS[key];
  const given = checkValue(key, rule, rule.kind.fromText(text));
  return JSON.stringify(checkValue(key, rule, value)) === JSON.stringify(given);
}

/** The edits that put keys of the shared configuration back to their defaults. */
export function resetConfig(keys: readonly ConfigKey[]): RegistryEdit[] {
  return keys.map((key) => ({ do: "unset", table: "config", key }));
}

/** Whether this is the webhook that somebody calls by its name or URL. */
export function isCalled({ name, url }: Pick<Webhook, "name" | "url">, which: string): boolean {
  return name === which || (URL.canParse(which) && isSameUrl(url, which));
}

function findWebhook(registry: Registry, which: string): number {
  const index = registry.webhooks.findIndex((webhook) => isCalled(webhook, which));
  if (index === -1) {
    const shown = URL.canParse(which) ? maskUrl(which) : showValue(maskUrl(which));
    throw new UnknownWebhookError(`Webhook does not exist: ${shown}`, {
      asked: which,
      known: registry.webhooks.map(({ name }) => name),
    });
  }
  return index;
}

function definedSettings(settings: WebhookSettings): [WebhookKey, TomlValue][] {
  const entries: [WebhookKey, TomlValue][] = [];
  for (const [name, value] of Object.entries(settings)) {
    const key = name as WebhookKey;
    if (value === undefined) continue;
    checkValue(key, WEBHOOK_KEYS[key], value);
    entries.push([key, value]);
  }
  return entries;
}

function checkValue(key: string, rule: KeyRule, value: TomlValue): unknown {
  const result = rule.kind.read(value);
  if ("fault" in result) throw new InvalidValueError(`${key} ${result.fault}`);
  return result.value;
}
