import { encodeEvents } from "../../../src/dispatcher/encode.ts";
import type { Format } from "../../../src/registry/schema.ts";
import { readEvents, readShapes, toJsonLine } from "../../../src/testhook/received_event.ts";
import { assertEquals } from "../../support/assert.ts";
import { NODE_ID, postedEvent } from "../dispatcher/formats/posted_events.ts";

const request = (body: string, headers: Record<string, string> = {}) => ({
  receivedMs: 0,
  path: "/listen",
  headers,
  body,
});

Deno.test("an event shows its name, node and message", () => {
  const body = {
    event: "VOLUME_SET",
    nodeid: "n1",
    host: "gl1",
    message: { name: "gv1", options: [["a", "b c"]] },
  };
  assertEquals(readEvents(request(JSON.stringify(body))), [{
    receivedMs: 0,
    event: "VOLUME_SET",
    node: "n1",
    host: "gl1",
    message: 'name=gv1 options=[["a","b c"]]',
  }]);
});

Deno.test("a batch shows each of its events", () => {
  const body = JSON.stringify([{ event: "A", message: {} }, { event: "B", message: { x: "" } }]);
  const events = readEvents(request(body));
  assertEquals(events.map(({ event, message }) => [event, message]), [["A", ""], ["B", 'x=""']]);
});

const EVENTS = [
  postedEvent("QUORUM_LOST", { volume: "gv0" }),
  postedEvent("QUORUM_REGAINED", { volume: "gv0" }),
];

/** What is shown of events in a format: event, node, host and message. */
function shown(format: Format, batch: number): unknown[][] {
  const events = EVENTS.slice(0, batch);
  return readEvents(request(encodeEvents({ format, batch }, events).body))
    .map(({ event, node, host, message }) => [event, node, host, message]);
}

Deno.test("an event is shown alike whether it is a CloudEvent or as upstream posts it", () => {
  const rows = [
    ["QUORUM_LOST", NODE_ID, "gl2", "volume=gv0"],
    ["QUORUM_REGAINED", NODE_ID, "gl2", "volume=gv0"],
  ];
  for (const format of ["gluster", "cloudevents"] as const) {
    assertEquals([shown(format, 1), shown(format, 2)], [rows.slice(0, 1), rows]);
  }
  assertEquals(shown("cloudevents-binary", 1), rows.slice(0, 1));
  assertEquals(
    shown("compat", 2),
    rows.map(([event, node, , message]) => [event, node, undefined, message]),
  );
});

Deno.test("messages and alerts are shown by their line", () => {
  const lost = "gl2: volume gv0 lost its server quorum, its bricks are stopped (critical)";
  const back = "gl2: volume gv0 has its server quorum again (info)";
  assertEquals(shown("slack", 2), [lost, back].map((line) => ["(message)", "-", undefined, line]));
  assertEquals(shown("alertmanager", 2), [
    ["GlusterQuorumLost", NODE_ID, "gl2", `open: ${lost}`],
    ["GlusterQuorumLost", NODE_ID, "gl2", `closed: ${back}`],
  ]);
  assertEquals(readEvents(request("[]")).map(({ event }) => event), ["(empty list)"]);
});

Deno.test("bodies that are no events are shown as they are", () => {
  const names = ["", "hello", "7", "null", '{"a":1}'].map((body) => readEvents(request(body))[0]);
  assertEquals(names.map((shown) => [shown?.event, shown?.message]), [
    ["(empty)", ""],
    ["(no JSON object)", "hello"],
    ["(no JSON object)", "7"],
    ["(no JSON object)", "null"],
    ["(no event)", '{"a":1}'],
  ]);
  const odd = ['{"attachments":[]}', '{"specversion":"1.0","data":7}', '{"labels":{}}', "[[]]"];
  assertEquals(odd.map((body) => readEvents(request(body))[0]?.event), [
    "(no event)",
    "(no event)",
    "(no alertname)",
    "(no JSON object)",
  ]);
});

Deno.test("a JSON line cannot move the cursor, and hides a token without a scheme too", () => {
  const line = toJsonLine(request("\u009b31m\u202e\x1b", { authorization: "s3cret" }));
  assertEquals(line.includes("s3cret"), false);
  assertEquals(/^[\x20-\x7e]+$/.test(line), true, line);
});

Deno.test("a JSON line holds time, path, headers and body, but no credentials", () => {
  const line = toJsonLine(request('{"event":"A"}', { authorization: "Bearer s3cret", "x-a": "b" }));
  assertEquals(JSON.parse(line), {
    time: "1970-01-01T00:00:00.000Z",
    path: "/listen",
    headers: { authorization: "Bearer ***", "x-a": "b" },
    body: { event: "A" },
  });
});

Deno.test("of a list without end only the first events are told, each with its own text", () => {
  const list = JSON.stringify([{ a: 1 }, ...Array.from({ length: 6000 }, () => ({}))]);
  const shapes = readShapes(request(list));
  assertEquals([0, 1, 4999, 5000].map((index) => shapes[index]?.shown), [
    { event: "(no event)", node: "-", message: '{"a":1}' },
    { event: "(no event)", node: "-", message: "{}" },
    { event: "(no event)", node: "-", message: "{}" },
    { event: "(1001 more)", node: "-", message: "" },
  ]);
  assertEquals(shapes.length, 5001);
});

Deno.test("what is no event is told from its beginning", () => {
  const [shape] = readShapes(request("x".repeat(5000)));
  assertEquals(shape?.shown.message, `${"x".repeat(4095)}…`);
});
