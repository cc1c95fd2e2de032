/**
 * The options that say which events are meant, and how many are shown.
 *
 * @module
 */
import { MOST_ROWS, USUAL_ROWS } from "../api/spool_query.ts";
import type { EventQuery } from "../api/spool_reports.ts";
import { InvalidFilterError, parseEventFilter } from "../event/event_filter.ts";
import { type GivenOptions, UsageError } from "./command.ts";
import { readTime } from "./local_time.ts";
import type { Output } from "./output.ts";

/**
 * Which events are meant; empty if no option says.
 *
 * @throws {UsageError} If an option makes no sense.
 */
export function readSelection(options: GivenOptions): EventQuery {
  const ids = options.all("id");
  if (ids.includes("")) {
    throw new UsageError("The option --id is empty", "is a variable in your script unset?");
  }
  const nowMs = Date.now();
  const time = (name: "since" | "until") => {
    const text = options.get(name);
    return text === undefined ? {} : { [name]: readTime(text, { name, nowMs }) };
  };
  const selection: EventQuery = {
    ...(ids.length === 0 ? {} : { ids }),
    ...readFilter(options),
    ...time("since"),
    ...time("until"),
  };
  const { since, until } = selection;
  if (since !== undefined && until !== undefined && until <= since) {
    throw new UsageError(
      `--until ${options.get("until")} is not later than --since ${options.get("since")}`,
      "give the earlier time to --since",
    );
  }
  return selection;
}

/**
 * Which kinds of events are meant; empty if no option says.
 *
 * @throws {UsageError} If an option makes no sense.
 */
export function readFilter(options: GivenOptions): Pick<EventQuery, "events" | "severity"> {
  const group = options.get("group");
  const events = [
    ...options.all("events").flatMap((list) => list.split(",")).map((pattern) => pattern.trim()),
    ...group === undefined ? [] : [`group:${group}`],
  ];
  const severity = options.get("severity");
  const filter = {
    ...(events.length === 0 ? {} : { events }),
    ...(severity === undefined ? {} : { severity }),
  };
  try {
    parseEventFilter(filter);
    return filter;
  } catch (error) {
    if (!(error instanceof InvalidFilterError)) throw error;
    throw new UsageError(error.message, error.hint, { cause: error });
  }
}

/** How many rows are shown. @throws {UsageError} If it is no number. */
export function readLimit(options: GivenOptions): number {
  const text = options.get("limit") ?? String(USUAL_ROWS);
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (limit >= 1 && limit <= MOST_ROWS) return limit;
  throw new UsageError(
    `--limit cannot be "${text}"`,
    `give a whole number from 1 to ${MOST_ROWS}`,
  );
}

/**
 * The newest rows, up to a limit. A note says if there are more.
 *
 * @param ask Asks for rows, oldest first.
 */
export async function newestRows<Row>(
  { limit, output }: { limit: number; output: Output },
  ask: (limit: number) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  // One more than wanted tells whether there are more.
  const rows = await ask(Math.min(limit + 1, MOST_ROWS));
  if (rows.length > limit) {
    output.note(`note: these are the newest ${limit}; for more of them: --limit ${more(limit)}`);
  } else if (rows.length === MOST_ROWS) {
    output.note(`note: these are the newest ${limit}; there may be older ones: use --until`);
  }
  return rows.slice(-limit);
}

function more(limit: number): number {
  return Math.min(limit * 10, MOST_ROWS);
}
