import type { ReceivedRequest } from "../../src/testhook/received_event.ts";
import {
  startTestHook,
  TestHookError,
  type TestHookOptions,
} from "../../src/testhook/test_hook.ts";
import { assertEquals, assertStringIncludes, assertThrows } from "../support/assert.ts";

function start(requests: ReceivedRequest[], options: Partial<TestHookOptions> = {}) {
  return startTestHook({
    hostname: "127.0.0.1",
    port: 0,
    now: () => 7,
    onRequest: (request) => void requests.push(request),
    ...options,
  });
}

Deno.test("every POST on any path is taken and answered with the status", async () => {
  const requests: ReceivedRequest[] = [];
  await using hook = start(requests, { trouble: { status: 503 } });
  const base = `http://127.0.0.1:${hook.port}`;
  for (const path of ["/", "/listen", "/a/b?c=d"]) {
    const response = await fetch(base + path, {
      method: "POST",
      body: "größe",
      headers: { "x-a": "b" },
    });
    await response.body?.cancel();
    assertEquals(response.status, 503);
  }
  assertEquals(requests.map(({ path, body }) => [path, body]), [
    ["/", "größe"],
    ["/listen", "größe"],
    ["/a/b?c=d", "größe"],
  ]);
  assertEquals([requests[0]?.receivedMs, requests[0]?.headers["x-a"]], [7, "b"]);
});

Deno.test("other methods are refused and not shown", async () => {
  const requests: ReceivedRequest[] = [];
  await using hook = start(requests);
  const response = await fetch(`http://127.0.0.1:${hook.port}/`, { method: "PUT", body: "x" });
  assertStringIncludes(await response.text(), "POST");
  assertEquals([response.status, response.headers.get("allow"), requests.length], [
    405,
    "GET, HEAD, POST",
    0,
  ]);
});

Deno.test("a body that is too large is refused", async () => {
  const requests: ReceivedRequest[] = [];
  await using hook = start(requests);
  const body = new Uint8Array(17 * 1024 * 1024);
  const response = await fetch(`http://127.0.0.1:${hook.port}/`, { method: "POST", body });
  await response.body?.cancel();
  assertEquals([response.status, requests.length], [413, 0]);
});

Deno.test("a taken port is an error that names it", async () => {
  await using hook = start([]);
  const { port } = hook;
  const error = assertThrows(() => start([], { port }), TestHookError, `127.0.0.1:${port}`);
  assertStringIncludes(error.hint, "--port");
});
