import { EventColumns } from "../../../src/cli/event_columns.ts";
import { assertEquals } from "../../support/assert.ts";

const NODE = "e9bfb6da-5a8b-4b8e-9d2b-3f6a3f5f2c11";

Deno.test("events are shown with the node's host name, and with its UUID where they have none", () => {
  const columns = new EventColumns();
  const event = { receivedMs: 0, event: "PEER_ATTACH", node: NODE, message: "host=gl2" };
  const words = (row: string) => row.split(/ {2,}/).slice(1);
  assertEquals(words(columns.heading()), ["EVENT", "NODE", "MESSAGE"]);
  assertEquals(words(columns.row({ ...event, host: "gl1" })), ["PEER_ATTACH", "gl1", "host=gl2"]);
  assertEquals(words(columns.row(event)), ["PEER_ATTACH", NODE, "host=gl2"]);
});

Deno.test("a column that proves too narrow is wider from then on", () => {
  const columns = new EventColumns();
  const event = { receivedMs: 0, event: "PEER_ATTACH", node: NODE, message: "host=gl2" };
  const placeOf = (row: string) => row.indexOf("host=gl2");
  const before = placeOf(columns.row({ ...event, host: "gl1" }));
  const long = placeOf(columns.row({ ...event, host: "storage-gl1.example.com" }));
  assertEquals(placeOf(columns.row({ ...event, host: "gl1" })), long);
  assertEquals(long > before, true);
});
