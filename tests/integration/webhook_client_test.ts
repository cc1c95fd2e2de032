import { buildRequest, createFetchClient } from "../../src/dispatcher/webhook_client.ts";
import type { AttemptResult, ErrorClass } from "../../src/dispatcher/verdict.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "../support/assert.ts";
import { type Answer, Receiver } from "../support/receiver.ts";

const WEBHOOK = {
  name: "ops",
  url: "http://127.0.0.1:1/",
  headers: { "X-Team": "storage" },
  bearerToken: "s3cret",
  timeoutMs: 1000,
  retryMinMs: 1,
  retryMaxMs: 1,
  retryForMs: 1,
};

async function post(url: string, timeoutMs = 5000): Promise<AttemptResult> {
  using client = createFetchClient();
  const request = { url, headers: { "content-type": "application/json" }, body: "{}" };
  return await client.post(request, { timeoutMs, signal: new AbortController().signal });
}

async function answeredBy(answer: Answer): Promise<AttemptResult> {
  await using receiver = new Receiver({ answer });
  return await post(receiver.url);
}

/** A server that treats each connection as the test says. */
function listenRaw(serve: (connection: Deno.Conn) => Promise<void>) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) await serve(connection);
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}/`,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

Deno.test("a request carries the payload, the event's id, the token and further headers", async () => {
  await using receiver = new Receiver();
  using client = createFetchClient();
  const event = { id: "01ABC", payload: '{"event":"PEER_ATTACH"}' };
  const request = buildRequest({ ...WEBHOOK, url: receiver.url }, event, "gluster-eventing/1");
  const signal = new AbortController().signal;
  const result = await client.post(request, { timeoutMs: 5000, signal });
  assertEquals([result.kind, "status" in result && result.status], ["response", 200]);
  const [{ headers, body } = { headers: new Headers(), body: "" }] = receiver.requests;
  assertEquals(body, event.payload);
  const seen = ["content-type", "user-agent", "webhook-id", "authorization", "x-team"]
    .map((name) => headers.get(name));
  const wanted = ["application/json", "gluster-eventing/1", "01ABC", "Bearer s3cret", "storage"];
  assertEquals(seen, wanted);
});

Deno.test("requests share one connection", async () => {
  const ports = new Set<number>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request, info) => {
      ports.add(info.remoteAddr.port);
      await request.text();
      return new Response("thank you");
    },
  );
  const url = `http://127.0.0.1:${server.addr.port}/`;
  {
    using client = createFetchClient();
    const { signal } = new AbortController();
    for (let count = 0; count < 20; count++) {
      await client.post({ url, headers: {}, body: "{}" }, { timeoutMs: 5000, signal });
    }
  }
  await server.shutdown();
  assertEquals(ports.size, 1);
});

Deno.test("a redirect is an answer and is not followed", async () => {
  let hits = 0;
  const result = await answeredBy((request) => {
    hits++;
    const location = `/again${request.path}`;
    return new Response(null, { status: 307, headers: { location } });
  });
  assertEquals(["status" in result && result.status, hits], [307, 1]);
});

Deno.test("Retry-After comes with the answer", async () => {
  const result = await answeredBy(() =>
    new Response("", { status: 503, headers: { "retry-after": "7" } })
  );
  assertEquals("retryAfterMs" in result && result.retryAfterMs, 7000);
});

Deno.test("an endless answer is cut off, and its status counts", async () => {
  await using raw = listenRaw(async (connection) => {
    await connection.read(new Uint8Array(4096));
    const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const chunk = `2000\r\n${"x".repeat(0x2000)}\r\n`;
    const encoder = new TextEncoder();
    try {
      await connection.write(encoder.encode(head));
      for (;;) await connection.write(encoder.encode(chunk));
    } catch (error) {
      // The client has hung up, as it should.
      if (!(error instanceof Error)) throw error;
    } finally {
      connection.close();
    }
  });
  const result = await post(raw.url);
  assertEquals("status" in result && result.status, 200);
});

Deno.test("failures without an answer are told apart, without the URL", async () => {
  await using closing = listenRaw(async (connection) => {
    await connection.read(new Uint8Array(4096));
    connection.close();
  });
  await using silent = listenRaw(async (connection) => {
    while (await connection.read(new Uint8Array(4096)) !== null);
    connection.close();
  });
  await using plain = new Receiver();
  const cases: [string, ErrorClass, number?][] = [
    ["http://user:pa55word@127.0.0.1:1/x", "refused"],
    ["http://no-such-host.invalid/", "dns"],
    [closing.url, "reset"],
    [silent.url, "timeout", 100],
    [plain.url.replace("http:", "https:"), "tls"],
  ];
  for (const [url, expected, timeoutMs] of cases) {
    const result = await post(url, timeoutMs);
    assertEquals(
      "errorClass" in result ? result.errorClass : undefined,
      expected,
      Deno.inspect(result),
    );
    assertEquals(JSON.stringify(result).includes("pa55word"), false);
  }
});

Deno.test("a request that is cut off throws instead of having a result", async () => {
  const hanging = Promise.withResolvers<Response>();
  await using receiver = new Receiver({ answer: () => hanging.promise });
  using client = createFetchClient();
  const cut = new AbortController();
  const request = { url: receiver.url, headers: {}, body: "{}" };
  const posting = client.post(request, { timeoutMs: 60_000, signal: cut.signal });
  setTimeout(() => cut.abort(new Error("enough")), 50);
  const error = await assertRejects(() => posting, Error);
  assertStringIncludes(error.message, "enough");
  hanging.resolve(new Response());
});
