import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { describeVersion, VERSION } from "../version.ts";

/** `version` */
export function run({ output }: Invocation): Promise<number> {
  output.result([describeVersion()], { version: VERSION, deno: Deno.version.deno });
  return Promise.resolve(EXIT.done);
}
