import { asConfigKey, configValues } from "../config_values.ts";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { renderTable } from "../render_table.ts";

/** `config-get [--name NAME]` */
export async function run({ options, output, places }: Invocation): Promise<number> {
  const name = options.get("name");
  const only = name === undefined ? undefined : asConfigKey(name);
  const { config } = await (await places.registry()).read();
  const values = Object.fromEntries(
    Object.entries(configValues(config)).filter(([key]) => only === undefined || key === only),
  );
  const rows = Object.entries(values).map(([key, value]) => [key, String(value)]);
  output.result(renderTable(["NAME", "VALUE"], rows), values);
  return EXIT.done;
}
