import { isConfigValue, resetConfig } from "../../registry/changes.ts";
import { CONFIG_KEYS, isConfigKey } from "../../registry/schema.ts";
import { asConfigKey, configText, configValues } from "../config_values.ts";
import { CommandError, type Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { describeUptake, noteLocal, tellDaemon } from "../local_change.ts";

/** `config-reset NAME|all` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [name = ""], output, places } = invocation;
  const keys = name.toLowerCase() === "all"
    ? Object.keys(CONFIG_KEYS).filter(isConfigKey)
    : [asConfigKey(name)];
  const file = await places.registry();
  noteLocal(invocation);
  let reset = keys;
  const registry = await file.change((current) => {
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
  const daemon = await tellDaemon(invocation, file.path);
  const values = configValues(registry.config);
  output.result(
    [
      ...reset.map((key) => `Put ${key} back to ${configText(key, values[key])}.`),
      describeUptake(daemon),
    ],
    { ...Object.fromEntries(reset.map((key) => [key, values[key]])), daemon },
  );
  return EXIT.done;
}
