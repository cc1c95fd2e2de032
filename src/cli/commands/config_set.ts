import { isConfigValue, setConfig } from "../../registry/changes.ts";
import { CONFIG_KEYS } from "../../registry/schema.ts";
import { asConfigKey, configText, configValues } from "../config_values.ts";
import { CommandError, type Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { withWholePath } from "../given_file.ts";
import { editRegistry, tellEdit } from "../shared_edit.ts";

/** `config-set NAME VALUE` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [name = "", given = ""] } = invocation;
  const key = asConfigKey(name);
  const text = withWholePath(given, CONFIG_KEYS[key].kind);
  const edits = setConfig(key, text);
  let isSame = false;
  const edit = await editRegistry(invocation, (current) => {
    isSame = isConfigValue(key, configValues(current.config)[key], text);
    return isSame ? [] : edits;
  });
  const value = configValues(edit.registry.config)[key];
  if (isSame) {
    throw new CommandError(
      EXIT.valueUnchanged,
      `Config value not changed: ${key} is ${configText(key, value)} already`,
      "see all settings: gluster-eventing config-get",
    );
  }
  const restart = key === "port"
    ? ["Restart to listen on the new port: gluster-eventing restart"]
    : [];
  return tellEdit(invocation, edit, {
    lines: [`Set ${key} to ${configText(key, value)}.`, ...restart],
    data: { [key]: value },
    unsynced: EXIT.configSyncFailed,
  });
}
