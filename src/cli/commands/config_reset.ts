import { isConfigValue, resetConfig } from "../../registry/changes.ts";
import { CONFIG_KEYS, isConfigKey } from "../../registry/schema.ts";
import { asConfigKey, configText, configValues } from "../config_values.ts";
import { CommandError, type Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { editRegistry, tellEdit } from "../shared_edit.ts";

/** `config-reset NAME|all` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [name = ""] } = invocation;
  const keys = name.toLowerCase() === "all"
    ? Object.keys(CONFIG_KEYS).filter(isConfigKey)
    : [asConfigKey(name)];
  let reset = keys;
  const edit = await editRegistry(invocation, (current) => {
    const values = configValues(current.config);
    reset = keys.filter((key) =>
      !isConfigValue(key, values[key], configText(key, CONFIG_KEYS[key].initial))
    );
    return resetConfig(reset);
  });
  if (reset.length === 0) {
    const what = keys.length === 1 ? `${keys[0]} has` : "all settings have";
    throw new CommandError(
      EXIT.valueUnchanged,
      `Config value not reset: ${what} the default already`,
      "see all settings: gluster-eventing config-get",
    );
  }
  const values = configValues(edit.registry.config);
  return tellEdit(invocation, edit, {
    lines: reset.map((key) => `Put ${key} back to ${configText(key, values[key])}.`),
    data: Object.fromEntries(reset.map((key) => [key, values[key]])),
    unsynced: EXIT.configSyncFailed,
  });
}
