import { DaemonNotRunningError } from "../../api/control_client.ts";
import type { StreamItem, StreamQuery } from "../../api/event_stream.ts";
import { parseStart } from "../../api/stream_start.ts";
import { sleepUnlessAborted, systemClock } from "../../dispatcher/clock.ts";
import { toPlainJson } from "../../std/plain_text.ts";
import { type GivenOptions, type Invocation, UsageError } from "../command.ts";
import { readFilter } from "../event_selection.ts";
import { EXIT } from "../exit_codes.ts";
import { readTime } from "../local_time.ts";
import { noteLocal } from "../note_local.ts";
import { readWholeNumber } from "../whole_number.ts";
import { describeNotice, WatchRows } from "../watch_rows.ts";

/** A daemon that restarts is back within a few of these. */
const TRY_AGAIN_MS = 250;
/** Whoever reads the output may go at any time, as with `| head`. */
const LOOK_FOR_READER_MS = 500;

/** `watch` */
export async function run(invocation: Invocation): Promise<number> {
  const { options, output, places, signals } = invocation;
  const query = readStreamQuery(options);
  const maxEvents = readWholeNumber(options, "max-events", { min: 1, max: 1e9 }) ?? Infinity;
  const ending = new AbortController();
  using _stopping = signals.on(["SIGTERM", "SIGINT"], () => ending.abort());
  const looking = setInterval(() => {
    if (output.isReaderGone()) ending.abort();
  }, LOOK_FOR_READER_MS);
  try {
    if (query.scope !== "cluster") noteLocal(invocation);
    const shown = new Shown(invocation, query.since !== undefined);
    const follow = (since: string | undefined) =>
      places.daemon().follow(
        { ...query, ...(since === undefined ? {} : { since }) },
        ending.signal,
      );
    for await (const item of followForEver(follow, { output, since: query.since, ending })) {
      if (shown.show(item) >= maxEvents) break;
    }
    return EXIT.done;
  } finally {
    clearInterval(looking);
  }
}

/** What is asked for. @throws {UsageError} If an option makes no sense. */
function readStreamQuery(options: GivenOptions): StreamQuery {
  const since = options.get("since");
  if (options.has("cluster") && options.has("local")) {
    throw new UsageError("--cluster and --local exclude each other", "give one of them");
  }
  return {
    ...readFilter(options),
    ...(options.has("cluster") ? { scope: "cluster" } : {}),
    ...(since === undefined ? {} : { since: readSince(since) }),
  };
}

/** An id or a position as it is; a time as history takes it. */
function readSince(text: string): string {
  const kind = parseStart(text)?.kind;
  if (kind === "id" || kind === "position") return text;
  try {
    return readTime(text, { name: "since", nowMs: Date.now() });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(error.message, `${error.hint}; or the id of an event`, { cause: error });
  }
}

/** Follows a daemon beyond its end: when it is back it goes on behind what came last. */
async function* followForEver(
  follow: (since: string | undefined) => AsyncIterable<StreamItem>,
  { output, since, ending: { signal } }: Pick<Invocation, "output"> & {
    readonly since: string | undefined;
    readonly ending: AbortController;
  },
): AsyncGenerator<StreamItem> {
  let place = since;
  let isHeard = false;
  let isLost = false;
  while (!signal.aborted) {
    try {
      for await (const item of follow(place)) {
        if (isLost) output.note("note: the daemon answers again");
        isLost = false;
        isHeard = true;
        // Without anything in its log yet: all that it receives from now on is new.
        place = item.position ?? place ?? new Date().toISOString();
        yield item;
      }
    } catch (error) {
      if (!isHeard || !(error instanceof DaemonNotRunningError)) throw error;
    }
    if (signal.aborted) return;
    if (!isLost) output.note("note: the daemon does not answer any more; waiting for it");
    isLost = true;
    await sleepUnlessAborted(systemClock, { ms: TRY_AGAIN_MS, signal });
  }
}

/** What is shown of the stream. */
class Shown {
  readonly #output: Invocation["output"];
  readonly #rows = new WatchRows();
  /** Whether it is worth saying that the past is over. */
  #isPast: boolean;
  #isBegun = false;
  #events = 0;

  constructor({ output }: Pick<Invocation, "output">, isPast: boolean) {
    this.#output = output;
    this.#isPast = isPast;
  }

  /** @returns How many events it were so far. */
  show(item: StreamItem): number {
    this.#begin();
    if (item.kind === "event") {
      const { event } = item;
      this.#output.line(this.#output.isJson ? toPlainJson(event) : this.#rows.row(event));
      return ++this.#events;
    }
    const { notice } = item;
    if (notice.notice !== "live" || this.#isPast) {
      this.#output.note(`note: ${describeNotice(notice)}`);
    }
    if (notice.notice === "live") this.#isPast = false;
    return this.#events;
  }

  /** Not before there is a daemon. */
  #begin(): void {
    if (!this.#isBegun && !this.#output.isJson) this.#output.line(this.#rows.heading());
    this.#isBegun = true;
  }
}
