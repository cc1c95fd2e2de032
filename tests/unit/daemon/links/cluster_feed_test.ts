import type { FollowEvents, StreamItem, StreamQuery } from "../../../../src/api/event_stream.ts";
import type { LinkOffer } from "../../../../src/api/link_offer.ts";
import { RemoteEventsError } from "../../../../src/api/remote_events.ts";
import { formatPosition } from "../../../../src/api/stream_start.ts";
import { ClusterFeed } from "../../../../src/daemon/links/cluster_feed.ts";
import type { LinkedNode, LinkLoss } from "../../../../src/daemon/links/node_links.ts";
import { ulidBefore } from "../../../../src/std/ulid.ts";
import { assert, assertEquals } from "../../../support/assert.ts";
import { ManualClock, settle } from "../../../support/manual_clock.ts";

const OFFER: LinkOffer = { node: uuidOf(2), port: 49_600, certificate: "", name: "", token: "" };

const NODE = { uuid: uuidOf(2), host: "gl2", isHere: false, isUp: true };

function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-00000000000${number}`;
}

function idOf(number: number, count: number): string {
  return `01JD${String(number).padStart(10, "0")}${String(count).padStart(12, "0")}`;
}

function placeOf(number: number, count: number): string {
  return formatPosition([[uuidOf(number), idOf(number, count)]]);
}

function eventOf(number: number, count: number): StreamItem {
  const id = idOf(number, count);
  const event = {
    nodeid: uuidOf(number),
    ts: 1,
    event: "VOLUME_START",
    message: {},
    id,
    event_group: "VOLUME",
    severity: "info",
    received_at: "2026-11-22T07:37:14.000Z",
  } as const;
  return { kind: "event", event, position: placeOf(number, count) };
}

function liveOf(number: number, count: number): StreamItem {
  const notice = { notice: "live", node: uuidOf(number), host: `gl${number}` } as const;
  return { kind: "notice", notice, position: placeOf(number, count) };
}

/** A source that a test feeds. */
class Tap {
  readonly #waiting: (readonly StreamItem[])[] = [];
  #wake: () => void = () => {};
  #failure: Error | undefined;
  taken = 0;

  push(...items: StreamItem[]): void {
    this.#waiting.push(items);
    this.#wake();
  }

  fail(message: string): void {
    this.#failure = new RemoteEventsError(message);
    this.#wake();
  }

  async *items(signal: AbortSignal): AsyncGenerator<readonly StreamItem[], void, void> {
    signal.addEventListener("abort", () => this.#wake());
    while (!signal.aborted) {
      const items = this.#waiting.shift();
      if (items !== undefined) {
        this.taken++;
        yield items;
      } else if (this.#failure !== undefined) {
        throw this.#failure;
      } else await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }
}

/** This node and gl2, as a test wants them. */
class Scene implements Disposable {
  readonly clock = new ManualClock(1_795_333_034_000);
  readonly here = new Tap();
  /** One for each connection with gl2. */
  readonly taps: Tap[] = [];
  readonly asked: StreamQuery[] = [];
  readonly losses: LinkLoss[] = [];
  readonly nodes = new Map<string, LinkedNode>();
  readonly shown: StreamItem[] = [];
  isKnown = true;
  /** Why gl2 cannot be connected with. */
  blocked: string | undefined;
  readonly #ending = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #feed: ClusterFeed;

  constructor() {
    const isKnown = () => this.isKnown;
    const local: FollowEvents = (_, signal) => this.here.items(signal);
    this.#feed = new ClusterFeed({
      isOurs: () => Promise.resolve(true),
      local,
      clock: this.clock,
      open: (_, { query, signal }) => {
        if (this.blocked !== undefined) throw new RemoteEventsError(this.blocked);
        const tap = new Tap();
        this.taps.push(tap);
        this.asked.push(query);
        return Promise.resolve(tap.items(signal));
      },
      links: {
        get isKnown() {
          return isKnown();
        },
        nodes: this.nodes,
        lost: (_, loss) => {
          this.losses.push(loss);
          this.set({ reason: loss.reason, isBlocked: loss.heldMs === undefined });
        },
        join: (onChange) => {
          this.#listeners.add(onChange);
          return { [Symbol.dispose]: () => this.#listeners.delete(onChange) };
        },
      },
    });
  }

  /** What is known of gl2. */
  set(known: Omit<LinkedNode, "node">): void {
    this.nodes.set(uuidOf(2), { node: NODE, ...known });
    for (const tell of this.#listeners) tell();
  }

  /** Somebody follows, who takes what he likes. */
  open(query: StreamQuery = {}): AsyncIterable<readonly StreamItem[]> {
    return this.#feed.follow({ ...query, scope: "cluster" }, this.#ending.signal);
  }

  /** Somebody follows, who takes all. */
  async follow(query: StreamQuery = {}): Promise<void> {
    void this.#takeAll(this.open(query));
    await settle();
  }

  /** What came is this, in words. */
  async shows(...wanted: string[]): Promise<void> {
    await settle();
    await settle();
    const words = this.shown.map((item) =>
      item.kind === "event" ? item.event.id.slice(-1) : `${item.notice.notice} ${item.notice.host}`
    );
    assertEquals(words, wanted);
  }

  [Symbol.dispose](): void {
    this.#ending.abort();
  }

  async #takeAll(stream: AsyncIterable<readonly StreamItem[]>): Promise<void> {
    for await (const items of stream) this.shown.push(...items);
  }
}

Deno.test("the position names what came last of each node, before any event too", async () => {
  using scene = new Scene();
  scene.set({ offer: OFFER });
  await scene.follow();
  assertEquals(scene.asked, [{}]);
  scene.here.push(liveOf(1, 0));
  await scene.shows();
  scene.taps[0]?.push(liveOf(2, 0));
  await scene.shows("live gl1");
  scene.here.push(eventOf(1, 1));
  await settle();
  scene.taps[0]?.push(eventOf(2, 2), eventOf(2, 3));
  await scene.shows("live gl1", "1", "2", "3");
  assertEquals(scene.shown.map(({ position }) => position), [
    `${placeOf(1, 0)},${placeOf(2, 0)}`,
    `${placeOf(1, 1)},${placeOf(2, 0)}`,
    `${placeOf(1, 1)},${placeOf(2, 2)}`,
    `${placeOf(1, 1)},${placeOf(2, 3)}`,
  ]);
});

Deno.test("it is not live before a node has said so that was found in the same moment", async () => {
  using scene = new Scene();
  scene.isKnown = false;
  await scene.follow();
  // All that in one turn: this node is live, and the pool is known.
  scene.here.push(liveOf(1, 0));
  scene.isKnown = true;
  scene.nodes.set(uuidOf(2), { node: NODE, offer: OFFER });
  await scene.shows();
  scene.taps[0]?.push(liveOf(2, 0));
  await scene.shows("live gl1");
});

Deno.test("each node goes on at its own place in the position", async () => {
  using scene = new Scene();
  scene.set({ offer: OFFER });
  await scene.follow({ since: `${placeOf(1, 5)},${placeOf(2, 7)}`, events: ["VOLUME_*"] });
  assertEquals(scene.asked, [{ events: ["VOLUME_*"], since: placeOf(2, 7) }]);
});

Deno.test("a time goes to all nodes, and one that is away begins with it", async () => {
  using scene = new Scene();
  scene.set({ reason: "down" });
  await scene.follow({ since: "2026-11-22T00:00:00Z" });
  scene.here.push(liveOf(1, 0));
  await scene.shows("away gl2", "live gl1");
  const before = formatPosition([[uuidOf(2), ulidBefore(Date.parse("2026-11-22T00:00:00Z"))]]);
  assertEquals(scene.shown[0]?.position, before);
  scene.set({ offer: OFFER });
  await scene.shows("away gl2", "live gl1", "back gl2");
  assertEquals(scene.asked, [{ since: before }]);
});

Deno.test("a connection that had held is made anew at once, behind what came, without a word", async () => {
  using scene = new Scene();
  scene.set({ offer: OFFER });
  await scene.follow();
  scene.here.push(liveOf(1, 0));
  scene.taps[0]?.push(liveOf(2, 0), eventOf(2, 1));
  await settle();
  scene.clock.advance(10_000);
  scene.taps[0]?.fail("gl2:49600: reset");
  await settle();
  assertEquals(scene.asked.map(({ since }) => since), [undefined, placeOf(2, 1)]);
  scene.taps[1]?.push(liveOf(2, 1), eventOf(2, 2));
  await scene.shows("1", "live gl1", "2");
  assertEquals(scene.losses, []);
});

Deno.test("one that is lost is told of once, and goes on behind what came when it is back", async () => {
  using scene = new Scene();
  scene.set({ offer: OFFER });
  await scene.follow();
  scene.here.push(liveOf(1, 0));
  scene.taps[0]?.push(liveOf(2, 0), eventOf(2, 1));
  await settle();
  scene.taps[0]?.fail("gl2:49600: reset");
  await settle();
  assertEquals(scene.losses, [{ offer: OFFER, reason: "gl2:49600: reset", heldMs: 0 }]);
  scene.set({ reason: "still down" });
  await settle();
  scene.set({ offer: { ...OFFER, port: 49_601 } });
  await settle();
  scene.taps[1]?.push(eventOf(2, 2));
  await scene.shows("1", "live gl1", "away gl2", "back gl2", "2");
  assertEquals(scene.asked.at(-1)?.since, placeOf(2, 1));
});

Deno.test("who offers and cannot be reached is told of with what helps, once", async () => {
  using scene = new Scene();
  scene.set({ offer: OFFER });
  await scene.follow();
  scene.here.push(liveOf(1, 0));
  scene.taps[0]?.push(liveOf(2, 0), eventOf(2, 1));
  await settle();
  scene.blocked = "gl2:49600: it does not answer within 10 s";
  scene.taps[0]?.fail("gl2:49600: nothing comes from it any more within 40 s");
  await scene.shows("1", "live gl1", "away gl2");
  for (let time = 0; time < 3; time++) {
    scene.set({ offer: { ...OFFER, port: OFFER.port + time } });
    await settle();
  }
  await scene.shows("1", "live gl1", "away gl2", "away gl2");
  const reasons = scene.shown.flatMap((item) =>
    item.kind === "notice" && item.notice.notice === "away" ? [item.notice.reason] : []
  );
  assertEquals(reasons, [
    "gl2:49600: nothing comes from it any more within 40 s",
    "gl2:49600: it does not answer within 10 s; if gl2 has a firewall, open TCP 49600 to 49664 " +
    "there for the other nodes",
  ]);
});

Deno.test("a node that leaves the pool is followed no more, and nothing of it is told", async () => {
  using scene = new Scene();
  scene.set({ offer: OFFER });
  await scene.follow();
  scene.taps[0]?.push(liveOf(2, 0));
  await settle();
  scene.nodes.delete(uuidOf(2));
  scene.here.push(liveOf(1, 0));
  await settle();
  scene.taps[0]?.push(eventOf(2, 1));
  await scene.shows("live gl1");
});

Deno.test("who takes nothing holds up nobody, and little waits for him", async () => {
  using scene = new Scene();
  scene.set({ offer: OFFER });
  const taking = scene.open()[Symbol.asyncIterator]();
  scene.here.push(eventOf(1, 1));
  assertEquals((await taking.next()).value.length, 1);
  const [tap] = scene.taps;
  assert(tap !== undefined);
  for (let count = 1; count <= 100; count++) tap.push(eventOf(2, count % 10));
  await settle();
  // The piece that is asked for ahead.
  assertEquals(tap.taken, 1);
  assertEquals((await taking.next()).value.length, 1);
});
