import type { LinkOffer } from "../../../../src/api/link_offer.ts";
import type { NodeReply } from "../../../../src/cluster/pool_link.ts";
import type { PoolNode } from "../../../../src/cluster/pool.ts";
import { NodeLinks } from "../../../../src/daemon/links/node_links.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { ManualClock, settle } from "../../../support/manual_clock.ts";

const HERE: PoolNode = { uuid: uuidOf(1), host: "localhost", isHere: true, isUp: true };

/** A pool whose nodes do what a test wants, and how often they were asked. */
class FakePool {
  readonly clock = new ManualClock();
  readonly nodes = new Map<number, { isUp: boolean; refusal: string | undefined; port: number }>();
  looks = 0;
  /** When, by the clock. */
  readonly asked: number[] = [];
  trouble: string | undefined;
  changes = 0;
  readonly links = new NodeLinks({
    look: () => Promise.resolve(this.#look()),
    clock: this.clock,
    random: () => 1,
  });

  constructor(size: number) {
    for (let number = 2; number <= size; number++) this.add(number);
  }

  add(number: number): void {
    this.nodes.set(number, { isUp: true, refusal: undefined, port: 49_600 });
  }

  node(number: number): { isUp: boolean; refusal: string | undefined; port: number } {
    const node = this.nodes.get(number);
    assert(node !== undefined);
    return node;
  }

  /** Somebody follows. */
  async join(): Promise<Disposable> {
    const joined = this.links.join(() => this.changes++);
    await settle();
    return joined;
  }

  /** The port that is known of a node, or why none is. */
  seen(number: number): number | string | undefined {
    const { offer, reason } = this.links.nodes.get(uuidOf(number)) ?? {};
    return offer?.port ?? reason;
  }

  /** It cannot be followed as it has offered. */
  async lose(number: number, heldMs?: number): Promise<void> {
    const offer = this.links.nodes.get(uuidOf(number))?.offer;
    assert(offer !== undefined);
    const held = heldMs === undefined ? {} : { heldMs };
    this.links.lost(uuidOf(number), { offer, reason: "lost", ...held });
    await settle();
  }

  #look() {
    this.looks++;
    const nodes = [...this.nodes].map(([number, { isUp }]) => nodeOf(number, isUp));
    const trouble = this.trouble === undefined ? {} : { trouble: this.trouble };
    return { pool: { nodes: [...nodes, HERE], ...trouble }, ask: () => this.#ask() };
  }

  #ask(): Promise<NodeReply<unknown>[]> {
    this.asked.push(this.clock.steadyNow());
    return Promise.resolve([...this.nodes].map(([number, { isUp, refusal, port }]) => {
      const error = isUp ? refusal : "N/A";
      return {
        node: nodeOf(number, isUp),
        answer: error === undefined
          ? { ok: true, value: offerOf(number, port) }
          : { ok: false, error, hint: "", code: 1 },
      };
    }));
  }
}

