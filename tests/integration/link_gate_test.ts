/**
 * The way in for other nodes, as somebody sees it who is none: on real sockets, with the real
 * daemon behind it.
 *
 * @module
 */
import { ControlClient } from "../../src/api/control_client.ts";
import type { StreamItem } from "../../src/api/event_stream.ts";
import { type LinkOffer, readLinkOffer } from "../../src/api/link_offer.ts";
import { openRemoteEvents, RemoteEventsError } from "../../src/api/remote_events.ts";
import { makeLinkCertificate } from "../../src/daemon/links/link_certificate.ts";
import { LinkGate } from "../../src/daemon/links/link_gate.ts";
import { Logger } from "../../src/daemon/logger.ts";
import { assert, assertEquals, assertMatch, assertRejects } from "../support/assert.ts";
import { writeAll } from "../../src/std/files.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { startOf, TestDaemon } from "../support/test_daemon.ts";
import { until } from "../support/until.ts";

const WANTED = "GET /v1/events?scope=node HTTP/1.1";
const HOST = "127.0.0.1";

/** A daemon that runs, and what it offers to other nodes. */
async function startLinked(
  cleanups: AsyncDisposableStack,
): Promise<{ readonly daemon: TestDaemon; readonly offer: LinkOffer }> {
  const folder = cleanups.use(await makeTempFolder());
  const daemon = cleanups.use(new TestDaemon(folder.path));
  await daemon.start();
  const offer = readLinkOffer(await new ControlClient(daemon.socket).link());
  assert(offer !== undefined);
  return { daemon, offer };
}

/** Says something over TLS. @returns The first that comes back; nothing if it only hangs up. */
async function say(
  { port, name: hostname, certificate }: LinkOffer,
  ...lines: string[]
): Promise<string> {
  const plain = await Deno.connect({ hostname: HOST, port });
  using connection = await Deno.startTls(plain, { hostname, caCerts: [certificate] });
  const text = [...lines, "host: x", "", ""].join("\r\n");
  await writeAll(connection, new TextEncoder().encode(text));
  const chunk = new Uint8Array(10_000);
  const count = await connection.read(chunk) ?? 0;
  return new TextDecoder().decode(chunk.subarray(0, count));
}

async function statusOf(offer: LinkOffer, ...lines: string[]): Promise<number> {
  return Number(/^HTTP\/1\.1 (\d+)/.exec(await say(offer, ...lines))?.[1]);
}

Deno.test("a link takes nobody without its token, and gives nothing but this node's events", async () => {
  await using cleanups = new AsyncDisposableStack();
  const { daemon, offer } = await startLinked(cleanups);
  const bearer = `authorization: Bearer ${offer.token}`;
  assertEquals(await statusOf(offer, WANTED, bearer), 200);
  assertEquals(await statusOf(offer, WANTED), 401);
  const wrong = offer.token.replace(/.$/, (last) => last === "0" ? "1" : "0");
  assertEquals(await statusOf(offer, WANTED, `authorization: Bearer ${wrong}`), 401);
  assertEquals(await statusOf(offer, WANTED, "authorization: Bearer "), 401);
  assertEquals(await statusOf(offer, "GET /healthz HTTP/1.1"), 401);
  const others = [
    "GET / HTTP/1.1",
    "GET /healthz HTTP/1.1",
    "GET /metrics HTTP/1.1",
    "GET /v1/status HTTP/1.1",
    "GET /v1/history HTTP/1.1",
    "GET /v1/cluster HTTP/1.1",
    "GET /v1/events HTTP/1.1",
    "GET /v1/events?scope=cluster HTTP/1.1",
    "GET /v1/events?scope=node&scope=cluster HTTP/1.1",
    "GET /v1/events?scope=no%64e&%73cope=cluster HTTP/1.1",
    "POST /v1/events?scope=node HTTP/1.1",
    "POST /v1/replay HTTP/1.1",
    "POST /v1/stop HTTP/1.1",
    "POST /v1/link HTTP/1.1",
  ];
  for (const line of others) assertEquals(await statusOf(offer, line, bearer), 403, line);
  const socket = ["connection: upgrade", "upgrade: websocket"];
  assertEquals(await statusOf(offer, WANTED, bearer, ...socket), 403);
  assertMatch(daemon.log.join("\n"), /requests to the link of the nodes refused/);
  assertEquals(daemon.log.join("\n").includes(offer.token), false);
});

Deno.test("a link speaks nothing but TLS, with a certificate for itself alone", async () => {
  await using cleanups = new AsyncDisposableStack();
  const { offer } = await startLinked(cleanups);
  const { port } = offer;
  using plain = await Deno.connect({ hostname: HOST, port });
  const text = `${WANTED}\r\nhost: x\r\nauthorization: Bearer ${offer.token}\r\n\r\n`;
  await writeAll(plain, new TextEncoder().encode(text));
  const chunk = new Uint8Array(1000);
  const count = await plain.read(chunk).catch(() => null) ?? 0;
  assertEquals(new TextDecoder().decode(chunk.subarray(0, count)).includes("HTTP"), false);
  // Who does not know the certificate, or takes it for that of another name, does not trust it.
  for (
    const trusted of [
      { ...offer, name: "gl1.gluster-eventing.invalid" },
      { ...offer, certificate: (await makeLinkCertificate(offer.node)).cert },
    ]
  ) await assertRejects(() => statusOf(trusted, WANTED), Error);
  const signal = AbortSignal.timeout(10_000);
  const { cert: certificate } = await makeLinkCertificate(offer.node);
  const node = { host: HOST, offer: { ...offer, certificate } };
  const { message } = await assertRejects(
    () => openRemoteEvents(node, { query: {}, signal }),
    RemoteEventsError,
  );
  assertMatch(message, /^127\.0\.0\.1:\d+: .*certificate/);
});

