/**
 * The options of `webhook-add` and `webhook-mod` as settings of a webhook.
 *
 * @module
 */
import type { WebhookSettings } from "../registry/changes.ts";
import { WEBHOOK_KEYS, type WebhookKey } from "../registry/schema.ts";
import type { TomlValue } from "../registry/value_kinds.ts";
import { type GivenOptions, UsageError } from "./command.ts";
import { withWholePath } from "./given_file.ts";

/** The settings that were given; an empty value clears a key. */
export function settingsFromOptions(options: GivenOptions): WebhookSettings {
  const settings: Partial<Record<WebhookKey, TomlValue | undefined>> = {};
  for (const name of Object.keys(WEBHOOK_KEYS)) {
    const key = name as WebhookKey;
    const text = options.get(key);
    if (text === undefined) continue;
    const { kind } = WEBHOOK_KEYS[key];
    settings[key] = text === "" ? undefined : kind.fromText(withWholePath(text, kind));
  }
  for (const key of ["name", "url"] as const) {
    if (key in settings && settings[key] === undefined) {
      throw new UsageError(`A webhook's ${key} cannot be empty`, `give --${key} a value`);
    }
  }
  if (options.has("header")) settings.headers = readHeaders(options.all("header"));
  return settings;
}

function readHeaders(pairs: readonly string[]): TomlValue | undefined {
  const given = pairs.filter((pair) => pair !== "");
  if (given.length === 0) return undefined;
  return Object.fromEntries(given.map((pair) => {
    const [name, ...value] = pair.split("=");
    if (name === undefined || name === "" || value.length === 0) {
      throw new UsageError(
        "A header is written NAME=VALUE",
        "for example: --header X-Team=storage",
      );
    }
    return [name, value.join("=")];
  }));
}
