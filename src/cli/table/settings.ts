/**
 * The commands for the shared settings.
 *
 * @module
 */
import { CONFIG_KEYS, isConfigKey } from "../../registry/schema.ts";
import type { ValueKind } from "../../registry/value_kinds.ts";
import type { CommandSpec, OperandSpec } from "../command.ts";
import { configText } from "../config_values.ts";

const KEYS = Object.keys(CONFIG_KEYS).filter(isConfigKey);
const ROWS = KEYS.map((name) => {
  const { purpose, initial } = CONFIG_KEYS[name];
  return `  ${name.padEnd(18)}  ${purpose} (${configText(name, initial)})`;
}).join("\n");
const SETTINGS = `The settings, with their defaults:\n${ROWS}`;

const VALUE: OperandSpec = {
  name: "VALUE",
  choicesAfter: Object.fromEntries(KEYS.flatMap((name) => {
    const { words }: ValueKind<unknown> = CONFIG_KEYS[name].kind;
    return words === undefined ? [] : [[name, words]];
  })),
  help: "its new value",
};

export const SETTINGS_COMMANDS: readonly CommandSpec[] = [
  {
    name: "config-get",
    section: "Shared settings",
    summary: "Show the shared settings",
    details: SETTINGS,
    operands: [],
    options: [{ name: "name", value: "NAME", choices: KEYS, help: "show only this one" }],
    examples: [{ line: "config-get --name retry-for", does: "how long events are retried" }],
    load: () => import("../commands/config_get.ts"),
  },
  {
    name: "config-set",
    section: "Shared settings",
    summary: "Change a shared setting",
    details: SETTINGS,
    operands: [
      { name: "NAME", choices: KEYS, help: "the setting" },
      VALUE,
    ],
    options: [],
    examples: [
      { line: "config-set log-level DEBUG", does: "log every event and every attempt" },
      {
        line: "config-set allow-from 10.0.0.0/8,fd00::/8",
        does: "take events from there and from this machine's loopback only",
      },
      { line: "config-set allow-from any", does: "take events from everywhere again" },
      { line: "config-set api-listen 127.0.0.1:24080", does: "serve the API on loopback too" },
      { line: "config-set api-listen off", does: "serve it on the control socket only" },
    ],
    load: () => import("../commands/config_set.ts"),
  },
  {
    name: "config-reset",
    section: "Shared settings",
    summary: "Put a shared setting, or all, back to the default",
    details: SETTINGS,
    operands: [
      { name: "NAME|all", choices: [...KEYS, "all"], help: "the setting, or all of them" },
    ],
    options: [],
    examples: [{ line: "config-reset all", does: "forget all changes" }],
    load: () => import("../commands/config_reset.ts"),
  },
];