Deno.test("all who ask while a link is open are offered the same, with what is no secret in the log", async () => {
  await using cleanups = new AsyncDisposableStack();
  const { daemon, offer } = await startLinked(cleanups);
  const client = new ControlClient(daemon.socket);
  assertEquals(await client.link(), offer);
  assertEquals(offer.node, daemon.daemon.status().node_id);
  assertMatch(daemon.log.join("\n"), /other nodes follow the events of this one port=\d+/);
});

Deno.test("a link closes a minute after its last use, and the next has another token", async () => {
  await using folder = await makeTempFolder();
  const path = `${folder.path}/sock`;
  const inner = Deno.serve({ path, onListen: () => {} }, () => new Response("inside"));
  let nowMs = 0;
  const due: (() => void)[] = [];
  const log: string[] = [];
  const gate = new LinkGate({
    socket: path,
    node: () => "00000000-0000-4000-8000-000000000001",
    logger: new Logger({ write: (line) => log.push(line), now: () => 0 }),
    steadyNow: () => nowMs,
    random: () => 0.5,
    schedule: (callback) => {
      due.push(callback);
      return () => due.splice(due.indexOf(callback), 1);
    },
  });
  const offer = await gate.offer();
  const look = async (ms: number) => {
    nowMs += ms;
    due.shift()?.();
    await until("it has looked", () => due.length > 0 || log.length > 1);
  };
  await look(59_999);
  assertEquals(await statusOf(offer, WANTED, `authorization: Bearer ${offer.token}`), 200);
  assertEquals((await gate.offer()).token, offer.token);
  await look(59_999);
  // Who has no token does not keep it open.
  using _idler = await Deno.connect({ hostname: HOST, port: offer.port });
  await look(60_000);
  await until("nobody gets in", async () => {
    return await statusOf(offer, WANTED).then(() => false, () => true);
  });
  const next = await gate.offer();
  assert(next.token !== offer.token && next.certificate !== offer.certificate);
  await gate[Symbol.asyncDispose]();
  await assertRejects(() => gate.offer(), Error, "stops");
  await assertRejects(() => statusOf(next, WANTED), Error);
  await inner.shutdown();
});

Deno.test("a link that is closed while it opens leaves nothing behind that would wake later", async () => {
  const due = new Set<() => void>();
  const gate = new LinkGate({
    socket: "/nowhere",
    node: () => "00000000-0000-4000-8000-000000000001",
    logger: new Logger({ write: () => {}, now: () => 0 }),
    steadyNow: () => 0,
    random: () => 0.5,
    schedule: (callback) => {
      due.add(callback);
      return () => due.delete(callback);
    },
  });
  const offering = gate.offer();
  await gate[Symbol.asyncDispose]();
  await offering;
  assertEquals(due.size, 0);
});

Deno.test("another node's events are read as they come, and its silence ends them", async () => {
  await using cleanups = new AsyncDisposableStack();
  const { daemon, offer } = await startLinked(cleanups);
  const ending = new AbortController();
  const events = await openRemoteEvents({ host: HOST, offer }, {
    query: { events: ["VOLUME_*"] },
    signal: ending.signal,
    limits: { silenceMs: 300 },
  });
  await daemon.send(startOf("gv1"));
  const items: StreamItem[] = [];
  const { message } = await assertRejects(async () => {
    for await (const piece of events) items.push(...piece);
  }, RemoteEventsError);
  assertMatch(message, /^127\.0\.0\.1:\d+: nothing comes from it any more within 0\.3 s$/);
  assertEquals(items.map((item) => item.kind), ["notice", "event"]);
});

Deno.test("who does not want a node's events any more is told why, also while it connects", async () => {
  await using cleanups = new AsyncDisposableStack();
  const { offer } = await startLinked(cleanups);
  const mute = cleanups.adopt(
    Deno.listen({ hostname: HOST, port: 0 }),
    (listener) => listener.close(),
  );
  const ending = new AbortController();
  const opening = openRemoteEvents(
    { host: HOST, offer: { ...offer, port: mute.addr.port } },
    { query: {}, signal: ending.signal },
  );
  using _accepted = await mute.accept();
  ending.abort(new RangeError("enough"));
  await assertRejects(() => opening, RangeError, "enough");
  const late = openRemoteEvents(
    { host: HOST, offer: { ...offer, port: mute.addr.port } },
    { query: {}, signal: new AbortController().signal, limits: { openMs: 100 } },
  );
  using _other = await mute.accept();
  await assertRejects(() => late, RemoteEventsError, "does not answer within 0.1 s");
  const nobody = openRemoteEvents(
    { host: HOST, offer: { ...offer, token: "0".repeat(64) } },
    { query: {}, signal: new AbortController().signal },
  );
  await assertRejects(() => nobody, RemoteEventsError, "it answers 401 Unauthorized");
});
