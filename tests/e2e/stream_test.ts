/**
 * The stream of the compiled daemon, followed by programs that others wrote, and by `watch`.
 *
 * @module
 */
import { assertEquals, assertMatch } from "../support/assert.ts";
import { mustDo, placesIn, startDaemon, statusOf } from "../support/local_node.ts";
import { type ProgramOptions, RunningProgram } from "../support/program.ts";
import { testNeeding } from "../support/requirements.ts";
import { makeTempFolder } from "../support/temp_folder.ts";

const FOLLOW = new URL("../fixtures/follow_events.py", import.meta.url).pathname;
const TOKEN = "0123456789abcdef";

async function urlOf(folder: string): Promise<string> {
  await mustDo(folder, "config-set", "api-listen", "127.0.0.1:0");
  const { api: { listening: [url = ""] } } = await statusOf(folder);
  return url;
}

async function emit(folder: string, volume: string): Promise<void> {
  await mustDo(folder, "emit", "VOLUME_START", `name=${volume}`);
}

/** A command that goes on until the test ends it. */
function start(folder: string, ...args: string[]): RunningProgram {
  return new RunningProgram([...args, "--local", ...placesIn(folder)]);
}

/** A program of somebody else. */
function other(binary: string, args: readonly string[]): RunningProgram {
  const options: ProgramOptions = { binary };
  return new RunningProgram(args, options);
}

testNeeding(["binary", "curl"], "curl follows over the socket and over the port", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  await using _daemon = await startDaemon(path);
  const url = await urlOf(path);
  const socket = ["--unix-socket", `${path}/sock`];
  await using inner = other("curl", ["-sN", ...socket, "http://localhost/v1/events"]);
  await using outer = other("curl", ["-sN", "--compressed", `${url}/v1/events?severity=info`]);
  for (const curl of [inner, outer]) await curl.shows(/^event: notice\ndata: .*"live"/m);
  await emit(path, "gv1");
  for (const curl of [inner, outer]) await curl.shows(/^id: \S+\ndata: .*"name":"gv1"/m);

  await Deno.writeTextFile(`${path}/token`, `${TOKEN}\n`, { mode: 0o600 });
  await mustDo(path, "config-set", "api-token-file", `${path}/token`);
  const { api: { listening: [guarded = ""] } } = await statusOf(path);
  await using refused = other("curl", ["-sN", `${guarded}/v1/events`]);
  await refused.shows(/The API asks for a token/);
  const bearer = ["-H", `Authorization: Bearer ${TOKEN}`];
  await using allowed = other("curl", [
    ...["-sN", ...bearer, `${guarded}/v1/events?since=2020-01-01T00:00:00Z`],
  ]);
  await allowed.shows(/"name":"gv1"[\s\S]*"live"/);
});

testNeeding(
  ["binary", "websockets"],
  "Python's websockets follow over the socket and over the port, with a token",
  async () => {
    await using folder = await makeTempFolder();
    const { path } = folder;
    await using _daemon = await startDaemon(path);
    await Deno.writeTextFile(`${path}/token`, `${TOKEN}\n`, { mode: 0o600 });
    await mustDo(path, "config-set", "api-token-file", `${path}/token`);
    const url = `${(await urlOf(path)).replace("http", "ws")}/v1/events?events=VOLUME_*`;
    const follow = (...args: string[]) => other("/usr/bin/python3", [FOLLOW, ...args]);
    await using inner = follow(`${path}/sock`, "2");
    await using outer = follow(url, "2", TOKEN);
    await using refused = follow(url, "2", "wrong");
    for (const client of [inner, outer]) await client.shows(/^\{"notice":"live".*\}$/m);
    await emit(path, "gv1");
    for (const client of [inner, outer]) {
      await client.shows(/^\{.*"event":"VOLUME_START".*"name":"gv1".*\}$/m);
      assertEquals([(await client.ended()).code, client.stdout.trim().split("\n").at(-1)], [
        0,
        "closed",
      ]);
    }
    await refused.shows(/HTTP 401/);
  },
);

testNeeding(
  ["binary"],
  "watch goes on where it was when the daemon restarts, and ends with Ctrl-C",
  async () => {
    await using folder = await makeTempFolder();
    const { path } = folder;
    const first = await startDaemon(path);
    await emit(path, "gv0");
    await using watch = start(path, "watch");
    await using rest = start(path, "watch", "--since", "1h", "--json", "--max-events", "4");
    await watch.shows(/^TIME +EVENT +SEVERITY +NODE +MESSAGE$/m);
    await rest.shows(/"name":"gv0"/);
    await emit(path, "gv1");
    await watch.shows(/gv1/);
    await rest.shows(/gv1/);
    first.kill("SIGTERM");
    assertEquals((await first.ended()).code, 0);
    await watch.shows(/the daemon does not answer any more/);
    await using _second = await startDaemon(path);
    await emit(path, "gv2");
    await emit(path, "gv3");
    await watch.shows(/gv3/);
    assertEquals((await rest.ended()).code, 0);
    const names = (text: string) =>
      [...text.matchAll(/name"?[=:]"?(gv\d)/g)].map(([, name]) => name);
    assertEquals(names(watch.stdout), ["gv1", "gv2", "gv3"]);
    assertEquals(names(rest.stdout), ["gv0", "gv1", "gv2", "gv3"]);
    watch.kill("SIGINT");
    assertEquals((await watch.ended()).code, 0);
  },
);

testNeeding(["binary"], "watch ends when nobody reads any more what it shows", async () => {
  await using folder = await makeTempFolder();
  const { path } = folder;
  await using _daemon = await startDaemon(path);
  const places = placesIn(path).join(" ");
  const binary = Deno.env.get("GLUSTER_EVENTING_BINARY") ?? "";
  const script = `${binary} watch --local ${places} | head -1; echo "ended \${PIPESTATUS[0]}"`;
  await using shell = other("bash", ["-c", script]);
  await shell.shows(/^TIME .*\nended 0$/m);
});

testNeeding(["binary"], "without a daemon watch says so and ends with 69", async () => {
  await using folder = await makeTempFolder();
  await using watch = start(folder.path, "watch");
  assertEquals((await watch.ended()).code, 69);
  assertMatch(watch.stderr, /^error: No daemon answers[^\n]*\nhint: start it/);
});
