import { readEvents, toJsonLine } from "../../../src/testhook/received_event.ts";
import { assertEquals } from "../../support/assert.ts";

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

Deno.test("bodies that are no events are shown as they are", () => {
  const names = ["", "hello", "7", "null", '{"a":1}'].map((body) => readEvents(request(body))[0]);
  assertEquals(names.map((shown) => [shown?.event, shown?.message]), [
    ["(empty)", ""],
    ["(no JSON object)", "hello"],
    ["(no JSON object)", "7"],
    ["(no JSON object)", "null"],
    ["(no event)", '{"a":1}'],
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
