import type { Invocation } from "../command.ts";
import { COMMANDS, SHARED_OPTIONS } from "../command_table.ts";
import { EXIT } from "../exit_codes.ts";
import { renderManPage } from "../man_page.ts";

/** `man-page` */
export function run({ output, version }: Invocation): Promise<number> {
  const page = renderManPage(COMMANDS, SHARED_OPTIONS, version);
  output.result([page.trimEnd()], { page });
  return Promise.resolve(EXIT.done);
}
