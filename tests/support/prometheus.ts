/**
 * Prometheus, alone on a port of this machine, and its promtool.
 *
 * @module
 */
import { freePort } from "../soak/free_port.ts";
import { mustFind } from "./installed.ts";
import { type ProgramResult, RunningProgram } from "./program.ts";
import { makeTempFolder } from "./temp_folder.ts";
import { until } from "./until.ts";

/** A sample as a query finds it. */
export interface FoundSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A Prometheus that forgets everything at its end. */
export interface Prometheus extends AsyncDisposable {
  /** Asks for an expression as of now. @throws {Error} If it is no good. */
  readonly query: (expression: string) => Promise<FoundSample[]>;
  /** The answer to a question to its API, version 1. */
  readonly ask: (path: string) => Promise<unknown>;
}

interface Answer {
  readonly status: "success" | "error";
  readonly error?: string;
  readonly data: unknown;
}

interface RawSample {
  readonly metric: FoundSample["metric"];
  readonly value: readonly [time: number, value: string];
}

/** Starts one with a configuration (YAML). It looks for its targets 5 s later. */
export async function startPrometheus(config: string): Promise<Prometheus> {
  await using cleanups = new AsyncDisposableStack();
  const { path } = cleanups.use(await makeTempFolder());
  await Deno.writeTextFile(`${path}/prometheus.yml`, config);
  const address = `127.0.0.1:${freePort()}`;
  const program = cleanups.use(
    new RunningProgram([
      `--config.file=${path}/prometheus.yml`,
      `--storage.tsdb.path=${path}/data`,
      `--web.listen-address=${address}`,
    ], { binary: mustFind("prometheus") }),
  );
  await program.shows(/Server is ready to receive web requests/);
  const ask = async (question: string) => {
    const response = await fetch(`http://${address}/api/v1/${question}`);
    const { status, error, data }: Answer = await response.json();
    if (status !== "success") throw new Error(`Prometheus refuses ${question}: ${error}`);
    return data;
  };
  const stack = cleanups.move();
  return {
    ask,
    query: async (expression) => {
      const data = await ask(`query?query=${encodeURIComponent(expression)}`) as {
        readonly result: readonly RawSample[];
      };
      return data.result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Waits until a query finds something. */
export async function untilFound(prometheus: Prometheus, expression: string): Promise<void> {
  await until(`Prometheus finds ${expression}`, async () => {
    return (await prometheus.query(expression)).length > 0;
  });
}

/** Runs promtool in a folder, with what it is to read. */
export async function promtool(
  args: readonly string[],
  { cwd, stdin = "" }: { readonly cwd?: string; readonly stdin?: string } = {},
): Promise<ProgramResult> {
  const child = new Deno.Command(mustFind("promtool"), {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    ...(cwd === undefined ? {} : { cwd }),
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin));
  await writer.close();
  const { code, stdout, stderr } = await output;
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
