import { CloudEvent, HTTP } from "cloudevents";
import { contentTypeOf, encodeEvents } from "../../../../src/dispatcher/encode.ts";
import type { PostedEvent } from "../../../../src/dispatcher/delivery_request.ts";
import { toCloudEventType } from "../../../../src/dispatcher/formats/cloudevents.ts";
import { CLOUDEVENT_HEADERS } from "../../../../src/registry/format_faults.ts";
import { EVENT_TYPES } from "../../../../src/event/catalog.ts";
import { assert, assertEquals, assertMatch, assertThrows } from "../../../support/assert.ts";
import { fixtureEvents, HOSTILE_TEXTS, NODE_ID, postedEvent, TS } from "./posted_events.ts";

const BRICK = { peer: "gl2", volume: "gv0", brick: "/bricks/b1" };
const EVENT = postedEvent("BRICK_DISCONNECTED", BRICK);
const ATTRIBUTES = {
  specversion: "1.0",
  id: "01KAPC6Q0R5T5CZ3X6M1J30007",
  source: `urn:uuid:${NODE_ID}`,
  type: "org.gluster.brick.disconnected",
  subject: "brick/gl2:/bricks/b1",
  time: "2026-11-24T08:00:57Z",
  recordedtime: "2026-11-24T08:00:57.250Z",
  sequence: "00000000000000000007",
  partitionkey: "gv0",
  severitytext: "ERROR",
};

type Read = Readonly<Record<string, unknown>>;

/** What the SDK reads of a request; what is no valid event makes it throw. */
function read(
  events: readonly PostedEvent[],
  format: "cloudevents" | "cloudevents-binary",
  batch = 1,
): Read[] {
  const message = encodeEvents({ format, batch }, events);
  const found = HTTP.toEvent({ headers: { ...message.headers }, body: message.body });
  return (Array.isArray(found) ? found : [found]).map((event) => {
    assert(event instanceof CloudEvent && event.validate());
    return { ...event };
  });
}

Deno.test("a structured event is one JSON object with the payload as it is kept", () => {
  const { headers, body } = encodeEvents({ format: "cloudevents", batch: 1 }, [EVENT]);
  assertEquals(headers, { "content-type": "application/cloudevents+json; charset=utf-8" });
  assertEquals(JSON.parse(body), {
    ...ATTRIBUTES,
    severitynumber: 17,
    datacontenttype: "application/json",
    data: JSON.parse(EVENT.payload),
  });
  assert(body.endsWith(`"data":${EVENT.payload}}`), body);
});

Deno.test("with batch there is always a list, also of one event", () => {
  const one = encodeEvents({ format: "cloudevents", batch: 1 }, [EVENT]).body;
  for (const events of [[EVENT], [EVENT, EVENT]]) {
    const { headers, body } = encodeEvents({ format: "cloudevents", batch: 2 }, events);
    assertEquals(headers, { "content-type": "application/cloudevents-batch+json; charset=utf-8" });
    assertEquals(body, `[${events.map(() => one).join(",")}]`);
  }
});

Deno.test("a binary event has its attributes in headers and the payload as its body", () => {
  const encoded = encodeEvents({ format: "cloudevents-binary", batch: 1 }, [EVENT]);
  const attributes = { ...ATTRIBUTES, severitynumber: "17" };
  assertEquals(encoded, {
    headers: {
      "content-type": "application/json",
      ...Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]),
      ),
    },
    body: EVENT.payload,
  });
  assertThrows(
    () => encodeEvents({ format: "cloudevents-binary", batch: 2 }, [EVENT, EVENT]),
    TypeError,
    "2 events",
  );
});

Deno.test("the SDK reads the same of every event of a real cluster in all three modes", () => {
  const events = fixtureEvents();
  const structured = events.flatMap((event) => read([event], "cloudevents"));
  const batched = read(events, "cloudevents", 1000);
  const binary = events.flatMap((event) => read([event], "cloudevents-binary"));
  assertEquals(structured.length, 298);
  structured.forEach((event, index) => {
    const { payload = "" } = events[index] ?? {};
    assertEquals(event["data"], JSON.parse(payload));
    assertEquals(batched[index], { ...event, time: batched[index]?.["time"] });
    assertEquals(Date.parse(String(batched[index]?.["time"])), Date.parse(String(event["time"])));
    // Headers are texts, and the SDK leaves to its user to decode them.
    const { severitynumber, ...others } = binary[index] ?? {};
    assertEquals(Number(severitynumber), event["severitynumber"]);
    const decoded = Object.entries(others).map(([name, value]) => [
      name,
      typeof value === "string" && name !== "time" ? decodeURIComponent(value) : value,
    ]);
    assertEquals(
      { ...Object.fromEntries(decoded), severitynumber: event["severitynumber"] },
      event,
    );
  });
});

