import { isConfigValue, setConfig } from "../../registry/changes.ts";
import { asConfigKey, configText, configValues } from "../config_values.ts";
import { CommandError, type Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { describeUptake, noteLocal, tellDaemon } from "../local_change.ts";

/** `config-set NAME VALUE` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [name = "", text = ""], output, places } = invocation;
  const key = asConfigKey(name);
  const edits = setConfig(key, text);
  const file = await places.registry();
  noteLocal(invocation);
  let isSame = false;
  const registry = await file.change((current) => {
    isSame = isConfigValue(key, configValues(current.config)[key], text);
    return isSame ? [] : edits;
  });
  const value = configValues(registry.config)[key];
  if (isSame) {
    throw new CommandError(
      EXIT.valueUnchanged,
      `Config value not changed: ${key} is ${configText(key, value)} already`,
      "see all settings: gluster-eventing config-get",
    );
  }
  const daemon = await tellDaemon(invocation, file.path);
  const restart = key === "port" ? ["Restart the daemon to listen on the new port."] : [];
  output.result(
    [`Set ${key} to ${configText(key, value)}.`, ...restart, describeUptake(daemon)],
    { [key]: value, daemon },
  );
  return EXIT.done;
}
