import type { Invocation } from "../command.ts";
import { runServiceAction } from "../service_command.ts";

/** `restart` */
export async function run(invocation: Invocation): Promise<number> {
  return await runServiceAction("restart", invocation);
}
