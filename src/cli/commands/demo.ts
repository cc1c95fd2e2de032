import { Daemon } from "../../daemon/daemon.ts";
import { formatDatagram } from "../../event/datagram.ts";
import type { Message } from "../../event/event.ts";
import { addWebhook } from "../../registry/changes.ts";
import { RegistryFile, registryPath } from "../../registry/registry_file.ts";
import { readEvents, type ReceivedEvent } from "../../testhook/received_event.ts";
import { startTestHook } from "../../testhook/test_hook.ts";
import { CommandError, type Invocation } from "../command.ts";
import { systemDaemonDeps } from "../daemon_deps.ts";
import { EventColumns } from "../event_columns.ts";
import { EXIT } from "../exit_codes.ts";
import { sendDatagram } from "../send_datagram.ts";

/** What happens to a peer and a volume in their lives. */
const STORY: readonly (readonly [event: string, message: Message])[] = [
  ["PEER_ATTACH", { host: "gl2" }],
  ["VOLUME_CREATE", { name: "gv1", bricks: "gl1:/bricks/b1 gl2:/bricks/b1" }],
  ["VOLUME_START", { name: "gv1", force: false }],
  ["VOLUME_STOP", { name: "gv1", force: false }],
  ["VOLUME_DELETE", { name: "gv1" }],
  ["PEER_DETACH", { host: "gl2" }],
];
const LONGEST_WAIT_MS = 10_000;

/** `demo` */
export async function run(invocation: Invocation): Promise<number> {
  const folder = await makeFolder();
  try {
    return await tellStory(invocation, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function makeFolder(): Promise<string> {
  try {
    return await Deno.makeTempDir({ prefix: "ge-demo-" });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      EXIT.failed,
      `Cannot make a temporary folder: ${reason}`,
      "name a folder that can be written: TMPDIR=/tmp gluster-eventing demo",
      { cause: error },
    );
  }
}

async function tellStory(invocation: Invocation, folder: string): Promise<number> {
  const { options, output, signals, version } = invocation;
  const arrived: ReceivedEvent[] = [];
  const complete = Promise.withResolvers<void>();
  const stop = Promise.withResolvers<void>();
  using _stopping = signals.on(["SIGTERM", "SIGINT"], () => stop.resolve());
  const columns = new EventColumns();
  if (!output.isJson) output.line(columns.heading());
  await using hook = startTestHook({
    hostname: "127.0.0.1",
    port: 0,
    now: Date.now,
    onRequest: (request) => {
      for (const event of readEvents(request)) {
        arrived.push(event);
        if (!output.isJson) output.line(columns.row(event));
      }
      if (arrived.length >= STORY.length) complete.resolve();
    },
  });
  const url = `http://127.0.0.1:${hook.port}/demo`;
  const file = new RegistryFile({ path: registryPath(folder) });
  await file.change((registry) => addWebhook(registry, url, { name: "demo" }));
  const log: string[] = [];
  await using daemon = await Daemon.start({
    version,
    workdir: folder,
    stateDir: `${folder}/state`,
    socket: `${folder}/sock`,
    listen: [{ hostname: "127.0.0.1", port: 0 }],
  }, systemDaemonDeps((line) => log.push(line)));
  const [address] = daemon.addresses;
  if (address === undefined) throw new RangeError("The demo's daemon listens nowhere");
  const startedMs = performance.now();
  for (const [event, message] of STORY) {
    const ts = Math.floor(Date.now() / 1000);
    await sendDatagram(formatDatagram({ ts, event, message }), address);
  }
  const timer = setTimeout(() => complete.resolve(), LONGEST_WAIT_MS);
  const isStopped = await Promise.race([
    complete.promise.then(() => false),
    stop.promise.then(() => true),
  ]);
  clearTimeout(timer);
  const tookMs = Math.round(performance.now() - startedMs);
  if (isStopped) return EXIT.interrupted;
  checkStory(arrived, log);
  output.result(
    [
      "",
      `All ${STORY.length} events arrived at ${url}, in order, ${tookMs} ms after the first was sent.`,
    ],
    {
      arrived: arrived.map(({ receivedMs: _at, ...event }) => event),
      took_ms: tookMs,
    },
  );
  if (options.has("keep")) {
    const places = `--workdir ${folder} --socket ${folder}/sock`;
    output.note(
      `It goes on until Ctrl-C. Try: gluster-eventing emit QUORUM_LOST volume=gv1 ${places}`,
    );
    await stop.promise;
  }
  return EXIT.done;
}

function checkStory(arrived: readonly ReceivedEvent[], log: readonly string[]): void {
  const told = arrived.map(({ event }) => event).join(" ");
  const wanted = STORY.map(([event]) => event).join(" ");
  if (told === wanted) return;
  throw new CommandError(
    EXIT.failed,
    `${arrived.length} of ${STORY.length} events arrived within ${LONGEST_WAIT_MS / 1000} s\n` +
      `  wanted: ${wanted}\n  arrived: ${told || "nothing"}\n  the daemon said:\n    ` +
      log.join("\n    "),
    "see whether a firewall or a proxy stands between this machine and itself",
  );
}
