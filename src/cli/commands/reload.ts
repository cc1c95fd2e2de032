import type { NodeRow } from "../../cluster/node_row.ts";
import { toRow } from "../../cluster/pool_registry.ts";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { exitCodeOf, renderNodes, rowOfThisNode, rowToJson } from "../node_table.ts";
import { openPool } from "../pool_access.ts";
import { reloadDaemon } from "../reload_daemon.ts";

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
  const [replies, here] = await Promise.all([
    access.ask({ words: ["reload"] }),
    rowOfThisNode(() => reloadDaemon(places)),
  ]);
  const rows: NodeRow[] = [...replies.map(toRow), here];
  output.result(renderNodes(rows, "RELOAD"), rows.map((row) => rowToJson(row, "RELOAD")));
  return exitCodeOf(rows);
}
