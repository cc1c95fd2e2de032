/**
 * The shared settings by name, as the commands show them.
 *
 * @module
 */
import {
  CONFIG_KEYS,
  type ConfigKey,
  isConfigKey,
  type KeyRule,
  type SharedConfig,
} from "../registry/schema.ts";
import { formatDuration } from "../registry/duration.ts";
import { toText } from "../registry/list_kind.ts";
import { formatSize } from "../registry/size.ts";
import type { TomlValue } from "../registry/value_kinds.ts";
import { nearest } from "../std/text.ts";
import { CommandError } from "./command.ts";
import { EXIT } from "./exit_codes.ts";

/** The values in force, as TOML has them. */
export function configValues(config: SharedConfig): Record<ConfigKey, TomlValue> {
  return {
    "port": config.port,
    "allow-from": config.allowFrom,
    "api-listen": config.api.listen ?? "",
    "api-token-file": config.api.tokenFile ?? "",
    "api-cert-file": config.api.certFile ?? "",
    "api-key-file": config.api.keyFile ?? "",
    "log-level": config.logLevel,
    "disable-events-log": config.disableEventsLog,
    "timeout": formatDuration(config.timeoutMs),
    "retry-min": formatDuration(config.retryMinMs),
    "retry-max": formatDuration(config.retryMaxMs),
    "retry-for": formatDuration(config.retryForMs),
    "history-max-age": formatDuration(config.historyMaxAgeMs),
    "history-max-size": formatSize(config.historyMaxBytes),
    "receive-buffer": formatSize(config.receiveBufferBytes),
    "spool-max-size": formatSize(config.spoolMaxBytes),
  };
}

/** A value of a setting as people write it behind `config-set`. */
export function configText(key: ConfigKey, value: TomlValue): string {
  const rule: KeyRule = CONFIG_KEYS[key];
  return toText(rule.kind, value);
}

/**
 * The name as that of a setting.
 *
 * @throws {CommandError} If there is none of this name.
 */
export function asConfigKey(name: string): ConfigKey {
  if (isConfigKey(name)) return name;
  const known = Object.keys(CONFIG_KEYS);
  const guess = nearest(name, known);
  throw new CommandError(
    EXIT.invalidConfig,
    `Invalid Config item: there is no setting "${name}"`,
    guess === undefined ? `there are: ${known.join(", ")}` : `did you mean: ${guess}`,
  );
}
