import { eventName, type GlusterEvent, toPayload } from "../../../src/event/event.ts";
import { assertEquals } from "../../support/assert.ts";

const EVENT: GlusterEvent = {
  id: "01JC0000000000000000000000",
  nodeId: "e9bfb6da-6bc7-431f-9139-d20d93663784",
  host: "gl1",
  ts: 1795330857,
  event: "VOLUME_CREATE",
  message: { name: "gv1", bricks: "gl1:/b1 gl2:/b2" },
};

Deno.test("a payload begins with upstream's four keys and goes on with the new ones", () => {
  assertEquals(
    JSON.stringify(toPayload(EVENT)),
    '{"nodeid":"e9bfb6da-6bc7-431f-9139-d20d93663784","ts":1795330857,"event":"VOLUME_CREATE",' +
      '"message":{"name":"gv1","bricks":"gl1:/b1 gl2:/b2"},"id":"01JC0000000000000000000000",' +
      '"event_group":"VOLUME","severity":"info","host":"gl1"}',
  );
});

Deno.test("a payload takes group and severity from the catalog", () => {
  const { event_group, severity } = toPayload({ ...EVENT, event: "BRICKPATH_RESOLVE_FAILED" });
  assertEquals([event_group, severity], ["BRICK", "alert"]);
});

Deno.test("a payload of an unknown event says so and is a warning", () => {
  const { event, event_group, severity } = toPayload({ ...EVENT, event: "UNKNOWN_142" });
  assertEquals([event, event_group, severity], ["UNKNOWN_142", "UNKNOWN", "warning"]);
});

Deno.test("a payload carries switches and options as JSON", () => {
  const message = { force: true, options: [["auth.allow", "a,b"]] } as const;
  assertEquals(
    JSON.stringify(toPayload({ ...EVENT, message }).message),
    '{"force":true,"options":[["auth.allow","a,b"]]}',
  );
});

Deno.test("an index has a name even if the catalog does not know it", () => {
  assertEquals([0, 141, 142, -1].map(eventName), [
    "PEER_ATTACH",
    "DHT_INODES_USAGE",
    "UNKNOWN_142",
    "UNKNOWN_-1",
  ]);
});
