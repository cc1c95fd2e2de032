import { Delivery } from "../../../../src/dispatcher/lanes/delivery.ts";
import { LaneWindow } from "../../../../src/dispatcher/lanes/lane_window.ts";
import type { Order } from "../../../../src/registry/schema.ts";
import { assertEquals } from "../../../support/assert.ts";

const LIMIT = { events: 10, bytes: 1000 };

/** A window with deliveries that are named after their volume and a number. */
function fill(order: Order, ...names: string[]): [LaneWindow, Map<string, Delivery>] {
  const window = new LaneWindow();
  const deliveries = new Map(names.map((name, seq) => {
    const [volume] = name.split(":");
    const payload = JSON.stringify({ event_group: "VOLUME", message: { name: volume } });
    const event = { seq, id: name, receivedMs: 0, event: "VOLUME_START", payload };
    return [name, new Delivery(event, { kind: "log" }, order)];
  }));
  for (const delivery of deliveries.values()) window.add(delivery);
  return [window, deliveries];
}

function change(delivery: Delivery | undefined, changes: Partial<Delivery>): void {
  if (delivery === undefined) throw new Error("There is no such delivery");
  Object.assign(delivery, changes);
}

function next(window: LaneWindow, { events = 10, nowMs = 0 } = {}): string {
  return window.next(nowMs, { ...LIMIT, events }).map(({ event }) => event.id).join(" ");
}

Deno.test("with order fifo the oldest go, and nothing goes while they cannot", () => {
  const [window, deliveries] = fill("fifo", "a:1", "b:1", "a:2");
  assertEquals([next(window), next(window, { events: 2 })], ["a:1 b:1 a:2", "a:1 b:1"]);
  change(deliveries.get("a:1"), { notBeforeMs: 5 });
  assertEquals([next(window, { nowMs: 4 }), next(window, { nowMs: 5 })], ["", "a:1 b:1 a:2"]);
  change(deliveries.get("a:1"), { isInFlight: true });
  assertEquals(next(window, { nowMs: 5 }), "");
});

Deno.test("with order fifo a batch ends before what cannot go yet", () => {
  const [window, deliveries] = fill("fifo", "a:1", "a:2", "a:3");
  change(deliveries.get("a:2"), { notBeforeMs: 5 });
  assertEquals(next(window), "a:1");
});

Deno.test("with order volume what cannot go holds up only its volume", () => {
  const [window, deliveries] = fill("volume", "a:1", "b:1", "a:2", ":1", "b:2", ":2");
  change(deliveries.get("a:1"), { isInFlight: true });
  assertEquals(next(window), "b:1 :1 b:2 :2");
  change(deliveries.get(":1"), { notBeforeMs: 5 });
  assertEquals([next(window), next(window, { events: 1 })], ["b:1 b:2", "b:1"]);
});

Deno.test("with order none whatever can go goes", () => {
  const [window, deliveries] = fill("none", "a:1", "a:2", "a:3", "a:4");
  change(deliveries.get("a:1"), { isInFlight: true });
  change(deliveries.get("a:3"), { notBeforeMs: 5 });
  assertEquals(next(window), "a:2 a:4");
});

Deno.test("what was tried together goes together, without what has ended meanwhile", () => {
  const [window, deliveries] = fill("none", "a:1", "a:2", "a:3", "a:4");
  const group = [...deliveries.values()].slice(1, 4);
  for (const delivery of group) change(delivery, { group, notBeforeMs: 5 });
  assertEquals([next(window), next(window, { nowMs: 5 })], ["a:1", "a:1"]);
  for (const name of ["a:1", "a:3"]) {
    const delivery = deliveries.get(name);
    if (delivery !== undefined) window.remove(delivery);
  }
  assertEquals(next(window, { nowMs: 5 }), "a:2 a:4");
});

Deno.test("what has to go alone goes alone, and joins nobody", () => {
  const [window, deliveries] = fill("none", "a:1", "a:2", "a:3");
  change(deliveries.get("a:2"), { isAlone: true });
  assertEquals(next(window), "a:1 a:3");
  change(deliveries.get("a:1"), { isInFlight: true });
  assertEquals(next(window), "a:2");
});

Deno.test("another order holds for what is in the window already", () => {
  const [window, deliveries] = fill("fifo", "a:1", "b:1", "a:2");
  change(deliveries.get("a:1"), { isInFlight: true });
  for (const delivery of deliveries.values()) delivery.setOrder("volume");
  assertEquals(next(window), "b:1");
  for (const delivery of deliveries.values()) delivery.setOrder("none");
  assertEquals(next(window), "b:1 a:2");
});
