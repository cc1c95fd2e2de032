import { buildRequest } from "../../src/dispatcher/delivery_request.ts";
import type { AttemptResult, ErrorClass, Stage } from "../../src/dispatcher/verdict.ts";
import type { WebhookClient } from "../../src/dispatcher/http/webhook_client.ts";
import { readRegistry } from "../../src/registry/read_registry.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "../support/assert.ts";
import { type Answer, Receiver } from "../support/receiver.ts";
import { linger, RawReceiver, sayAndClose } from "../support/raw_receiver.ts";
import { until } from "../support/until.ts";
import { test } from "./webhook_clients.ts";

type Create = () => WebhookClient;

async function post(create: Create, url: string, timeoutMs = 5000): Promise<AttemptResult> {
  using client = create();
  const request = { url, headers: { "content-type": "application/json" }, body: "{}" };
  return await client.post(request, { timeoutMs, signal: new AbortController().signal });
}

async function answeredBy(create: Create, answer: Answer): Promise<AttemptResult> {
  await using receiver = new Receiver({ answer });
  return await post(create, receiver.url);
}

test("a request carries the payload, the event's id, the token and further headers", async (create) => {
  await using receiver = new Receiver();
  using client = create();
  const text = `[[webhook]]
    name = "ops"
    url = "${receiver.url}?a=1"
    bearer-token = "s3cret"
    headers = { X-Team = "storage" }`;
  const [webhook] = readRegistry(text, "webhooks.toml").webhooks;
  if (webhook === undefined) throw new Error("The registry has no webhook");
  const event = {
    seq: 1,
    receivedMs: 0,
    id: "01ABC",
    event: "PEER_ATTACH",
    payload: '{"event":"PEER_ATTACH"}',
  };
  const request = buildRequest({ webhook, events: [event], atMs: 0 }, "gluster-eventing/1");
  const { signal } = new AbortController();
  const result = await client.post(request, { timeoutMs: 5000, signal });
  assertEquals([result.kind, "status" in result && result.status], ["response", 200]);
  const [{ headers, body, path } = { headers: new Headers(), body: "", path: "" }] =
    receiver.requests;
  assertEquals([path, body], ["/hook?a=1", event.payload]);
  const seen = ["content-type", "user-agent", "webhook-id", "authorization", "x-team"]
    .map((name) => headers.get(name));
  const wanted = ["application/json", "gluster-eventing/1", "01ABC", "Bearer s3cret", "storage"];
  assertEquals(seen, wanted);
});

test("requests share one connection", async (create) => {
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
    using client = create();
    const { signal } = new AbortController();
    for (let count = 0; count < 20; count++) {
      await client.post({ url, headers: {}, body: "{}" }, { timeoutMs: 5000, signal });
    }
  }
  await server.shutdown();
  assertEquals(ports.size, 1);
});

test("every status comes as it is, and a redirect is not followed", async (create) => {
  for (
    const status of [200, 202, 204, 301, 304, 307, 308, 400, 408, 410, 425, 429, 500, 503, 599]
  ) {
    let hits = 0;
    const result = await answeredBy(create, (request) => {
      hits++;
      const location = `/again${request.path}`;
      return new Response(null, { status, headers: { location } });
    });
    assertEquals(["status" in result && result.status, hits], [status, 1]);
  }
});

test("where a redirect leads comes with it, and with no other answer", async (create) => {
  const location = "/new?a=b";
  for (const [status, expected] of [[308, location], [301, location], [201, undefined]] as const) {
    const result = await answeredBy(
      create,
      () => new Response(null, { status, headers: { location } }),
    );
    assertEquals("location" in result ? result.location : undefined, expected, String(status));
  }
});

test("an empty body goes as such, with no content type that nobody gave", async (create) => {
  await using receiver = new Receiver();
  using client = create();
  const options = { timeoutMs: 5000, signal: new AbortController().signal };
  await client.post({ url: receiver.url, headers: { "x-a": "b" }, body: "" }, options);
  const [{ headers, body } = { headers: new Headers(), body: "none came" }] = receiver.requests;
  const seen = ["x-a", "content-length", "content-type"].map((name) => headers.get(name));
  assertEquals([body, ...seen], ["", "b", "0", null]);
});

