import type { StreamItem } from "../../../src/api/event_stream.ts";
import { formatItem, KEEP_ALIVE, STREAM_OPENING } from "../../../src/api/server_sent.ts";
import { StreamItemReader } from "../../../src/api/stream_item_reader.ts";
import { assertEquals, assertThrows } from "../../support/assert.ts";

const NODE = "00000000-0000-4000-8000-000000000002";
const POSITION = `${NODE}=01JD0000000000000000000001`;
const ITEMS: readonly StreamItem[] = [
  {
    kind: "notice",
    notice: { notice: "live", node: NODE, host: "gl2" },
    position: POSITION,
  },
  {
    kind: "event",
    event: {
      nodeid: NODE,
      ts: 1_795_333_034,
      event: "VOLUME_START",
      message: { name: "gv1: \u{1f600} \\n <script>" },
      id: "01JD0000000000000000000002",
      event_group: "VOLUME",
      severity: "info",
      received_at: "2026-11-22T07:37:14.000Z",
    },
    position: `${NODE}=01JD0000000000000000000002`,
  },
];

Deno.test("what a daemon writes is read the same in whatever pieces it comes", () => {
  const text = STREAM_OPENING + ITEMS.map(formatItem).join(KEEP_ALIVE) + KEEP_ALIVE;
  const bytes = new TextEncoder().encode(text);
  for (let size = 1; size <= bytes.length; size += 3) {
    const reader = new StreamItemReader();
    const items: StreamItem[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      reader.push(bytes.slice(at, at + size));
      items.push(...reader.take());
    }
    assertEquals(items, ITEMS, `pieces of ${size}`);
  }
});

Deno.test("what is no JSON object, no UTF-8 or has no end is refused", () => {
  const push = (bytes: Uint8Array<ArrayBuffer>) => new StreamItemReader().push(bytes);
  const encoder = new TextEncoder();
  assertThrows(() => push(encoder.encode(`id: ${POSITION}\ndata: {\n\n`)), Error);
  assertThrows(() => push(encoder.encode(`id: ${POSITION}\ndata: 5\n\n`)), Error, "no JSON object");
  assertThrows(() => push(new Uint8Array([0xff, 0xfe])), Error);
  assertThrows(() => push(encoder.encode(`data: ${"x".repeat(2 ** 20)}`)), Error, "longer than");
});
