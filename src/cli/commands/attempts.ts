import type { Invocation } from "../command.ts";
import { newestRows, readLimit, readSelection } from "../event_selection.ts";
import { EXIT } from "../exit_codes.ts";
import { noteLocal } from "../note_local.ts";
import { renderAttempts } from "../spool_rows.ts";

/** `attempts [WEBHOOK]` */
export async function run(invocation: Invocation): Promise<number> {
  const { operands: [webhook], options, output, places } = invocation;
  const query = {
    ...readSelection(options),
    ...(webhook === undefined ? {} : { webhook }),
    ...(options.has("failed") ? { failed: true } : {}),
  };
  const wanted = { limit: readLimit(options), output };
  noteLocal(invocation);
  const daemon = places.daemon();
  const attempts = await newestRows(
    wanted,
    (limit) => daemon.attempts({ ...query, limit }),
  );
  output.result(attempts.length === 0 ? ["No attempts."] : renderAttempts(attempts), attempts);
  return EXIT.done;
}
