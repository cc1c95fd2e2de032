import {
  ControlClient,
  ControlRefusedError,
  DaemonNotRunningError,
} from "../../src/api/control_client.ts";
import { isSocketFree } from "../../src/api/control_server.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "../support/assert.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { TestDaemon } from "../support/test_daemon.ts";

async function ask(socket: string, method: string, path: string): Promise<[number, unknown]> {
  using client = Deno.createHttpClient({ proxy: { transport: "unix", path: socket } });
  const response = await fetch(`http://localhost${path}`, { method, client });
  return [response.status, await response.json()];
}

Deno.test("the control socket answers health, status and reload, and nothing else", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register("http://user:s3cret@127.0.0.1:1/x?key=s3cret", { name: "ops" });
  await daemon.start();
  assertEquals(await ask(daemon.socket, "GET", "/healthz"), [200, { ok: true }]);
  const registry = daemon.file.path;
  assertEquals(await ask(daemon.socket, "POST", "/v1/reload"), [200, { generation: 1, registry }]);
  const [code, status] = await ask(daemon.socket, "GET", "/v1/status");
  assertEquals(code, 200);
  assertEquals(JSON.stringify(status).includes("s3cret"), false);
  assertStringIncludes(JSON.stringify(status), "http://***@127.0.0.1:1/x?***");
  assertEquals((await ask(daemon.socket, "GET", "/v1/nothing"))[0], 404);
  assertEquals((await ask(daemon.socket, "DELETE", "/v1/status"))[0], 405);
});

Deno.test("the client gets the status that the daemon reports", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await daemon.register("http://127.0.0.1:1/", { name: "ops" });
  await daemon.start();
  const status = await new ControlClient(daemon.socket).status();
  const { uptime_seconds: _uptime, ...rest } = status;
  const { uptime_seconds: _other, ...wanted } = daemon.daemon.status();
  assertEquals(rest, wanted);
  assertEquals(Object.keys(status.webhooks[0] ?? {}).sort(), [
    "ca_expires_at",
    "certificate_expires_at",
    "client_certificate_expires_at",
    "dead",
    "delivered",
    "dropped",
    "failure",
    "filtered",
    "matched",
    "name",
    "oldest_pending_seconds",
    "pause",
    "pending",
    "replayed",
    "replaying",
    "state",
    "url",
  ]);
});

Deno.test("a reload of a bad registry comes back with its problems", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  await Deno.mkdir(`${folder.path}/events`, { recursive: true });
  await Deno.writeTextFile(daemon.file.path, "[config]\nport = 0\nlog-level = 5\n");
  const outcome = await new ControlClient(daemon.socket).reload();
  assertEquals("problems" in outcome && outcome.problems.length, 2);
});

Deno.test("no daemon behind the socket is an error of its own", async () => {
  await using folder = await makeTempFolder();
  const client = new ControlClient(`${folder.path}/none`);
  await assertRejects(() => client.status(), DaemonNotRunningError, "No daemon answers");
});

Deno.test("a daemon that is asked to stop answers first, and frees its socket", async () => {
  await using folder = await makeTempFolder();
  const asked = Promise.withResolvers<void>();
  await using daemon = new TestDaemon(folder.path, { onStopAsked: () => asked.resolve() });
  await daemon.start();
  assertEquals(await isSocketFree(daemon.socket), false);
  await new ControlClient(daemon.socket).stop();
  await asked.promise;
  await daemon.stop();
  assertEquals(await isSocketFree(daemon.socket), true);
});

Deno.test("a daemon that is a part of another program does not stop when asked", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  const client = new ControlClient(daemon.socket);
  await assertRejects(() => client.stop(), ControlRefusedError, "part of another program");
  await client.status();
});

Deno.test("a reload begins the log anew", async () => {
  await using folder = await makeTempFolder();
  let reopened = 0;
  const reopenLog = () => Promise.resolve(void reopened++);
  await using daemon = new TestDaemon(folder.path, { reopenLog });
  await daemon.start();
  await new ControlClient(daemon.socket).reload();
  assertEquals(reopened, 1);
});

Deno.test("a body that is too large is refused, and every answer says what it is no good for", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  using client = Deno.createHttpClient({ proxy: { transport: "unix", path: daemon.socket } });
  const body = "x".repeat(5_000_000);
  const response = await fetch("http://localhost/v1/replay", { method: "POST", client, body });
  assertEquals(response.status, 413);
  assertStringIncludes((await response.json()).error, "The body is larger than");
  for (const path of ["/healthz", "/v1/history", "/v1/nothing"]) {
    const answer = await fetch(`http://localhost${path}`, { client });
    await answer.body?.cancel();
    assertEquals(answer.headers.get("x-content-type-options"), "nosniff", path);
    assertEquals(answer.headers.get("cache-control"), "no-store", path);
  }
});
