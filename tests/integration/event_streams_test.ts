/**
 * Streams of events on real sockets: the control socket, and the gate in front of it.
 *
 * @module
 */
import type { ControlHandlers } from "../../src/api/control_handlers.ts";
import { claimSocket, serveControl } from "../../src/api/control_server.ts";
import type { StreamItem } from "../../src/api/event_stream.ts";
import { Gate } from "../../src/api/gate.ts";
import { setConfig } from "../../src/registry/changes.ts";
import { Libc } from "../../src/std/libc.ts";
import { parseHostPort } from "../../src/std/host_port.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { historyEvent } from "../support/fake_daemon.ts";
import { RawStream, type StreamKind, type StreamTarget } from "../support/raw_stream.ts";
import { makeTempFolder } from "../support/temp_folder.ts";
import { startOf, TestDaemon } from "../support/test_daemon.ts";
import { until } from "../support/until.ts";

const KINDS: readonly StreamKind[] = ["SSE", "WebSocket"];

/** A control socket, with a gate, that streams events without end as fast as they are taken. */
interface EndlessStream extends AsyncDisposable {
  readonly socket: string;
  readonly gate: { readonly hostname: string; readonly port: number };
  readonly open: () => number;
  readonly made: () => number;
  /** Connections that the control socket has. */
  readonly connections: () => number;
}

