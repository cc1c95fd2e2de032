/**
 * Network namespaces that end with whoever made them, and the processes that live in them.
 *
 * @module
 */
import { type ProgramResult, runProgram } from "../support/program.ts";

/**
 * Waits for the end of its input, which comes at the latest when the test process dies, however it
 * dies. Then it ends what lives in the namespace and nothing else, again and again because glusterd
 * starts processes, and clears away.
 */
const KEEPER = `
trap "" HUP INT TERM
cat >/dev/null
if [ -e "/run/netns/$1" ]; then
  tries=0
  while pids=$(ip netns pids "$1") && [ -n "$pids" ]; do
    tries=$((tries + 1))
    [ "$tries" -le 500 ] || { echo "these do not end: $pids" >&2; exit 1; }
    kill -9 $pids 2>/dev/null
    sleep 0.02
  done
  ip netns delete "$1" || exit 1
fi
rm -rf "$2"`;

/** Makes a network namespace; it ends with all processes in it, and the folder goes with it. */
export async function makeNamespace(name: string, folder: string): Promise<AsyncDisposable> {
  const keeper = new Deno.Command("sh", {
    args: ["-c", KEEPER, "sh", name, folder],
    // Out of reach of a signal to the test's process group.
    detached: true,
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  await using cleanups = new AsyncDisposableStack();
  cleanups.defer(async () => {
    await keeper.stdin.close();
    const { code, stderr } = await keeper.output();
    if (code === 0) return;
    throw new Error(`${name} could not be cleared away: ${new TextDecoder().decode(stderr)}`);
  });
  const args = ["netns", "add", name];
  mustHaveWorked(`ip ${args.join(" ")}`, await runProgram(args, { binary: "ip" }));
  return cleanups.move();
}

/** The ids of all processes in a network namespace. */
export async function pidsIn(namespace: string): Promise<number[]> {
  const args = ["netns", "pids", namespace];
  const pids = mustHaveWorked(`ip ${args.join(" ")}`, await runProgram(args, { binary: "ip" }));
  return pids.split("\n").filter((line) => line !== "").map(Number);
}

/** What a command printed, or an error that says how it failed. */
export function mustHaveWorked(what: string, { code, stdout, stderr }: ProgramResult): string {
  if (code === 0) return stdout;
  throw new Error(`${what} ended with ${code}: ${stderr.trim()} ${stdout.trim()}`);
}
