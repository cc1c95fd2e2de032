import { type ReceivedRequest, toJsonLine } from "../../testhook/received_event.ts";
import {
  startTestHook,
  type TakenRequest,
  type TestHook,
  TestHookError,
  urlOf,
} from "../../testhook/test_hook.ts";
import { CommandError, type GivenOptions, type Invocation, UsageError } from "../command.ts";
import { EventColumns } from "../event_columns.ts";
import { EXIT } from "../exit_codes.ts";

/** `serve-test-hook` */
export async function run({ options, output, signals, version }: Invocation): Promise<number> {
  const port = readNumber(options, "port", { min: 0, max: 65535 }) ?? 9000;
  const status = readNumber(options, "status", { min: 200, max: 599 }) ?? 200;
  const maxEvents = readNumber(options, "max-events", { min: 1, max: 1e9 }) ?? Infinity;
  const keeps = readNumber(options, "keep", { min: 1, max: 100_000 }) ?? 1000;
  const columns = new EventColumns();
  const done = Promise.withResolvers<void>();
  let count = 0;
  using file = openOutput(options.get("output"));
  const onRequest = (request: ReceivedRequest, { events }: TakenRequest) => {
    try {
      const json = output.isJson || file !== undefined ? toJsonLine(request) : "";
      if (output.isJson) output.line(json);
      else for (const event of events) output.line(columns.row(event));
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
      hostname: host,
      port,
      status,
      now: Date.now,
      onRequest,
      keeps,
      isUiOpen: options.has("ui-open"),
      version,
      machine: Deno.hostname(),
    });
  await using hook = hostname === undefined ? startOnAll(start) : start(hostname);
  using _stopping = signals.on(["SIGTERM", "SIGINT"], () => done.resolve());
  for (const line of describeHook(hook)) output.note(line);
  if (!output.isJson) output.line(columns.heading());
  await done.promise;
  output.note(count === 1 ? "1 event received" : `${count} events received`);
  return EXIT.done;
}

function startOnAll(start: (hostname: string) => TestHook): TestHook {
  try {
    return start("::");
  } catch (error) {
    const isTaken = error instanceof Error && error.cause instanceof Deno.errors.AddrInUse;
    if (!(error instanceof TestHookError) || isTaken) throw error;
    // The machine has no IPv6.
    return start("0.0.0.0");
  }
}

function describeHook(hook: TestHook): string[] {
  const { hostname, port } = hook;
  const url = urlOf(hook);
  const isAll = hostname === "::" || hostname === "0.0.0.0";
  const others = isAll ? `; from other nodes: this machine's name, port ${port}` : "";
  return [
    `Listening. Register it: gluster-eventing webhook-add ${url}${others}`,
    `Look at it: ${url}`,
  ];
}

function readNumber(
  options: GivenOptions,
  name: string,
  { min, max }: { min: number; max: number },
): number | undefined {
  const text = options.get(name);
  if (text === undefined) return undefined;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(
    `--${name} cannot be "${text}"`,
    `give a whole number from ${min} to ${max}`,
  );
}

function openOutput(path: string | undefined) {
  if (path === undefined) return undefined;
  try {
    const file = Deno.openSync(path, { append: true, create: true, mode: 0o600 });
    return {
      append: (line: string) => appendLine(file, { path, line }),
      [Symbol.dispose]: () => file.close(),
    };
  } catch (error) {
    throw toOutputError(path, error);
  }
}

function toOutputError(path: string, error: unknown): CommandError {
  const reason = error instanceof Error ? error.message : String(error);
  return new CommandError(
    EXIT.failed,
    `Cannot append to ${path}: ${reason}`,
    "name another file with --output",
    { cause: error },
  );
}

function appendLine(file: Deno.FsFile, { path, line }: { path: string; line: string }): void {
  const bytes = new TextEncoder().encode(`${line}\n`);
  try {
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
  } catch (error) {
    throw toOutputError(path, error);
  }
}