Deno.test("values in headers are encoded as the HTTP binding says", () => {
  const name = "Euro € 😀";
  const event = postedEvent("VOLUME_START", { name, force: false });
  const { headers } = encodeEvents({ format: "cloudevents-binary", batch: 1 }, [event]);
  assertEquals(headers["ce-partitionkey"], "Euro%20%E2%82%AC%20%F0%9F%98%80");
  assertEquals(headers["ce-subject"], "volume/Euro%20%E2%82%AC%20%F0%9F%98%80");
  assertEquals(read([event], "cloudevents")[0]?.["subject"], `volume/${name}`);
  const quoted = postedEvent("VOLUME_DELETE", { name: `"100%"` });
  const encoded = encodeEvents({ format: "cloudevents-binary", batch: 1 }, [quoted]);
  assertEquals(encoded.headers["ce-partitionkey"], "%22100%25%22");
});

Deno.test("whatever an event holds, headers are short ASCII and the SDK takes all modes", () => {
  for (const text of HOSTILE_TEXTS) {
    const event = postedEvent("BRICK_CONNECTED", { peer: text, volume: text, brick: `/${text}` });
    const { headers } = encodeEvents({ format: "cloudevents-binary", batch: 1 }, [event]);
    for (const [name, value] of Object.entries(headers)) {
      assert(name === "content-type" || CLOUDEVENT_HEADERS.has(name), name);
      assertMatch(value, name === "content-type" ? /^[ -~]+$/ : /^[!-~]{1,1024}$/);
      decodeURIComponent(value);
    }
    for (
      const [format, batch] of [["cloudevents", 1], ["cloudevents", 5], [
        "cloudevents-binary",
        1,
      ]] as const
    ) {
      const [{ data, subject } = {}] = read([event], format, batch);
      assertEquals(data, JSON.parse(event.payload));
      assert(subject === undefined || typeof subject === "string" && subject !== "");
    }
  }
});

Deno.test("what does not fit into a header is left out, and not cut to another name", () => {
  const fits = "v".repeat(1024 - "volume/".length);
  const attributes = [fits, `${fits}v`].map((name) =>
    read([postedEvent("VOLUME_DELETE", { name })], "cloudevents")[0]
  );
  assertEquals(attributes.map((each) => each?.["subject"]), [`volume/${fits}`, undefined]);
  assertEquals(attributes.map((each) => each?.["partitionkey"]), [fits, `${fits}v`]);
});

Deno.test("an event that no log holds has no sequence, and one of year 10000 no time", () => {
  const [gap = {}] = read(
    [postedEvent("EVENTING_GAP", { missing: "3" }, { seq: 0 })],
    "cloudevents",
  );
  assertEquals(Object.keys(gap).includes("sequence"), false);
  const late = postedEvent("VOLUME_DELETE", { name: "gv0" }, {
    ts: 253_402_300_800,
    receivedMs: 1,
  });
  const body = JSON.parse(encodeEvents({ format: "cloudevents", batch: 1 }, [late]).body);
  assertEquals([body.time, body.recordedtime], [undefined, "1970-01-01T00:00:00.001Z"]);
});

Deno.test("every name has a type of its own that leads back to it", () => {
  const names = [
    ...EVENT_TYPES.map(({ name }) => name),
    "UNKNOWN_142",
    "UNKNOWN_-1",
    "TEST",
    "EVENTING_GAP",
  ];
  const types = names.map(toCloudEventType);
  const leadBack = (type: string) =>
    type.replace(/^org\.gluster\./, "").replaceAll(".", "_").toUpperCase();
  assertEquals(types.map(leadBack), names);
  assertEquals(new Set(types).size, names.length);
  for (const type of types) assertMatch(type, /^org\.gluster(?:\.[a-z0-9-]+)+$/);
  assertEquals(toCloudEventType("VOLUME_CREATE"), "org.gluster.volume.create");
});

Deno.test("severities are those of OpenTelemetry", () => {
  const names = [
    "VOLUME_CREATE",
    "VOLUME_STOP",
    "BRICK_DISCONNECTED",
    "QUORUM_LOST",
    "UNKNOWN_150",
  ];
  const severities = names
    .map((name) => read([postedEvent(name, {})], "cloudevents")[0])
    .map((event) => `${event?.["severitytext"]}/${event?.["severitynumber"]}`);
  assertEquals(severities, ["INFO/9", "WARN/13", "ERROR/17", "FATAL/21", "WARN/13"]);
});

Deno.test("all formats but CloudEvents are JSON to whoever looks at the content type", () => {
  const formats = ["gluster", "compat", "cloudevents-binary", "slack", "alertmanager"] as const;
  for (const format of formats) {
    assertEquals(contentTypeOf({ format, batch: 1 }), "application/json");
  }
  assertEquals(JSON.parse(EVENT.payload).ts, TS);
});
