import { isConfigKey } from "../../registry/schema.ts";
import { asConfigKey, configText, configValues } from "../config_values.ts";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { renderTable } from "../render_table.ts";

/** `config-get [--name NAME]` */
export async function run({ options, output, places }: Invocation): Promise<number> {
  const name = options.get("name");
  const only = name === undefined ? undefined : asConfigKey(name);
  const { config } = await (await places.registry()).read();
  const all = configValues(config);
  const keys = only === undefined ? Object.keys(all).filter(isConfigKey) : [only];
  const rows = keys.map((key) => [key, configText(key, all[key])]);
  const values = Object.fromEntries(keys.map((key) => [key, all[key]]));
  output.result(renderTable(["NAME", "VALUE"], rows), values);
  return EXIT.done;
}
