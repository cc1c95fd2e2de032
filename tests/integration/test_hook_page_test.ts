import type { ClusterPicture } from "../../src/event/cluster_picture.ts";
import type { HookPage, HookRequest, HookSummary } from "../../src/testhook/hook_report.ts";
import {
  startTestHook,
  type TestHook,
  type TestHookOptions,
} from "../../src/testhook/test_hook.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { outerAddress } from "../support/outer_address.ts";
import { RawConnection } from "../support/raw_http.ts";
import { testNeeding } from "../support/requirements.ts";
import { until } from "../support/until.ts";

function start(options: Partial<TestHookOptions> = {}): TestHook {
  return startTestHook({
    hostname: "127.0.0.1",
    port: 0,
    now: () => Date.UTC(2026, 10, 26),
    onRequest: () => {},
    version: "1.2.3",
    machine: "gl1",
    ...options,
  });
}

const baseOf = ({ port }: TestHook) => `http://127.0.0.1:${port}`;

async function post(hook: TestHook, body: string, path = "/"): Promise<number> {
  const response = await fetch(baseOf(hook) + path, { method: "POST", body });
  await response.body?.cancel();
  return response.status;
}

async function get<T>(hook: TestHook, path: string): Promise<T> {
  return await (await fetch(baseOf(hook) + path)).json();
}

const event = (id: number, name = "VOLUME_CREATE") =>
  JSON.stringify({
    nodeid: "n1",
    ts: 1795330857,
    event: name,
    message: { name: "gv1", bricks: "gl1:/b1" },
    id: `01JDHN5E8H${String(id).padStart(16, "0")}`,
    host: "gl1",
  });

/** Collects what a stream sends. */
async function follow(hook: TestHook, query = "", headers: HeadersInit = {}) {
  const stopping = new AbortController();
  const { signal } = stopping;
  const response = await fetch(`${baseOf(hook)}/v1/stream${query}`, { headers, signal });
  const seen = { text: "", isEnded: false };
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) seen.text += decoder.decode(chunk);
    seen.isEnded = true;
  })().catch(() => seen.isEnded = true);
  return {
    seen,
    ids: () => [...seen.text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id)),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await reading;
    },
  };
}

Deno.test("the page, its files and what it asks first are served", async () => {
  await using hook = start();
  const page = await fetch(`${baseOf(hook)}/`);
  assertStringIncludes(await page.text(), "<!DOCTYPE html>");
  assertMatch(page.headers.get("content-security-policy") ?? "", /script-src 'self'/);
  const script = await fetch(`${baseOf(hook)}/page/main.js`);
  await script.body?.cancel();
  assertEquals([page.status, script.status], [200, 200]);
  const about: HookPage = await get(hook, "/v1/page");
  assertEquals(about, {
    kind: "test-hook",
    version: "1.2.3",
    url: `${baseOf(hook)}/`,
    keeps: 1000,
    started_at: "2026-11-26T00:00:00.000Z",
    host: "gl1",
  });
  const nothing = await fetch(`${baseOf(hook)}/listen`);
  assertEquals([nothing.status, (await nothing.text()).includes("POST")], [404, true]);
  const head = await fetch(`${baseOf(hook)}/v1/stream`, { method: "HEAD" });
  assertEquals([head.status, head.headers.get("content-type")], [200, "text/event-stream"]);
});

Deno.test("an event that is tried again on another path does not undo what came since", async () => {
  await using hook = start();
  await post(hook, event(1), "/status/503");
  await post(hook, event(2, "VOLUME_START"), "/other");
  const before: ClusterPicture = await get(hook, "/v1/cluster");
  await post(hook, event(1), "/status/200");
  assertEquals(await get(hook, "/v1/cluster"), before);
  assertEquals(before.volumes.map(({ name, state }) => [name, state]), [["gv1", "started"]]);
});

Deno.test("requests are listed, counted, drawn, and can be taken away", async () => {
  await using hook = start({ keeps: 2 });
  await post(hook, "hello", "/a?b=c");
  await post(hook, event(1));
  await post(hook, event(1));
  const requests: HookRequest[] = await get(hook, "/v1/requests");
  assertEquals(requests.map(({ number, path, status }) => [number, path, status]), [
    [2, "/", 200],
    [3, "/", 200],
  ]);
  const [first, second] = requests;
  assertEquals(first?.events, [{
    id: "01JDHN5E8H0000000000000001",
    event: "VOLUME_CREATE",
    group: "VOLUME",
    severity: "info",
    nodeid: "n1",
    host: "gl1",
    text: "volume gv1 was created",
    message: { name: "gv1", bricks: "gl1:/b1" },
    at: "2026-11-22T07:00:57.000Z",
    marks: [],
    note: "",
  }]);
  assertEquals(second?.events[0]?.marks, ["duplicate"]);
  const newest: HookRequest[] = await get(hook, "/v1/requests?limit=1");
  assertEquals(newest, requests.slice(1));
  const download = await fetch(`${baseOf(hook)}/v1/requests.ndjson`);
  assertMatch(
    download.headers.get("content-disposition") ?? "",
    /^attachment; filename="requests-gl1/,
  );
  const lines = (await download.text()).trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines, requests);
  const summary: HookSummary = await get(hook, "/v1/summary");
  assertEquals([summary.requests, summary.events, summary.nodes[0]?.duplicates], [3, 3, 1]);
  const picture: ClusterPicture = await get(hook, "/v1/cluster");
  assertEquals(picture.volumes.map(({ name, state }) => [name, state]), [["gv1", "created"]]);
});

