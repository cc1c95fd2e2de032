import type { AttemptResult } from "../../src/dispatcher/verdict.ts";
import type { WebhookClient } from "../../src/dispatcher/http/webhook_client.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { until } from "../support/until.ts";
import {
  type Act,
  linger,
  RawReceiver,
  repeat,
  say,
  sayAndClose,
  sayAndReset,
} from "../support/raw_receiver.ts";
import { test } from "./webhook_clients.ts";

const HEAD = "HTTP/1.1 200 OK\r\n";
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n`;
const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
const TIMEOUT_MS = 300;
/** What never ends is refused, unless the time is over before there is too much of it. */
const REFUSED = ["network", "timeout"];
/** What a slow machine may take longer. */
const SLACK_MS = 5000;

/** A receiver that misbehaves, and what comes of it: a status or the class of an error. */
interface Trouble {
  readonly act: Act;
  readonly result: number | string | readonly (number | string)[];
  /** How long it takes at least. */
  readonly fromMs?: number;
}

const TROUBLES: Readonly<Record<string, Trouble>> = {
  "hangs before the head": { act: linger, result: "timeout", fromMs: TIMEOUT_MS },
  "drips the head": { act: repeat(HEAD, "x", 20), result: "timeout", fromMs: TIMEOUT_MS },
  "drips header lines": {
    act: repeat(HEAD, "x: y\r\n", 20),
    result: "timeout",
    fromMs: TIMEOUT_MS,
  },
  "drips the body": {
    act: repeat(`${HEAD}content-length: 100000\r\n\r\n`, "x", 20),
    result: 200,
    fromMs: 900,
  },
  "hangs in the body": { act: say(`${HEAD}content-length: 9\r\n\r\nx`), result: 200, fromMs: 900 },
  "has an endless body": { act: repeat(CHUNKED, `2000\r\n${"x".repeat(0x2000)}\r\n`), result: 200 },
  "has endless headers": { act: repeat(HEAD, `x-y: ${"z".repeat(100)}\r\n`), result: REFUSED },
  "has one endless header": { act: repeat(`${HEAD}x-y: `, "z".repeat(1000)), result: REFUSED },
  "closes at once": { act: () => Promise.resolve(), result: "reset" },
  "closes after the request": { act: sayAndClose(""), result: "reset" },
  "closes in the head": { act: sayAndClose("HTTP/1.1 200 O"), result: "reset" },
  "closes in the body": { act: sayAndClose(`${HEAD}content-length: 9\r\n\r\nx`), result: 200 },
  "closes in a chunk": { act: sayAndClose(`${CHUNKED}10\r\nabc`), result: 200 },
  "resets before the head": { act: sayAndReset(""), result: "reset" },
  "resets in the body": { act: sayAndReset(`${HEAD}content-length: 9\r\n\r\nx`), result: 200 },
  "says continue for ever": { act: repeat("", CONTINUE), result: REFUSED },
  "says continue slowly": { act: repeat("", CONTINUE, 20), result: "timeout", fromMs: TIMEOUT_MS },
  "says continue, then garbage": { act: say(`${CONTINUE}garbage\r\n\r\n`), result: "network" },
  "speaks another protocol": { act: say("220 mail.example.com ESMTP\r\n"), result: "network" },
  "sends zeros": { act: say("\0".repeat(100)), result: "network" },
  "switches protocols": { act: say("HTTP/1.1 101 X\r\nupgrade: x\r\n\r\n"), result: 101 },
  "has an impossible status": { act: say("HTTP/1.1 099 X\r\n\r\n"), result: "network" },
  "has two lengths": {
    act: say(`${HEAD}content-length: 1\r\ncontent-length: 2\r\n\r\nxy`),
    result: "network",
  },
  "has a chunk of no size": { act: say(`${CHUNKED}zz\r\nabc`), result: 200 },
  "answers twice": { act: say(`${HEAD}content-length: 0\r\n\r\n`.repeat(2)), result: 200 },
};

async function post(client: WebhookClient, url: string, body = "{}"): Promise<AttemptResult> {
  const { signal } = new AbortController();
  return await client.post({ url, headers: {}, body }, { timeoutMs: TIMEOUT_MS, signal });
}

function codeOf(result: AttemptResult): number | string {
  return result.kind === "response" ? result.status : result.errorClass;
}

/** The sockets that are open in this process, both ends of a connection among them. */
async function countSockets(): Promise<number> {
  const entries = await Array.fromAsync(Deno.readDir("/proc/self/fd"));
  const targets = await Promise.all(entries.map(async ({ name }) => {
    // The one that the folder is read through is gone by now.
    return await Deno.readLink(`/proc/self/fd/${name}`).catch(() => "");
  }));
  return targets.filter((target) => target.startsWith("socket:")).length;
}

async function untilClosed(before: number): Promise<void> {
  let seen = 0;
  await until("no connection is open any more", async () => {
    seen = await countSockets();
    return seen <= before;
  }, { withinMs: 3000, seen: () => ({ before, seen }) });
}

for (const [name, { act, result: expected, fromMs = 0 }] of Object.entries(TROUBLES)) {
  test(`a receiver that ${name} gives a result in time and keeps no connection`, async (create) => {
    await using receiver = new RawReceiver(act);
    using client = create();
    const before = await countSockets();
    const startedMs = performance.now();
    const result = await post(client, receiver.url);
    const tookMs = performance.now() - startedMs;
    assertEquals([expected].flat().includes(codeOf(result)), true, Deno.inspect(result));
    assert(tookMs >= fromMs && tookMs < fromMs + SLACK_MS, `it took ${tookMs} ms`);
    assert(Math.abs(tookMs - result.durationMs) < SLACK_MS / 2, `it says ${result.durationMs} ms`);
    await untilClosed(before);
  });
}

test("of a body of 100 MB only the beginning is read", async (create) => {
  const chunk = new Uint8Array(65_536).fill(120);
  let written = 0;
  await using receiver = new RawReceiver(async (connection) => {
    await connection.read(chunk.slice());
    await connection.write(new TextEncoder().encode(`${HEAD}content-length: 100000000\r\n\r\n`));
    while (written < 1e8) written += await connection.write(chunk.subarray(0, 1e8 - written));
  });
  using client = create();
  const before = await countSockets();
  const result = await post(client, receiver.url);
  assertEquals(result.kind === "response" && [result.status, result.answer.length], [200, 1024]);
  await untilClosed(before);
  // What the kernel holds for the two ends was never read.
  assert(written < 2e7, `${written} bytes were written`);
});

test("many requests to a receiver that hangs end together and leave nothing open", async (create) => {
  await using receiver = new RawReceiver(linger);
  using client = create();
  const before = await countSockets();
  const results = await Promise.all(Array.from({ length: 64 }, () => post(client, receiver.url)));
  assertEquals(new Set(results.map(codeOf)), new Set(["timeout"]));
  await untilClosed(before);
});

test("a receiver that takes no more of a large request, or no TLS, is given up in time", async (create) => {
  await using receiver = new RawReceiver((connection) => {
    const closed = Promise.withResolvers<void>();
    // It reads nothing until long after the client has hung up.
    const timer = setTimeout(() => void linger(connection).finally(closed.resolve), 3 * TIMEOUT_MS);
    return closed.promise.finally(() => clearTimeout(timer));
  });
  await using deaf = new RawReceiver(linger);
  using client = create();
  const before = await countSockets();
  assertEquals(codeOf(await post(client, receiver.url, "x".repeat(2e7))), "timeout");
  assertEquals(codeOf(await post(client, deaf.url.replace("http:", "https:"))), "timeout");
  await untilClosed(before);
});

test("a request that is cut off leaves nothing open, in the head or in the body", async (create) => {
  for (const act of [linger, say(`${HEAD}content-length: 9\r\n\r\nx`)]) {
    await using receiver = new RawReceiver(act);
    using client = create();
    const before = await countSockets();
    const cut = new AbortController();
    const request = { url: receiver.url, headers: {}, body: "{}" };
    const posting = client.post(request, { timeoutMs: 60_000, signal: cut.signal })
      .catch((error) => error);
    await until("it is under way", async () => await countSockets() > before + 1);
    cut.abort(new Error("enough"));
    await posting;
    await untilClosed(before);
  }
});
