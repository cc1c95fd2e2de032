import { encodeEvents } from "../../../../src/dispatcher/encode.ts";
import { assertEquals } from "../../../support/assert.ts";
import { NODE_ID, postedEvent } from "./posted_events.ts";

const AFTER = `"nodeid": "${NODE_ID}", "ts": 1795507257}`;

Deno.test("compat is upstream's four keys, sorted and spaced and in ASCII as Python writes them", () => {
  const event = postedEvent("VOLUME_START", { name: "größe 😀", force: true });
  assertEquals(encodeEvents({ format: "compat", batch: 1 }, [event]), {
    headers: { "content-type": "application/json" },
    body: '{"event": "VOLUME_START", "message": {"force": true, ' +
      `"name": "gr\\u00f6\\u00dfe \\ud83d\\ude00"}, ${AFTER}`,
  });
});

Deno.test("compat reads a message again as upstream reads it", () => {
  const event = postedEvent("VOLUME_SET", { name: "gv1", options: [["auth.allow", "h1,h2"]] });
  assertEquals(
    encodeEvents({ format: "compat", batch: 1 }, [event]).body,
    '{"event": "VOLUME_SET", "message": {"name": "gv1", ' +
      `"options": [["auth.allow", "h1"], ["h2"]]}, ${AFTER}`,
  );
});

Deno.test("compat says what upstream would drop, and what only this program says", () => {
  const bodies = [
    postedEvent("BITROT_ENABLE", {}),
    postedEvent("QUOTA_REMOVE_USAGE_LIMIT", { volume: "gv1", path: "/a=b;c" }),
    postedEvent("UNKNOWN_150", { b: "1", a: "2" }),
    postedEvent("TEST", { text: "a;b" }),
  ].map((event) => encodeEvents({ format: "compat", batch: 1 }, [event]).body);
  assertEquals(bodies, [
    `{"event": "BITROT_ENABLE", "message": {}, ${AFTER}`,
    `{"event": "QUOTA_REMOVE_USAGE_LIMIT", "message": {"path": "/a=b;c", "volume": "gv1"}, ${AFTER}`,
    `{"event": "UNKNOWN_150", "message": {"a": "2", "b": "1"}, ${AFTER}`,
    `{"event": "TEST", "message": {"text": "a;b"}, ${AFTER}`,
  ]);
});

Deno.test("compat is a list only where the webhook takes several events at once", () => {
  const event = postedEvent("PEER_ATTACH", { host: "gl3" });
  const { body } = encodeEvents({ format: "compat", batch: 1 }, [event]);
  assertEquals(
    encodeEvents({ format: "compat", batch: 2 }, [event, event]).body,
    `[${body},${body}]`,
  );
});

Deno.test("gluster is the payload as it is kept", () => {
  const event = postedEvent("PEER_ATTACH", { host: "gl3" });
  const { headers, body } = encodeEvents({ format: "gluster", batch: 1 }, [event]);
  assertEquals(headers, { "content-type": "application/json" });
  assertEquals(body, event.payload);
  assertEquals(encodeEvents({ format: "gluster", batch: 2 }, [event]).body, `[${event.payload}]`);
});
