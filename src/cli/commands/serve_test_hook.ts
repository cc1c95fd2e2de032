import { type ReceivedRequest, toJsonLine } from "../../testhook/received_event.ts";
import type { TakenRequest } from "../../testhook/receiver.ts";
import { startTestHook, type TestHook, TestHookError } from "../../testhook/test_hook.ts";
import { openAppendFile } from "../append_file.ts";
import type { Invocation } from "../command.ts";
import { EventColumns } from "../event_columns.ts";
import { EXIT } from "../exit_codes.ts";
import { describeEnd, describeHook } from "../hook_lines.ts";
import { readHookSettings } from "../hook_settings.ts";
import { readWholeNumber } from "../whole_number.ts";

/** `serve-test-hook` */
export async function run({ options, output, signals, version }: Invocation): Promise<number> {
  const port = readWholeNumber(options, "port", { min: 0, max: 65535 }) ?? 9000;
  const maxEvents = readWholeNumber(options, "max-events", { min: 1, max: 1e9 }) ?? Infinity;
  const settings = readHookSettings(options, output);
  const { secrets = [], bearerToken } = settings.proof ?? {};
  const isVerifying = secrets.length > 0 || bearerToken !== undefined;
  const columns = new EventColumns({ isVerifying });
  const done = Promise.withResolvers<void>();
  let count = 0;
  const path = options.get("output");
  using file = path === undefined ? undefined : openAppendFile(path);
  const onRequest = (request: ReceivedRequest, { shown, events }: TakenRequest) => {
    try {
      const json = output.isJson || file !== undefined ? toJsonLine(request, moreOf(shown)) : "";
      if (output.isJson) output.line(json);
      else for (const row of rowsOf(columns, { shown, events })) output.line(row);
      file?.append(json);
    } catch (error) {
      done.reject(error);
    }
    count += events.length;
    if (count >= maxEvents) done.resolve();
  };
  const hostname = options.get("host");
  const start = (host: string) =>
    startTestHook({
      ...settings,
      hostname: host,
      port,
      now: Date.now,
      onRequest,
      version,
      machine: Deno.hostname(),
    });
  await using hook = hostname === undefined ? startOnAll(start) : start(hostname);
  using _stopping = signals.on(["SIGTERM", "SIGINT"], () => done.resolve());
  for (const line of describeHook(hook, settings.isUiOpen === true)) output.note(line);
  if (!output.isJson) output.line(columns.heading());
  await done.promise;
  for (const line of describeEnd(hook.summary())) output.note(line);
  return EXIT.done;
}

function startOnAll(start: (hostname: string) => TestHook): TestHook {
  try {
    return start("::");
  } catch (error) {
    const isTaken = error instanceof Error && error.cause instanceof Deno.errors.AddrInUse;
    // Without a cause it is not the address that does not suit.
    if (!(error instanceof TestHookError) || isTaken || error.cause === undefined) throw error;
    // The machine has no IPv6.
    return start("0.0.0.0");
  }
}

/** What a line says beside the request itself. */
function moreOf(shown: TakenRequest["shown"]): Readonly<Record<string, unknown>> {
  const { number, from, body_bytes: bytes, status, trouble, verdicts, events } = shown;
  return {
    number,
    from,
    body_bytes: bytes,
    status,
    trouble,
    verified: verdicts.length === 0 ? null : verdicts.every(({ ok }) => ok),
    verdicts,
    events: events.map(({ id, event, marks, note }) => ({ id, event, marks, note })),
  };
}

function rowsOf(columns: EventColumns, { shown, events }: TakenRequest): string[] {
  const bad = shown.verdicts.filter(({ ok }) => !ok).map(({ reason }) => reason).join("; ");
  return events.map((event, index) => {
    const marks = shown.events[index]?.marks ?? [];
    return columns.row(event, { reason: bad, marks });
  });
}
