import { type ClusterPicture, EMPTY_PICTURE } from "../../../src/event/cluster_picture.ts";
import { drawEvent } from "../../../src/event/draw_event.ts";
import { type Message, toPayload } from "../../../src/event/event.ts";
import { EventOrder } from "../../../src/event/event_order.ts";
import { ulidBefore } from "../../../src/std/ulid.ts";
import { assertEquals } from "../../support/assert.ts";

const START_MS = Date.UTC(2026, 10, 26);

/** An event, with the second at which it happened. */
interface Told {
  readonly node: string;
  readonly second: number;
  readonly event: string;
  readonly message: Message;
  /** Stands for a format without ids. */
  readonly hasId?: boolean;
  /** How far the node's clock is ahead, in seconds. */
  readonly ahead?: number;
}

/** Draws events in the order in which they are given, and at the second at which they come. */
class Drawing {
  picture: ClusterPicture = EMPTY_PICTURE;
  readonly #order = new EventOrder();

  add({ node, event, message, hasId = true, ahead = 0, second }: Told, comesAt = second): this {
    const ms = START_MS + (second + ahead) * 1000;
    const id = hasId ? `${ulidBefore(ms).slice(0, -1)}1` : "";
    const payload = toPayload({ id, nodeId: node, host: node, ts: ms / 1000, event, message });
    const atMs = START_MS + comesAt * 1000 + 5;
    const order = this.#order.orderOf(payload, atMs);
    if (order !== undefined) this.picture = drawEvent(this.picture, payload, atMs, order);
    return this;
  }

  /** `gv1 started: gl1:/b1 up, gl2:/b2 down`, without what is only said of them. */
  get shown(): string {
    return this.picture.volumes.map(({ name, state, bricks }) =>
      `${name} ${state}: ${bricks.map((brick) => `${brick.name} ${brick.state}`).join(", ")}`
    ).join("; ");
  }
}

const at = (second: number, event: string, message: Message, node = "gl1"): Told => ({
  node,
  second,
  event,
  message,
});
const CREATE = at(1, "VOLUME_CREATE", { name: "gv1", bricks: "gl1:/b1 gl2:/b2" });
const START = at(2, "VOLUME_START", { name: "gv1" });
const UP1 = at(3, "BRICK_CONNECTED", { peer: "gl1", volume: "gv1", brick: "/b1" });
const UP2 = at(4, "BRICK_CONNECTED", { peer: "gl2", volume: "gv1", brick: "/b2" });
const DOWN2 = at(5, "BRICK_DISCONNECTED", { peer: "gl2", volume: "gv1", brick: "/b2" });
const STOP = at(6, "VOLUME_STOP", { name: "gv1" });
const DELETE = at(7, "VOLUME_DELETE", { name: "gv1" });

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length === 0) return [[]];
  return list.flatMap((one, index) =>
    permutations(list.toSpliced(index, 1)).map((rest) => [one, ...rest])
  );
}

Deno.test("an event that comes again on another path changes nothing", () => {
  const drawing = new Drawing().add(CREATE).add(START).add(UP1).add(UP2);
  const { picture } = drawing;
  for (const told of [CREATE, START, UP1]) drawing.add(told, 30);
  assertEquals(drawing.picture, picture);
});

Deno.test("an old event without an id does not undo what is newer", () => {
  const drawing = new Drawing().add(CREATE).add(START).add(UP1).add(UP2).add(DOWN2);
  drawing.add({ ...CREATE, hasId: false }, 30).add({ ...UP2, hasId: false, second: 3 }, 31);
  assertEquals(drawing.shown, "gv1 started: gl1:/b1 up, gl2:/b2 down");
});

Deno.test("the events of a node end in the same picture in whatever order they come", () => {
  for (
    const [told, wanted] of [
      [[CREATE, START, UP1, UP2], "gv1 started: gl1:/b1 up, gl2:/b2 up"],
      [[CREATE, START, UP1, UP2, DOWN2], "gv1 started: gl1:/b1 up, gl2:/b2 down"],
      [[CREATE, START, UP2, DOWN2, STOP], "gv1 stopped: gl1:/b1 unknown, gl2:/b2 unknown"],
      [[CREATE, START, UP1, STOP, DELETE], ""],
    ] as const
  ) {
    for (const order of permutations(told)) {
      const drawing = new Drawing();
      for (const [place, each] of order.entries()) drawing.add(each, 100 + place);
      assertEquals(drawing.shown, wanted, order.map(({ event }) => event).join(" "));
    }
  }
});

Deno.test("a volume that is made again under its name is drawn, and a late event of the old one is not", () => {
  const drawing = new Drawing().add(CREATE).add(START).add(DELETE).add(UP1, 8);
  assertEquals(drawing.shown, "");
  drawing.add({ ...CREATE, second: 9, message: { name: "gv1", bricks: "gl1:/new" } }).add(STOP, 10);
  assertEquals(drawing.shown, "gv1 created: gl1:/new unknown");
});

Deno.test("a node whose clock is wrong is believed as others are", () => {
  for (const ahead of [-3600, 3600, 1e9]) {
    const own = { node: "gl2", ahead };
    const drawing = new Drawing().add({ ...UP2, ...own, second: 0 }).add(CREATE).add(START);
    drawing.add({ ...UP2, ...own }).add({ ...DOWN2, ...own });
    assertEquals(drawing.shown, "gv1 started: gl1:/b1 unknown, gl2:/b2 down", `${ahead} s`);
    drawing.add(STOP);
    assertEquals(drawing.shown, "gv1 stopped: gl1:/b1 unknown, gl2:/b2 unknown", `${ahead} s`);
  }
});

Deno.test("a peer that was taken out stays out, and one that came back stays", () => {
  const lost = at(2, "PEER_DISCONNECT", { peer: "gl2" });
  const back = at(3, "PEER_CONNECT", { host: "gl2" });
  const drawing = new Drawing().add(back).add(lost, 4);
  assertEquals(drawing.picture.peers.map(({ name, state }) => [name, state]), [
    ["gl1", "up"],
    ["gl2", "up"],
  ]);
  drawing.add(at(5, "PEER_DETACH", { host: "gl2" })).add(back, 6).add(lost, 7);
  assertEquals(drawing.picture.peers.map(({ name }) => name), ["gl1"]);
});
