import { KernelSockets } from "../../src/listener/kernel_sockets.ts";
import { openSockets } from "../../src/listener/udp_sockets.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { until } from "../support/until.ts";

const KIB = 1024;

/** A socket with its kernel's view. */
class Bench implements Disposable {
  readonly socket: Deno.DatagramConn;
  readonly kernel: KernelSockets;

  constructor(hostname: string) {
    const [socket] = openSockets([{ hostname, port: 0 }]);
    if (socket === undefined) throw new Error("no socket");
    const kernel = KernelSockets.find([socket]);
    if (kernel === undefined) throw new Error("the kernel's view was not found");
    this.socket = socket;
    this.kernel = kernel;
  }

  async send(count: number, bytes: number): Promise<void> {
    const sender = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
    const datagram = new Uint8Array(bytes);
    for (let sent = 0; sent < count; sent++) {
      await sender.send(datagram, { ...this.socket.addr as Deno.NetAddr, hostname: "127.0.0.1" });
    }
    sender.close();
  }

  [Symbol.dispose](): void {
    this.kernel[Symbol.dispose]();
    this.socket.close();
  }
}

Deno.test("a receive buffer gets the size that is asked for, larger or smaller", () => {
  using bench = new Bench("127.0.0.1");
  // What needs no right.
  for (const bytes of [64 * KIB, 100 * KIB, 32 * KIB]) {
    assertEquals(bench.kernel.enlargeBuffers(bytes), bytes);
  }
});

Deno.test("what does not fit in the buffer is counted, and what fits arrives", async () => {
  using bench = new Bench("0.0.0.0");
  bench.kernel.enlargeBuffers(16 * KIB);
  assertEquals(bench.kernel.readDrops(), 0);
  await bench.send(100, 1000);
  await until("some are dropped", () => (bench.kernel.readDrops() ?? 0) > 0, {
    seen: () => bench.kernel.readDrops(),
  });
  const drops = bench.kernel.readDrops() ?? NaN;
  for (let left = 100 - drops; left > 0; left--) await bench.socket.receive();
  assertEquals(bench.kernel.readDrops(), drops);
  assert(drops > 0 && drops < 100, `${drops} were dropped`);
});

Deno.test("several sockets on one port are counted together, others not at all", async () => {
  using other = new Bench("127.0.0.1");
  const [first] = openSockets([{ hostname: "127.0.0.1", port: 0 }]);
  if (first === undefined) throw new Error("no socket");
  const { port } = first.addr as Deno.NetAddr;
  const [second] = openSockets([{ hostname: "127.0.0.2", port }]);
  if (second === undefined) throw new Error("no socket");
  using kernel = KernelSockets.find([first, second]);
  assert(kernel !== undefined, "the kernel's view was not found");
  assertEquals(kernel.enlargeBuffers(64 * KIB), 64 * KIB);
  other.kernel.enlargeBuffers(16 * KIB);
  await other.send(100, 1000);
  await until("some are dropped", () => (other.kernel.readDrops() ?? 0) > 0);
  assertEquals(kernel.readDrops(), 0);
  first.close();
  second.close();
});
