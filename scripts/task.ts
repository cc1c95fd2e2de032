/**
 * What the tasks that run the compiled program for long have in common.
 *
 * @module
 */

/** The root of the project, with a slash behind it. */
export const ROOT: string = new URL("..", import.meta.url).pathname;

/** Names the binary to use; without it the tasks compile one. */
export const BINARY_VARIABLE = "GLUSTER_EVENTING_BINARY";

/** The exit codes of the tasks. */
export const EXIT = { done: 0, failed: 1, usage: 64, interrupted: 130 } as const;

/**
 * Decides which binary is used. Comes before the tests' support is loaded, which reads the variable.
 *
 * @returns Whether one was given.
 */
export function useBinary(): boolean {
  const isGiven = (Deno.env.get(BINARY_VARIABLE) ?? "") !== "";
  if (!isGiven) Deno.env.set(BINARY_VARIABLE, `${ROOT}dist/gluster-eventing`);
  return isGiven;
}

/** Compiles the program. @returns Whether that worked; why not is on standard error then. */
export async function compile(): Promise<boolean> {
  return await runDeno("run", "-A", `${ROOT}scripts/compile.ts`);
}

/** Runs Deno with its output where this program's goes. @returns Whether it succeeded. */
export async function runDeno(...args: string[]): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  return success;
}

/** A signal that Ctrl-C and SIGTERM abort. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => stop.abort(new Error(`ended by ${signal}`)));
  }
  return stop.signal;
}

/** Writes a line to standard output. */
export function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

/** Writes an error, and a hint if there is one, to standard error. */
export function complain(reason: string, hint?: string): void {
  const lines = [`error: ${reason}`, ...(hint === undefined ? [] : [`hint: ${hint}`])];
  Deno.stderr.writeSync(new TextEncoder().encode(`${lines.join("\n")}\n`));
}
