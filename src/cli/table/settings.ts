/**
 * The commands for the shared settings.
 *
 * @module
 */
import { CONFIG_KEYS, isConfigKey } from "../../registry/schema.ts";
import type { CommandSpec } from "../command.ts";
import { configText } from "../config_values.ts";

const KEYS = Object.keys(CONFIG_KEYS).filter(isConfigKey).map((name) => {
  const { purpose, initial } = CONFIG_KEYS[name];
  return `  ${name.padEnd(18)}  ${purpose} (${configText(name, initial)})`;
}).join("\n");
const SETTINGS = `The settings, with their defaults:\n${KEYS}`;

export const SETTINGS_COMMANDS: readonly CommandSpec[] = [
  {
    name: "config-get",
    section: "Shared settings",
    summary: "Show the shared settings",
    details: SETTINGS,
    operands: [],
    options: [{ name: "name", value: "NAME", help: "show only this one" }],
    examples: [{ line: "config-get --name retry-for", does: "how long events are retried" }],
    load: () => import("../commands/config_get.ts"),
  },
  {
    name: "config-set",
    section: "Shared settings",
    summary: "Change a shared setting",
    details: SETTINGS,
    operands: [
      { name: "NAME", help: "the setting" },
      { name: "VALUE", help: "its new value" },
    ],
    options: [],
    examples: [
      { line: "config-set log-level DEBUG", does: "log every event and every attempt" },
      {
        line: "config-set allow-from 10.0.0.0/8,fd00::/8",
        does: "take events from there and from this machine's loopback only",
      },
      { line: "config-set allow-from any", does: "take events from everywhere again" },
    ],
    load: () => import("../commands/config_set.ts"),
  },
  {
    name: "config-reset",
    section: "Shared settings",
    summary: "Put a shared setting, or all, back to the default",
    details: SETTINGS,
    operands: [{ name: "NAME|all", help: "the setting, or all of them" }],
    options: [],
    examples: [{ line: "config-reset all", does: "forget all changes" }],
    load: () => import("../commands/config_reset.ts"),
  },
];
