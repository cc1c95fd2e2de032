import type { Invocation } from "../command.ts";
import { newestRows, readLimit, readSelection } from "../event_selection.ts";
import { EXIT } from "../exit_codes.ts";
import { noteLocal } from "../note_local.ts";
import { renderDeadLetters } from "../spool_rows.ts";

/** `dead-letters [WEBHOOK]` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [webhook], options, output, places } = invocation;
  const query = { ...readSelection(options), ...(webhook === undefined ? {} : { webhook }) };
  const wanted = { limit: readLimit(options), output };
  noteLocal(invocation);
  const daemon = places.daemon();
  const letters = await newestRows(
    wanted,
    (limit) => daemon.deadLetters({ ...query, limit }),
  );
  output.result(letters.length === 0 ? ["No dead letters."] : renderDeadLetters(letters), letters);
  return EXIT.done;
}
