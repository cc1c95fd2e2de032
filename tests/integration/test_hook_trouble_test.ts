import { makeJwt } from "../../src/dispatcher/jwt.ts";
import type { HookRequest } from "../../src/testhook/hook_report.ts";
import {
  startTestHook,
  type TestHook,
  type TestHookOptions,
} from "../../src/testhook/test_hook.ts";
import {
  assertEquals,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "../support/assert.ts";
import { RawConnection } from "../support/raw_http.ts";
import { until } from "../support/until.ts";

const NOW_MS = Date.UTC(2026, 10, 26);

function start(options: Partial<TestHookOptions> = {}): TestHook {
  return startTestHook({
    hostname: "127.0.0.1",
    port: 0,
    now: () => NOW_MS,
    onRequest: () => {},
    ...options,
  });
}

interface Post {
  readonly path?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

async function post(hook: TestHook, { path = "/", body = "x", ...init }: Post = {}) {
  const url = `http://127.0.0.1:${hook.port}${path}`;
  const response = await fetch(url, { method: "POST", body, ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function shown(hook: TestHook): Promise<HookRequest[]> {
  return await (await fetch(`http://127.0.0.1:${hook.port}/v1/requests`)).json();
}

Deno.test("the first requests fail, with a time to try again, and the sender is told why", async () => {
  await using hook = start({ trouble: { failFirst: 1, status: 429, retryAfterMs: 5000 } });
  const first = await post(hook);
  assertEquals([first.status, first.headers.get("retry-after")], [429, "5"]);
  assertStringIncludes(first.text, "failure 1 of the first 1");
  const second = await post(hook);
  assertEquals([second.status, second.headers.get("retry-after"), second.text], [200, null, ""]);
  assertEquals((await shown(hook)).map(({ status, trouble }) => [status, trouble]), [
    [429, "status 429 Too Many Requests, failure 1 of the first 1, retry after 5s"],
    [200, null],
  ]);
});

Deno.test("a path makes trouble of its own, counted for itself", async () => {
  await using hook = start({ trouble: { status: 500 } });
  const statuses = [];
  for (const path of ["/status/418", "/fail-first/1", "/fail-first/1", "/x", "/delay/1ms"]) {
    statuses.push((await post(hook, { path })).status);
  }
  assertEquals(statuses, [418, 503, 200, 500, 200]);
  const odd = await post(hook, { path: "/status/1000" });
  assertEquals([odd.status, odd.text.includes("from 200 to 599")], [400, true]);
});

Deno.test("a connection is reset without an answer, while the others go on", async () => {
  await using hook = start();
  using other = await RawConnection.open({ hostname: "127.0.0.1", port: hook.port });
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: hook.port });
  const request = "POST /reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx";
  await connection.write(new TextEncoder().encode(request));
  const error = await connection.read(new Uint8Array(100)).catch((error) => error);
  assertEquals(error instanceof Deno.errors.ConnectionReset, true, String(error));
  connection.close();
  await other.send(
    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
  );
  assertMatch(await other.ended, /^HTTP\/1.1 200/);
  const [first] = await shown(hook);
  assertEquals([first?.status, first?.trouble], [null, "connection reset"]);
});

Deno.test("a sender that does not wait is shown, and its event is no duplicate when it comes again", async () => {
  await using hook = start();
  const leaving = new AbortController();
  const body = JSON.stringify({ event: "A", nodeid: "n1", id: "a" });
  const held = post(hook, { path: "/fail-first/1/hang", body, signal: leaving.signal })
    .catch((error) => error.name);
  await until("it is held", () => hook.summary().requests === 1);
  leaving.abort();
  assertEquals(await held, "AbortError");
  const gone = "no answer, failure 1 of the first 1; the sender went away without an answer";
  await until("it is shown", async () => (await shown(hook))[0]?.trouble === gone, {
    seen: () => shown(hook),
  });
  assertEquals((await post(hook, { path: "/fail-first/1/hang", body })).status, 200);
  assertEquals((await shown(hook))[1]?.events[0]?.marks, ["retry"]);
});

Deno.test("only some hundred requests are held, and the next one is told so", async () => {
  const hook = start();
  const connections = [];
  for (let count = 0; count < 256; count++) {
    const connection = await RawConnection.open({ hostname: "127.0.0.1", port: hook.port });
    await connection.send("POST /hang HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    connections.push(connection);
  }
  await until("they are held", () => hook.summary().requests === 256);
  const next = await post(hook, { path: "/hang" });
  assertEquals([next.status, next.text.includes("256 others are")], [503, true]);
  await hook[Symbol.asyncDispose]();
  for (const connection of connections) {
    assertMatch(await connection.ended, /^HTTP\/1.1 503/);
    connection[Symbol.dispose]();
  }
});

Deno.test("what is not verified is answered with 401 and the reason, and counts for no node", async () => {
  const body = JSON.stringify({
    event: "VOLUME_CREATE",
    nodeid: "n1",
    message: { name: "gv1" },
    id: "a",
  });
  const token = makeJwt("s3cret", { event: "VOLUME_CREATE", ts: NOW_MS / 1000, atMs: NOW_MS });
  const headers = { authorization: `Bearer ${token}` };
  await using hook = start({ proof: { secrets: ["s3cret"] } });
  const bad = await post(hook, { body });
  assertEquals([bad.status, bad.headers.get("www-authenticate")], [401, "Bearer"]);
  assertStringIncludes(bad.text, "no Authorization header");
  assertEquals((await post(hook, { body, headers, path: "/status/503" })).status, 503);
  assertEquals((await post(hook, { body, path: "/status/503" })).status, 503);
  const { unverified, nodes } = hook.summary();
  assertEquals([unverified, nodes.map(({ events }) => events)], [2, [1]]);
  assertEquals((await post(hook, { body, headers })).status, 200);
  const requests = await shown(hook);
  assertEquals(requests.map(({ verdicts }) => verdicts.map(({ ok }) => ok)), [
    [false],
    [true],
    [false],
    [true],
  ]);
  assertEquals(JSON.stringify(requests).includes(token), false);
  await using lenient = start({ proof: { secrets: ["s3cret"] }, acceptsUnverified: true });
  assertEquals((await post(lenient, { body })).status, 200);
});

Deno.test("requests are sent on as they are, and what comes of it is shown", async () => {
  const received: { path: string; headers: Headers; body: Uint8Array }[] = [];
  await using target = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname: path } = new URL(request.url);
      received.push({ path, headers: request.headers, body: await request.bytes() });
      return new Response("no", { status: 302, headers: { location: "http://127.0.0.1:1/" } });
    },
  );
  const url = `http://localhost:${target.addr.port}/hook`;
  await using hook = start({ forward: { url, allowed: [] } });
  const headers = {
    "webhook-id": "a",
    "authorization": "Bearer t",
    "connection": "x-hop",
    "x-hop": "1",
  };
  using connection = await RawConnection.open({ hostname: "127.0.0.1", port: hook.port });
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const body = "\ufeffgrüße";
  const length = new TextEncoder().encode(body).length;
  await connection.send(
    `POST /in HTTP/1.1\r\nHost: localhost\r\n${fields}Content-Length: ${length}\r\n\r\n${body}`,
  );
  await until("it is shown", async () => (await shown(hook))[0]?.forwarded !== null, {
    seen: () => shown(hook),
  });
  assertEquals((await shown(hook))[0]?.forwarded, { url, status: 302, error: null });
  const [one, ...more] = received;
  assertEquals([
    one?.path,
    more.length,
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(one?.body),
  ], [
    "/hook",
    0,
    body,
  ]);
  const names = ["webhook-id", "authorization", "x-hop", "host"];
  assertEquals(names.map((name) => one?.headers.get(name)), [
    "a",
    "Bearer t",
    null,
    `localhost:${target.addr.port}`,
  ]);
  assertMatch(one?.headers.get("via") ?? "", /^1\.1 gluster-eventing-/);
});

Deno.test("requests are not sent in a circle, nor away from this machine, and failures are shown", async () => {
  for (
    const url of [
      "http://192.0.2.1/",
      "http://example.com/",
      "file:///etc",
      "http://a:b@localhost/",
    ]
  ) {
    assertThrows(() => start({ forward: { url, allowed: [] } }), Error, "Cannot send requests on");
  }
  await using first = start();
  const own = `http://127.0.0.1:${first.port}/`;
  await using second = start({ forward: { url: own, allowed: [] } });
  await post(second);
  await until("it came through", () => first.summary().requests === 1);
  const { port } = second;
  await first[Symbol.asyncDispose]();
  await using circle = start({
    port: first.port,
    forward: { url: `http://127.0.0.1:${port}/`, allowed: [] },
  });
  await post(circle);
  await until("it stopped where it began", () => second.summary().requests === 2);
  await until("that is shown", async () => (await shown(circle)).length === 2);
  const errors = async () => (await shown(circle)).map(({ forwarded }) => forwarded?.error ?? null);
  await until(
    "and why",
    async () => (await errors()).includes("not sent on: it has been here already"),
    {
      seen: errors,
    },
  );
});
