/**
 * Namespaces that end with whoever made them, however it ends, and all that lives in them.
 *
 * @module
 */
import type { ProgramResult } from "../support/program.ts";

/**
 * Out of reach of a signal to the test's process group; clears away behind the process that holds
 * the namespaces.
 */
const KEEPER = `
trap "" HUP INT TERM
folder=$1; shift
"$@"
code=$?
[ -z "$folder" ] || rm -rf "$folder" || code=1
exit $code`;

/**
 * The first process in the namespaces: with a process namespace, its end is the end of all in it.
 * It waits for the end of its input, which comes at the latest when the test process dies. The id
 * is the machine's, because that is whose /proc is still there.
 */
function holding(prepare: string): string {
  return `set -e
read -r pid rest </proc/self/stat
${prepare}
echo "$pid"
cat >/dev/null`;
}

/** What a process is to hold. */
export interface HeldNamespaces {
  /** Options of unshare. */
  readonly namespaces: readonly string[];
  /** A shell script that runs in the namespaces before anything else, and its arguments. */
  readonly prepare: string;
  readonly args?: readonly string[];
  /** Removed at the end. */
  readonly folder?: string;
}

/** A process that holds namespaces; they end with it. */
export interface Holder extends AsyncDisposable {
  /** Its id on this machine, to enter the namespaces with. */
  readonly pid: number;
}

/** Makes namespaces, which end when the holder is disposed of or the test process ends. */
export async function holdNamespaces(
  { namespaces, prepare, args = [], folder = "" }: HeldNamespaces,
): Promise<Holder> {
  const inside = ["sh", "-c", holding(prepare), "sh", ...args];
  const keeper = new Deno.Command("sh", {
    args: ["-c", KEEPER, "sh", folder, "unshare", ...namespaces, "--fork", ...inside],
    detached: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await using cleanups = new AsyncDisposableStack();
  const complaints = new Response(keeper.stderr).text();
  cleanups.defer(async () => {
    await keeper.stdin.close();
    const { code } = await keeper.status;
    const text = await complaints;
    if (code !== 0) throw new Error(`Namespaces could not be held or cleared away: ${text}`);
  });
  const pid = Number.parseInt(await firstLine(keeper.stdout));
  // The cleanup knows why.
  if (Number.isNaN(pid)) throw new Error("Namespaces could not be made");
  const held = cleanups.move();
  return { pid, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes("\n")) break;
  }
  return text;
}

/** What a command printed, or an error that says how it failed. */
export function mustHaveWorked(what: string, { code, stdout, stderr }: ProgramResult): string {
  if (code === 0) return stdout;
  throw new Error(`${what} ended with ${code}: ${stderr.trim()} ${stdout.trim()}`);
}
