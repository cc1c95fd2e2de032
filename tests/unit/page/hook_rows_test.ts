import { toRows } from "../../../src/page/assets/hook_rows.js";
import type { HookEvent, HookRequest } from "../../../src/testhook/hook_report.ts";
import { assertEquals } from "../../support/assert.ts";

const SERVER = { startedAt: "2026-11-26T10:00:00.000Z", origin: "http://gl1:9000" };

const EVENT: HookEvent = {
  id: "01J1",
  event: "VOLUME_START",
  group: "VOLUME",
  severity: "info",
  nodeid: "e9bf",
  host: "gl1",
  text: "volume gv0 was started",
  message: { name: "gv0" },
  at: "2026-11-26T14:03:22Z",
  marks: [],
  note: "",
};

const REQUEST: HookRequest = {
  number: 7,
  received_at: "2026-11-26T14:03:23.500Z",
  from: "10.0.0.1:4000",
  path: "/hook?a=b",
  headers: { "content-type": "application/json" },
  body: "{}",
  body_bytes: 2,
  status: 200,
  trouble: null,
  verdicts: [],
  events: [EVENT],
  event_count: 1,
  forwarded: null,
};

Deno.test("an event of a request is a line that knows its request", () => {
  const [row] = toRows(REQUEST, SERVER);
  assertEquals(row?.key, "2026-11-26T10:00:00.000Z/7/0");
  assertEquals(row?.at, Date.parse("2026-11-26T14:03:22Z"));
  assertEquals(row?.node, "gl1");
  assertEquals(row?.problems, []);
  assertEquals(row?.request?.url, "http://gl1:9000/hook?a=b");
});

Deno.test("each event of a batch is a line, and they share the request", () => {
  const rows = toRows({ ...REQUEST, events: [EVENT, { ...EVENT, id: "01J2" }] }, SERVER);
  assertEquals(rows.map(({ id }) => id), ["01J1", "01J2"]);
  assertEquals(rows[0]?.request === rows[1]?.request, true);
  assertEquals(new Set(rows.map(({ key }) => key)).size, 2);
});

Deno.test("a request without an event is a line too, with the time when it came", () => {
  const names = ["", "hello"].map((body) =>
    toRows({ ...REQUEST, body, events: [] }, SERVER).map(({ event, at }) => [event, at])
  );
  const at = Date.parse(REQUEST.received_at);
  assertEquals(names, [[["(empty)", at]], [["(no event)", at]]]);
});

Deno.test("a time that is none is the time when it came", () => {
  const [row] = toRows({ ...REQUEST, events: [{ ...EVENT, at: "yesterday" }] }, SERVER);
  assertEquals(row?.at, Date.parse(REQUEST.received_at));
});

Deno.test("marks, failed verdicts, bad answers and trouble are problems; what is well is none", () => {
  const problems = (request: Partial<HookRequest>, event: Partial<HookEvent> = {}) =>
    toRows({ ...REQUEST, ...request, events: [{ ...EVENT, ...event }] }, SERVER)[0]?.problems;
  const verdict = { scheme: "jwt", ok: false, reason: "expired" } as const;
  assertEquals(problems({}, { marks: ["duplicate", "gap"] }), ["duplicate", "gap"]);
  assertEquals(problems({}, { marks: ["retry"] }), []);
  assertEquals(problems({ verdicts: [verdict] }), ["jwt failed"]);
  assertEquals(problems({ verdicts: [{ ...verdict, ok: true }] }), []);
  assertEquals(problems({ status: 503, trouble: "answers 503" }), ["answered 503"]);
  assertEquals(problems({ trouble: "waits 2 s" }), ["waits 2 s"]);
  assertEquals(problems({ status: null }), ["no answer"]);
  const url = "http://127.0.0.1:1/";
  assertEquals(problems({ forwarded: { url, status: null, error: "refused" } }), ["not sent on"]);
  assertEquals(problems({ forwarded: { url, status: 204, error: null } }), []);
});