test("Retry-After comes with the answer", async (create) => {
  const result = await answeredBy(
    create,
    () => new Response("", { status: 503, headers: { "retry-after": "7" } }),
  );
  assertEquals("retryAfterMs" in result && result.retryAfterMs, 7000);
});

test("the beginning of the answer comes with it, also if it is packed or no text", async (create) => {
  const answers: [string | Uint8Array<ArrayBuffer>, string, HeadersInit?][] = [
    ["no such hook", "no such hook"],
    ["", ""],
    ["é".repeat(1000), "é".repeat(512)],
    [`x${"é".repeat(1000)}`, `x${"é".repeat(511)}`],
    [new Uint8Array([0x6f, 0x6b, 0xff, 0x21]), "ok\ufffd!"],
    ["no gzip at all", "", { "content-encoding": "gzip" }],
  ];
  for (const [body, expected, headers = {}] of answers) {
    const result = await answeredBy(create, () => new Response(body, { status: 500, headers }));
    assertEquals("answer" in result && [result.status, result.answer], [500, expected]);
  }
});

test("failures without an answer are told apart, without the URL", async (create) => {
  await using closing = new RawReceiver(sayAndClose(""));
  await using silent = new RawReceiver(linger);
  await using plain = new Receiver();
  const withPassword = (url: string) => url.replace("://", "://user:pa55word@");
  const cases: [string, ErrorClass, Stage, number?][] = [
    ["http://127.0.0.1:1/x", "refused", "connect"],
    ["http://no-such-host.invalid/", "dns", "name"],
    [closing.url, "reset", "response"],
    [silent.url, "timeout", "response", 100],
    [plain.url.replace("http:", "https:"), "tls", "tls"],
  ];
  for (const [url, expected, stage, timeoutMs] of cases) {
    const result = await post(create, `${withPassword(url)}?key=pa55word`, timeoutMs);
    const errorClass = "errorClass" in result ? result.errorClass : undefined;
    assertEquals(errorClass, expected, Deno.inspect(result));
    // A proxy connects to the receiver itself.
    const seen = "stage" in result && result.stage === "proxy" ? "connect" : stage;
    assertEquals(seen, stage, Deno.inspect(result));
    assertEquals(JSON.stringify(result).includes("pa55word"), false);
  }
});

test("a request that is cut off throws instead of having a result", async (create) => {
  await using receiver = new RawReceiver(linger);
  using client = create();
  const cut = new AbortController();
  const request = { url: receiver.url, headers: {}, body: "{}" };
  const posting = client.post(request, { timeoutMs: 60_000, signal: cut.signal });
  setTimeout(() => cut.abort(new Error("enough")), 50);
  const error = await assertRejects(() => posting, Error);
  assertStringIncludes(error.message, "enough");
  const again = await assertRejects(
    () => client.post(request, { timeoutMs: 60_000, signal: cut.signal }),
    Error,
  );
  assertStringIncludes(again.message, "enough");
});

test("a connection is not used for another receiver, also if the URL changes meanwhile", async (create) => {
  const slow = Promise.withResolvers<void>();
  await using before = new Receiver({
    answer: async () => {
      await slow.promise;
      return new Response("");
    },
  });
  await using after = new Receiver();
  using client = create();
  const send = async (url: string, body: string) => {
    const options = { timeoutMs: 5000, signal: new AbortController().signal };
    await client.post({ url, headers: {}, body }, options);
  };
  const first = send(before.url, "1");
  await until("it is under way", () => before.requests.length === 1);
  await send(after.url, "2");
  slow.resolve();
  await first;
  await send(after.url, "3");
  await send(before.url, "4");
  const bodies = [before, after].map(({ requests }) => requests.map(({ body }) => body));
  assertEquals(bodies, [["1", "4"], ["2", "3"]]);
});
