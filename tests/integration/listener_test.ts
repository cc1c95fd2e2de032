import type { GlusterEvent } from "../../src/event/event.ts";
import { KernelSockets } from "../../src/listener/kernel_sockets.ts";
import { Listener, type ListenerNotice } from "../../src/listener/listener.ts";
import {
  addressOf,
  ListenError,
  openSockets,
  openSocketsOnAll,
} from "../../src/listener/udp_sockets.ts";
import { SourceFilter } from "../../src/listener/source_filter.ts";
import type { NewEvent } from "../../src/spool/spool_types.ts";
import {
  assertEquals,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "../support/assert.ts";
import { needOuterAddress } from "../support/outer_address.ts";
import { testNeeding } from "../support/requirements.ts";
import { until } from "../support/until.ts";

async function send(hostname: string, port: number, payload: string | Uint8Array): Promise<void> {
  const from = hostname.includes(":") ? "::" : "0.0.0.0";
  const socket = Deno.listenDatagram({ transport: "udp", hostname: from, port: 0 });
  const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
  await socket.send(bytes, { transport: "udp", hostname, port });
  socket.close();
}

/** A listener on free ports that keeps what it hands on. */
class Bench implements AsyncDisposable {
  readonly events: NewEvent[] = [];
  readonly notices: ListenerNotice[] = [];
  refused = 0;
  /** Senders from where nothing is taken. */
  denies: (address: string) => boolean = () => false;
  nowMs = 1_800_000_000_000;
  readonly listener: Listener;

  constructor(sockets: Deno.DatagramConn[]) {
    let count = 0;
    this.listener = new Listener({
      sockets,
      kernel: KernelSockets.find(sockets),
      sink: {
        addEvent: (event) => this.events.push(event),
        addRefused: () => this.refused++,
      },
      isAllowed: (address) => !this.denies(address),
      node: { id: "node-1", host: "gl1" },
      newId: () => `id-${++count}`,
      now: () => this.nowMs,
      steadyNow: () => this.nowMs,
      notify: (notice) => this.notices.push(notice),
    });
    this.listener.start();
  }

  get port(): number {
    return this.listener.addresses[0]?.port ?? 0;
  }

  get count(): number {
    return this.events.length + this.refused + this.listener.denied;
  }

  async has(count: number): Promise<void> {
    await until(`${count} datagrams came`, () => this.count >= count, {
      seen: () => ({ events: this.events, refused: this.refused }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.listener.close();
  }
}

Deno.test("a datagram becomes an event with an id, the node and the time of receipt", async () => {
  await using bench = new Bench(openSockets([{ hostname: "127.0.0.1", port: 0 }]));
  await send("127.0.0.1", bench.port, "1795333034 3 name=gv1;force=0");
  await bench.has(1);
  const [event] = bench.events;
  assertEquals([event?.id, event?.event, event?.receivedMs], ["id-1", "VOLUME_START", bench.nowMs]);
  assertEquals(JSON.parse(event?.payload ?? ""), {
    nodeid: "node-1",
    ts: 1795333034,
    event: "VOLUME_START",
    message: { name: "gv1", force: false },
    id: "id-1",
    event_group: "VOLUME",
    severity: "info",
    host: "gl1",
  });
  const received = bench.notices.find(({ kind }) => kind === "event_received");
  assertEquals((received as { event: GlusterEvent } | undefined)?.event.event, "VOLUME_START");
});

testNeeding(["ipv6"], "the sockets on all addresses take IPv4 and IPv6", async () => {
  await using bench = new Bench(openSocketsOnAll(0));
  await send("127.0.0.1", bench.port, "1 0 host=four");
  await send("::1", bench.port, "1 0 host=six");
  await bench.has(2);
  assertEquals(bench.events.length, 2);
});

Deno.test("the largest datagram arrives whole", async () => {
  await using bench = new Bench(openSockets([{ hostname: "127.0.0.1", port: 0 }]));
  const head = "1795333034 3 name=";
  const name = "x".repeat(65_507 - head.length);
  await send("127.0.0.1", bench.port, head + name);
  await bench.has(1);
  assertEquals(JSON.parse(bench.events[0]?.payload ?? "{}").message.name, name);
});

Deno.test("what is no event is counted, and told of once a minute", async () => {
  await using bench = new Bench(openSockets([{ hostname: "127.0.0.1", port: 0 }]));
  for (let sent = 0; sent < 5; sent++) await send("127.0.0.1", bench.port, "hello");
  await bench.has(5);
  bench.nowMs += 60_000;
  await send("127.0.0.1", bench.port, new Uint8Array([0xff, 0x00, 0x80]));
  await bench.has(6);
  const counts = bench.notices.map((notice) => "count" in notice ? notice.count : notice.kind);
  assertEquals([bench.events.length, bench.refused, counts], [0, 6, [1, 5]]);
});

Deno.test("a buffer that is smaller than wanted is told of, with its size", async () => {
  await using bench = new Bench(openSockets([{ hostname: "127.0.0.1", port: 0 }]));
  bench.listener.enlargeBuffers(65_536);
  assertEquals(bench.notices, []);
  // More than the kernel gives to anybody.
  bench.listener.enlargeBuffers(2 ** 31 - 1);
  const [notice] = bench.notices;
  assertEquals(notice?.kind, "buffer_small");
  const bytes = notice?.kind === "buffer_small" ? notice.bytes ?? 0 : 0;
  assertEquals(bytes > 0 && bytes < 2 ** 31 - 1, true, `${bytes}`);
});

Deno.test("what comes from where nothing is allowed is not read, but counted and told of", async () => {
  await using bench = new Bench(openSockets([{ hostname: "127.0.0.1", port: 0 }]));
  bench.denies = (address) => address === "127.0.0.1";
  for (const text of ["hello", "1795333034 3 name=gv1", "hello"]) {
    await send("127.0.0.1", bench.port, text);
  }
  await bench.has(3);
  bench.nowMs += 60_000;
  bench.listener.tellLosses();
  bench.denies = () => false;
  await send("127.0.0.1", bench.port, "hello");
  await send("127.0.0.1", bench.port, "1795333034 3 name=gv2");
  await bench.has(5);
  const { events, refused, listener: { denied } } = bench;
  assertEquals([events.length, refused, denied], [1, 1, 3]);
  const told = bench.notices.map((notice) => [notice.kind, "count" in notice ? notice.count : 1]);
  assertEquals(told, [
    ["datagrams_denied", 1],
    ["datagrams_denied", 2],
    ["datagrams_refused", 1],
    ["event_received", 1],
  ]);
  const [first] = bench.notices;
  assertMatch(first !== undefined && "from" in first ? first.from : "", /^127\.0\.0\.1:\d+$/);
});

testNeeding(
  ["ipv6", "outer address"],
  "a source is known by its address on sockets for IPv4 and for both",
  async () => {
    const outer = needOuterAddress();
    for (const hostname of ["0.0.0.0", "::"]) {
      await using bench = new Bench(openSockets([{ hostname, port: 0 }]));
      let list = ["240.0.0.0/4", "2001:db8::/32"];
      const sources = new SourceFilter(() => list);
      bench.denies = (address) => !sources.allows(address);
      await send(outer, bench.port, "1 0 host=denied");
      await send("127.0.0.1", bench.port, "1 0 host=loopback");
      await bench.has(2);
      list = [`${outer}/31`];
      await send(outer, bench.port, "1 0 host=allowed");
      await bench.has(3);
      const hosts = bench.events.map(({ payload }) => JSON.parse(payload).message.host);
      assertEquals([bench.listener.denied, hosts], [1, ["loopback", "allowed"]]);
    }
  },
);

Deno.test("a taken port is an error that says so, for one address and for all", () => {
  const [taken] = openSockets([{ hostname: "0.0.0.0", port: 0 }]);
  if (taken === undefined) throw new Error("no socket");
  const { port } = addressOf(taken);
  const one = assertThrows(() => openSockets([{ hostname: "127.0.0.1", port }]), ListenError);
  const all = assertThrows(() => openSocketsOnAll(port), ListenError);
  taken.close();
  for (const error of [one, all]) {
    assertStringIncludes(error.message, `:${port}: Address already in use`);
    assertStringIncludes(error.hint, "glustereventsd");
  }
});

testNeeding(["ipv6"], "a port that is taken for IPv6 only is taken", () => {
  const [taken] = openSockets([{ hostname: "::1", port: 0 }]);
  if (taken === undefined) throw new Error("no socket");
  const { port } = addressOf(taken);
  const error = assertThrows(() => openSocketsOnAll(port), ListenError);
  taken.close();
  assertStringIncludes(error.message, `[::]:${port}: Address already in use`);
});

Deno.test("if one of several addresses cannot be used, none stays open", () => {
  const [free] = openSockets([{ hostname: "127.0.0.1", port: 0 }]);
  if (free === undefined) throw new Error("no socket");
  const { port } = addressOf(free);
  free.close();
  // 192.0.2.0/24 is for documentation: no machine has it.
  const addresses = [{ hostname: "127.0.0.1", port }, { hostname: "192.0.2.1", port }];
  assertThrows(() => openSockets(addresses), ListenError, "192.0.2.1");
  for (const socket of openSockets([{ hostname: "127.0.0.1", port }])) socket.close();
});
