import { CommandError, type Invocation } from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { exitCodeOf, renderNodes, rowToJson } from "../node_table.ts";
import { openPool } from "../pool_access.ts";
import { syncEverywhere } from "../reload_everywhere.ts";

/** `sync` */
export async function run(invocation: Invocation): Promise<number> {
  const { options, output } = invocation;
  const access = await openPool(invocation);
  if (access === undefined) {
    throw new CommandError(
      EXIT.failed,
      "There is no pool to bring in step",
      "run it on a node of the pool, as root, without --local",
    );
  }
  const isForced = options.has("force");
  const { state, rows, notes } = await syncEverywhere(access, invocation, { isForced });
  if (!output.isJson) notes.forEach((note) => output.note(`note: ${note}`));
  output.result(
    [
      `Generation ${state.generation} of the registry counts.`,
      "",
      ...renderNodes(rows, "SYNC"),
    ],
    rows.map((shown) => rowToJson(shown, "SYNC")),
  );
  return access.link.trouble === undefined ? exitCodeOf(rows) : EXIT.webhookSyncFailed;
}