Deno.test("a list of nothing is one, and a download of nothing is empty", async () => {
  await using hook = start();
  assertEquals(await get(hook, "/v1/requests"), []);
  assertEquals(await (await fetch(`${baseOf(hook)}/v1/requests.ndjson`)).text(), "");
});

Deno.test("a long body is shown from its beginning, and many events in part", async () => {
  await using hook = start();
  const body = JSON.stringify({ event: "A", message: { text: "é".repeat(300_000) } });
  await post(hook, body);
  await post(hook, `[${Array.from({ length: 5000 }, () => '{"event":"B"}').join()}]`);
  const [one, other]: HookRequest[] = await get(hook, "/v1/requests");
  assertEquals([one?.body.length, one?.body_bytes], [262_144, 600_000 + body.length - 300_000]);
  assertEquals(one?.events.map(({ message }) => message), [null]);
  assertEquals([other?.events.length, other?.event_count], [1000, 5000]);
});

Deno.test("the stream tells what is kept, and then what comes", async () => {
  await using hook = start();
  await post(hook, event(1));
  await post(hook, event(2));
  await using all = await follow(hook);
  await until("the kept ones are there", () => all.ids().length === 2);
  await post(hook, event(3, "VOLUME_START"));
  await until("the new one is there", () => all.ids().length === 3);
  assertEquals(all.ids(), [1, 2, 3]);
  await until("the picture is the newest", () => all.seen.text.includes('"state":"started"'));
  assertMatch(all.seen.text, /event: summary\ndata: \{.*"requests":3/);
  await using some = await follow(hook, "?since=2");
  await using more = await follow(hook, "?since=0", { "last-event-id": "2" });
  for (const stream of [some, more]) {
    await until("it goes on behind what is known", () => stream.ids().length > 0);
    assertEquals(stream.ids(), [3]);
  }
  await using restarted = await follow(hook, "?since=99");
  await until("another test hook's number counts for nothing", () => restarted.ids().length === 3);
  const odd = await fetch(`${baseOf(hook)}/v1/stream?since=-1`);
  assertEquals([odd.status, (await odd.text()).includes("number of a request")], [400, true]);
});

Deno.test("who comes late gets the newest ones that are kept", async () => {
  await using hook = start({ keeps: 3 });
  for (let id = 1; id <= 10; id++) await post(hook, event(id));
  await using stream = await follow(hook);
  await until("they are there", () => stream.ids().length === 3);
  assertEquals(stream.ids(), [8, 9, 10]);
});

Deno.test("streams end with the test hook, and so do requests that are held", async () => {
  const hook = start();
  await using stream = await follow(hook);
  const held = post(hook, "x", "/hang");
  await until("it is held", () => hook.summary().requests === 1);
  await hook[Symbol.asyncDispose]();
  await until("the stream has ended", () => stream.seen.isEnded);
  assertEquals(await held, 503);
});

Deno.test("pages of others are refused, and so are other names", async () => {
  await using hook = start();
  const ask = async (...fields: string[]) => {
    using connection = await RawConnection.open({ hostname: "127.0.0.1", port: hook.port });
    const lines = ["GET /v1/page HTTP/1.1", ...fields, "Connection: close", "", ""];
    await connection.send(lines.join("\r\n"));
    return Number(/^HTTP\/1.1 (\d+)/.exec(await connection.ended)?.[1]);
  };
  const own = `Host: localhost:${hook.port}`;
  assertEquals(await ask(own), 200);
  assertEquals(await ask(own, `Origin: http://localhost:${hook.port}`), 200);
  assertEquals(await ask(own, "Sec-Fetch-Site: same-origin"), 200);
  assertEquals(await ask("Host: evil.example"), 403);
  assertEquals(await ask(own, "Origin: http://evil.example"), 403);
  assertEquals(await ask(own, "Origin: null"), 403);
  assertEquals(await ask(own, "Sec-Fetch-Site: cross-site"), 403);
  assertEquals(await ask(own, "Sec-Fetch-Site: same-site"), 403);
});

testNeeding(
  ["outer address"],
  "other machines may post, and look only if they are let",
  async () => {
    const address = outerAddress();
    for (const [isUiOpen, status] of [[false, 403], [true, 200]] as const) {
      await using hook = start({ hostname: "0.0.0.0", isUiOpen });
      const base = `http://${address}:${hook.port}`;
      const posted = await fetch(base, { method: "POST", body: event(1) });
      const looked = await fetch(`${base}/v1/requests`);
      const text = await looked.text();
      assertEquals([posted.status, looked.status, text.includes("gv1")], [200, status, isUiOpen]);
      const way = `ssh -L ${hook.port}:localhost:${hook.port} HOST`;
      if (!isUiOpen) assertStringIncludes(text, way);
      await posted.body?.cancel();
    }
    // At this address alone, its own machine has no other way to it.
    await using alone = start({ hostname: address ?? "" });
    const page = await fetch(`http://${address}:${alone.port}/`);
    assertEquals(page.status, 200, await page.text());
  },
);
