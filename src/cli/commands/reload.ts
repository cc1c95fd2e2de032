import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { exitCodeOf, renderNodes, rowToJson } from "../node_table.ts";
import { openPool } from "../pool_access.ts";
import { reloadDaemon } from "../reload_daemon.ts";
import { reloadEverywhere } from "../reload_everywhere.ts";

/** `reload` */
export async function run(invocation: Invocation): Promise<number> {
  const { output, places } = invocation;
  const access = await openPool(invocation);
  if (access === undefined) {
    const { generation, registry } = await reloadDaemon(places);
    output.result([`The daemon works with generation ${generation} of ${registry}.`], {
      generation,
      registry,
    });
    return EXIT.done;
  }
  const rows = await reloadEverywhere(access, places);
  output.result(renderNodes(rows, "RELOAD"), rows.map((row) => rowToJson(row, "RELOAD")));
  return exitCodeOf(rows);
}