function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-00000000000${number}`;
}

function nodeOf(number: number, isUp: boolean): PoolNode {
  return { uuid: uuidOf(number), host: `gl${number}`, isHere: false, isUp };
}

function offerOf(number: number, port: number): LinkOffer {
  return {
    node: uuidOf(number),
    port,
    certificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    name: `${uuidOf(number)}.gluster-eventing.invalid`,
    token: "ab".repeat(32),
  };
}

/** The time between the questions. */
function gapsOf(times: readonly number[]): number[] {
  return times.slice(1).map((time, at) => time - (times[at] ?? 0));
}

Deno.test("nobody is asked before somebody follows, then all at once, and then no more", async () => {
  const pool = new FakePool(4);
  await pool.clock.pass(3_600_000);
  assertEquals([pool.looks, pool.asked.length], [0, 0]);
  using _one = await pool.join();
  using _two = await pool.join();
  assertEquals([pool.seen(2), pool.seen(3), pool.seen(4)], [49_600, 49_600, 49_600]);
  await pool.clock.pass(24 * 3_600_000);
  assertEquals(pool.asked.length, 1);
});

Deno.test("a node that cannot be followed is asked again less and less often", async () => {
  const pool = new FakePool(2);
  pool.node(2).refusal = "no daemon is running there";
  using _joined = await pool.join();
  assertEquals(pool.seen(2), "no daemon is running there");
  await pool.clock.pass(600_000);
  assertEquals(gapsOf(pool.asked).slice(0, 9), [
    1000,
    2000,
    4000,
    8000,
    16_000,
    32_000,
    60_000,
    60_000,
    60_000,
  ]);
  pool.node(2).refusal = undefined;
  await pool.clock.pass(60_000);
  assertEquals(pool.seen(2), 49_600);
});

Deno.test("while glusterd is not connected with a node nobody is asked, and it is once it is", async () => {
  const pool = new FakePool(3);
  pool.node(3).isUp = false;
  using _joined = await pool.join();
  assertEquals(pool.seen(3), "glusterd is not connected with it: gluster peer status");
  await pool.clock.pass(600_000);
  assertEquals(pool.asked.length, 1);
  pool.node(3).isUp = true;
  pool.links.noteEvent("PEER_CONNECT");
  await pool.clock.pass(1000);
  assertEquals([pool.asked.length, pool.seen(3)], [2, 49_600]);
});

Deno.test("what fails while it is new is asked again soon, what has held for long at once", async () => {
  const pool = new FakePool(2);
  using _joined = await pool.join();
  await pool.clock.pass(3_600_000);
  await pool.lose(2, 3_000_000);
  assertEquals(pool.asked.length, 2);
  await pool.lose(2);
  assertEquals([pool.asked.length, pool.seen(2)], [2, "lost"]);
  await pool.clock.pass(2000);
  assertEquals([pool.asked.length, pool.seen(2)], [3, 49_600]);
});

Deno.test("behind a firewall it is asked every five minutes at last", async () => {
  const pool = new FakePool(2);
  using _joined = await pool.join();
  for (let minute = 0; minute < 60; minute++) {
    if (typeof pool.seen(2) === "number") await pool.lose(2);
    await pool.clock.pass(60_000);
  }
  assert(pool.asked.length < 20, `asked ${pool.asked.length} times`);
  assertEquals(gapsOf(pool.asked).at(-1), 300_000);
});

Deno.test("an offer that was replaced is not lost a second time", async () => {
  const pool = new FakePool(2);
  using _joined = await pool.join();
  const old = pool.links.nodes.get(uuidOf(2))?.offer;
  assert(old !== undefined);
  pool.node(2).port = 49_601;
  await pool.lose(2);
  await pool.clock.pass(2000);
  assertEquals(pool.seen(2), 49_601);
  pool.links.lost(uuidOf(2), { offer: old, reason: "too late" });
  await settle();
  assertEquals(pool.seen(2), 49_601);
});

Deno.test("nodes that come and go are noticed when an event tells of it", async () => {
  const pool = new FakePool(2);
  using _joined = await pool.join();
  pool.add(3);
  pool.links.noteEvent("PEER_ATTACH");
  await pool.clock.pass(2000);
  assertEquals([pool.seen(3), pool.asked.length], [49_600, 2]);
  pool.nodes.delete(2);
  pool.links.noteEvent("PEER_DETACH");
  await pool.clock.pass(2000);
  assertEquals([...pool.links.nodes.keys()], [uuidOf(3)]);
  assertEquals(pool.asked.length, 2);
});

Deno.test("with glusterd down here each node has that reason, and nobody is asked", async () => {
  const pool = new FakePool(2);
  pool.trouble = "glusterd on this node is not running";
  using _joined = await pool.join();
  await pool.clock.pass(60_000);
  assertEquals([pool.seen(2), pool.asked.length], ["glusterd on this node is not running", 0]);
});

Deno.test("when nobody follows any more nobody is asked, and who comes again asks no more often", async () => {
  const pool = new FakePool(2);
  pool.node(2).refusal = "no daemon is running there";
  const joined = await pool.join();
  joined[Symbol.dispose]();
  await pool.clock.pass(3_600_000);
  assertEquals(pool.asked.length, 1);
  for (let times = 0; times < 10; times++) {
    using _again = await pool.join();
    await pool.clock.pass(100);
  }
  assert(pool.asked.length <= 3, `asked ${pool.asked.length} times`);
});