async function serveEndlessly({ stallMs }: { readonly stallMs: number }): Promise<EndlessStream> {
  await using cleanups = new AsyncDisposableStack();
  const folder = cleanups.use(await makeTempFolder());
  const claim = cleanups.use(await claimSocket(`${folder.path}/sock`));
  let open = 0;
  let made = 0;
  let running = 0;
  const endless = async function* (signal: AbortSignal): AsyncGenerator<StreamItem[]> {
    running++;
    using _ending = { [Symbol.dispose]: () => running-- };
    const event = historyEvent(1, { message: { filling: "x".repeat(3000) } });
    while (!signal.aborted) {
      made++;
      yield [{ kind: "event", event, position: "" }];
      if (made % 10 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
  };
  cleanups.defer(async () => void await until("none is made", () => running === 0));
  const handlers: Pick<ControlHandlers, "stream"> = {
    stream: (_, signal) => {
      open++;
      signal.addEventListener("abort", () => open--);
      return endless(signal);
    },
  };
  const limits = { keepAliveMs: 60_000, stallMs };
  cleanups.use(await serveControl(claim, handlers as ControlHandlers, limits));
  const gate = Gate.open({
    address: { hostname: "127.0.0.1", port: 0 },
    socket: claim.path,
    limits: { stallMs },
  });
  cleanups.defer(() => gate.stop(0));
  const libc = Libc.open();
  if (libc === undefined) throw new Error("There is no C library");
  cleanups.use(libc);
  const kept = cleanups.move();
  return {
    socket: claim.path,
    gate: gate.address,
    open: () => open,
    made: () => made,
    // One of them is what listens.
    connections: () => libc.unsentOf(claim.path).size - 1,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

for (const kind of KINDS) {
  Deno.test(`${kind}: who stops reading is cut off, and costs nothing any more`, async () => {
    await using endless = await serveEndlessly({ stallMs: 400 });
    const targets: StreamTarget[] = [{ socket: endless.socket }, endless.gate];
    for (const target of targets) {
      const streams = await Promise.all(
        Array.from({ length: 10 }, () => RawStream.open(target, { kind })),
      );
      await until("all are open", () => endless.open() === 10);
      await until("none of them is", () => endless.open() === 0);
      await until("none is connected", () => endless.connections() === 0);
      const { made } = endless;
      const before = made();
      for (const stream of streams) {
        // What the kernel had is not much, and behind it is the end.
        assert(await stream.drain() < 16 * 2 ** 20);
        stream[Symbol.dispose]();
      }
      assertEquals(made(), before);
    }
  });

  Deno.test(`${kind}: who reads slowly but steadily is not cut off`, async () => {
    await using endless = await serveEndlessly({ stallMs: 400 });
    using stream = await RawStream.open({ socket: endless.socket }, { kind });
    for (let round = 0; round < 12; round++) {
      await stream.shows("filling");
      stream.received = "";
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assertEquals(endless.open(), 1);
  });

  Deno.test(`${kind}: who hangs up is gone at once, also through the gate`, async () => {
    await using endless = await serveEndlessly({ stallMs: 60_000 });
    for (const target of [{ socket: endless.socket }, endless.gate]) {
      for (let round = 0; round < 5; round++) {
        const stream = await RawStream.open(target, { kind });
        if (round > 0) await stream.shows("filling");
        stream[Symbol.dispose]();
      }
      await until("all are gone", () => endless.open() === 0 && endless.connections() === 0);
    }
  });
}

Deno.test("who opens a WebSocket through the gate has little to say", async () => {
  await using endless = await serveEndlessly({ stallMs: 60_000 });
  using stream = await RawStream.open(endless.gate, { kind: "WebSocket" });
  await stream.shows("101 Switching Protocols");
  // The beginning of a frame of 2^40 bytes.
  const frame = new Uint8Array(1024 * 1024);
  frame.set([0x82, 0xff, 0, 0, 1, 0, 0, 0, 0, 0]);
  await stream.send(frame).catch(() => {});
  await until("it is cut off", () => endless.open() === 0 && endless.connections() === 0);
});

async function serveApi(daemon: TestDaemon): Promise<StreamTarget> {
  await daemon.file.change(() => setConfig("api-listen", "127.0.0.1:0"));
  await daemon.daemon.reload();
  const [url = ""] = daemon.daemon.status().api.listening;
  const address = parseHostPort(url.slice("http://".length));
  if (address === undefined) throw new Error(`There is no API: ${url}`);
  return address;
}

Deno.test("a reload leaves streams alone, and a stop ends them at once", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  const gate = await serveApi(daemon);
  const targets = [{ socket: daemon.socket }, gate];
  const streams = await Promise.all(
    targets.flatMap((target) => KINDS.map((kind) => RawStream.open(target, { kind }))),
  );
  for (const stream of streams) await stream.shows('"live"');
  await daemon.file.change(() => setConfig("log-level", "DEBUG"));
  await daemon.daemon.reload();
  await daemon.send(startOf("gv1"));
  for (const stream of streams) await stream.shows("gv1");
  const ended = Promise.all(streams.map((stream) => stream.drain()));
  await daemon.stop();
  await ended;
  for (const stream of streams) stream[Symbol.dispose]();
});

Deno.test("those of the gate end when it closes, the others go on", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  using outer = await RawStream.open(await serveApi(daemon), { kind: "SSE" });
  using inner = await RawStream.open({ socket: daemon.socket }, { kind: "SSE" });
  await outer.shows('"live"');
  await inner.shows('"live"');
  await daemon.file.change(() => setConfig("api-listen", ""));
  await daemon.daemon.reload();
  await outer.drain();
  await daemon.send(startOf("gv1"));
  await inner.shows("gv1");
});

Deno.test("64 streams are served, the next is refused until one ends", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  const target = { socket: daemon.socket };
  const streams = [];
  for (let number = 0; number < 64; number++) {
    const stream = await RawStream.open(target, { kind: number % 2 === 0 ? "SSE" : "WebSocket" });
    await stream.shows('"live"');
    streams.push(stream);
  }
  await daemon.send(startOf("gv1"));
  for (const stream of streams) await stream.shows("gv1");
  for (const kind of KINDS) {
    using refused = await RawStream.open(target, { kind });
    await refused.shows('"hint"');
    assertMatch(refused.received, /^HTTP\/1\.1 503 .*64 streams of events are open/s);
  }
  streams.pop()?.[Symbol.dispose]();
  await until("another one is served", async () => {
    using stream = await RawStream.open(target, { kind: "SSE" });
    await stream.shows("HTTP/1.1");
    return stream.received.includes("200 OK");
  });
  for (const stream of streams) stream[Symbol.dispose]();
});

Deno.test("what cannot be asked for is refused with a hint, and no WebSocket is opened", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  const cases: readonly [query: string, said: RegExp][] = [
    ["?since=yesterday", /"since\\?" cannot be \\?"yesterday/],
    ["?since=", /"since\\?" cannot be/],
    ["?events=VOLUM_START", /did you mean: VOLUME_START/],
    ["?severity=bad", /There is no severity/],
    ["?scope=all", /give one of: node, cluster/],
    ["?sinc=1", /did you mean: since/],
  ];
  for (const target of [{ socket: daemon.socket }, await serveApi(daemon)]) {
    for (const kind of KINDS) {
      for (const [query, said] of cases) {
        using stream = await RawStream.open(target, { kind, query });
        await stream.shows("hint");
        assertMatch(stream.received, /^HTTP\/1\.1 400 /, query);
        assertMatch(stream.received, said, query);
      }
    }
  }
});

Deno.test("Last-Event-ID goes before since, and an empty one is none", async () => {
  await using folder = await makeTempFolder();
  await using daemon = new TestDaemon(folder.path);
  await daemon.start();
  await daemon.send(startOf("gv1"), startOf("gv2"), startOf("gv3"));
  await daemon.reports("all are in", ({ events }) => events.received === 3);
  const target = { socket: daemon.socket };
  const query = "?since=2020-01-01T00:00:00Z";
  using all = await RawStream.open(target, { kind: "SSE", query, more: ["Last-Event-ID: "] });
  await all.shows('"live"');
  const ids = [...all.received.matchAll(/^id: (\S+)$/gm)].map(([, id = ""]) => id);
  // The notice has the id of the event before it.
  assertEquals([ids.length, ids[3]], [4, ids[2]]);
  const more = [`Last-Event-ID: ${ids[1]}`];
  using rest = await RawStream.open(target, { kind: "SSE", query, more });
  await rest.shows('"live"');
  assertEquals([...rest.received.matchAll(/"name":"(\w+)"/g)].map(([, name]) => name), ["gv3"]);
});
