/**
 * Upstream's daemon. It wants folders of the system, so it gets its own in their places.
 *
 * @module
 */
import { freePort } from "../soak/free_port.ts";
import { RunningProgram } from "../support/program.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { findProgram, mustFind, notInstalled } from "../support/installed.ts";
import { NODE_ID } from "./our_relay.ts";
import { processTree } from "./process_tree.ts";
import { type Relay, type RelayKind, untilListening } from "./relay.ts";

const NAME = "glustereventsd";
const PACKAGE = "glusterfs-server";

/**
 * Its folders are others in a mount namespace, and nothing of this machine changes. In a process
 * namespace of its own its children end when it does. A `gluster` that fails makes it take the
 * folders that it has by default.
 */
const LAUNCH = `
set -e
for place in /var/lib/glusterd /var/log/glusterfs; do
  mount -t tmpfs tmpfs "$place"
done
cp -R "$1/events" "$1/glusterd.info" /var/lib/glusterd/
PATH="$1/bin:$PATH" exec "$2" --pid-file "$1/pid"`;

const NAMESPACES = ["--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"];

/** The daemon of Debian's package. */
export const GLUSTEREVENTSD: RelayKind = { name: NAME, missing, start };

let isolated: boolean | undefined;

function missing(): string | undefined {
  if (findProgram(NAME) === undefined) return notInstalled(PACKAGE);
  if (Deno.uid() !== 0) return "not measured: needs root";
  isolated ??= canIsolate();
  return isolated ? undefined : "not measured: needs mount namespaces (unshare)";
}

function canIsolate(): boolean {
  try {
    const args = [...NAMESPACES, "true"];
    const command = new Deno.Command("unshare", { args, stdout: "null", stderr: "null" });
    return command.outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function start(url: string): Promise<Relay> {
  await using cleanups = new AsyncDisposableStack();
  const { path } = cleanups.use(await makeTempFolder());
  const port = freePort();
  await writePlaces(path, { url, port });
  const args = [...NAMESPACES, "sh", "-c", LAUNCH, "sh", path, mustFind(NAME)];
  const program = cleanups.use(new RunningProgram(args, { binary: "unshare" }));
  // Its first process takes all others with it; unshare then ends by itself, with nothing left.
  cleanups.defer(async () => {
    const first = await firstProcess(program.pid);
    if (first === undefined) return;
    Deno.kill(first, "SIGKILL");
    await program.ended();
  });
  await untilListening(NAME, port, { seen: () => program.stderr });
  const pid = await firstProcess(program.pid);
  if (pid === undefined) throw new Error(`${NAME} has ended: ${program.stderr}`);
  const kept = cleanups.move();
  return { port, pid, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function firstProcess(unshare: number): Promise<number | undefined> {
  return (await processTree(unshare)).find(({ parent }) => parent === unshare)?.pid;
}

async function writePlaces(
  folder: string,
  { url, port }: { url: string; port: number },
): Promise<void> {
  await Deno.mkdir(`${folder}/events`);
  await Deno.mkdir(`${folder}/bin`);
  const webhooks = { [url]: { token: "", secret: "" } };
  await Deno.writeTextFile(`${folder}/events/webhooks.json`, JSON.stringify(webhooks));
  await Deno.writeTextFile(`${folder}/events/config.json`, JSON.stringify({ port }));
  await Deno.writeTextFile(`${folder}/glusterd.info`, `UUID=${NODE_ID}\n`);
  await Deno.writeTextFile(`${folder}/bin/gluster`, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
}
