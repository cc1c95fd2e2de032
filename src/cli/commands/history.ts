import type { Invocation } from "../command.ts";
import { newestRows, readLimit, readSelection } from "../event_selection.ts";
import { EXIT } from "../exit_codes.ts";
import { noteLocal } from "../note_local.ts";
import { renderHistory } from "../spool_rows.ts";

/** `history` */
export async function run(invocation: Invocation): Promise<number> {
  const { options, output, places } = invocation;
  const selection = readSelection(options);
  const wanted = { limit: readLimit(options), output };
  noteLocal(invocation);
  const daemon = places.daemon();
  const events = await newestRows(wanted, (limit) => daemon.history({ ...selection, limit }));
  output.result(events.length === 0 ? ["No events."] : renderHistory(events), events);
  return EXIT.done;
}
