import { encodeEvents } from "../../../../src/dispatcher/encode.ts";
import { toAlertName } from "../../../../src/dispatcher/formats/alert_labels.ts";
import { ALERT_RULES } from "../../../../src/dispatcher/formats/alert_rules.ts";
import { type Alert, alertsOf } from "../../../../src/dispatcher/formats/alertmanager.ts";
import { EVENT_TYPES, eventTypeByName, isFieldOf } from "../../../../src/event/catalog.ts";
import { assert, assertEquals, assertMatch } from "../../../support/assert.ts";
import { ALERT_EXAMPLES } from "./alert_examples.ts";
import { fixtureEvents, HOSTILE_TEXTS, NODE_ID, postedEvent } from "./posted_events.ts";

const NODE = { node: "gl2", nodeid: NODE_ID };
const BRICK = { peer: "gl2", volume: "gv0", brick: "/b/1" };

Deno.test("a failure opens an alert for a week, with labels by which it is known again", () => {
  assertEquals(alertsOf(postedEvent("BRICK_DISCONNECTED", BRICK)), [{
    labels: {
      alertname: "GlusterBrickDisconnected",
      severity: "alert",
      group: "BRICK",
      volume: "gv0",
      brick: "gl2:/b/1",
      ...NODE,
    },
    endsAt: "2026-12-01T08:00:57.250Z",
    annotations: {
      summary: "gl2: brick gl2:/b/1 of volume gv0 disconnected (alert)",
      description: "A running brick lost its connection to glusterd (crash, kill, disk or network)",
      event: "BRICK_DISCONNECTED",
      message: "peer=gl2 volume=gv0 brick=/b/1",
      reported_by: "gl2",
      event_id: "01KAPC6Q0R5T5CZ3X6M1J30007",
    },
    startsAt: "2026-11-24T08:00:57.000Z",
  }]);
});

Deno.test("its recovery closes it a minute early, so that no clock that is behind keeps it open", () => {
  const opened = alertsOf(postedEvent("BRICK_DISCONNECTED", BRICK));
  const closed = alertsOf(postedEvent("BRICK_CONNECTED", BRICK));
  const found = closed.find(({ labels }) => labels["alertname"] === "GlusterBrickDisconnected");
  assertEquals(found?.labels, opened[0]?.labels);
  assertEquals([found?.startsAt, found?.endsAt], [
    "2026-11-24T07:59:57.000Z",
    "2026-11-24T07:59:57.000Z",
  ]);
  assertEquals(found?.annotations["summary"], "gl2: brick gl2:/b/1 of volume gv0 connected (info)");
  assertEquals(closed.map(({ labels }) => labels["alertname"]), [
    "GlusterBrickDisconnected",
    "GlusterBrickStartFailed",
    "GlusterPosixHealthCheckFailed",
    "GlusterPosixBrickNotInVolume",
    "GlusterPosixAlreadyPartOfVolume",
    "GlusterPosixBrickVerificationFailed",
  ]);
});

Deno.test("for every rule, what opens and what closes name the same", () => {
  assertEquals(ALERT_EXAMPLES.map(({ opens }) => opens[0]), ALERT_RULES.map(({ opens }) => opens));
  ALERT_EXAMPLES.forEach(({ opens, closes, labels }, index) => {
    const rule = ALERT_RULES[index];
    assertEquals(closes.map(([event]) => event), rule?.closes, opens[0]);
    const name = toAlertName(opens[0]);
    const one = (event: (typeof opens)[0], message: (typeof opens)[1]): Alert => {
      const found = alertsOf(postedEvent(event, message))
        .filter((alert) => alert.labels["alertname"] === name);
      assertEquals(found.length, 1, `${event} for ${name}`);
      return found[0] as Alert;
    };
    const opened = one(...opens);
    const { severity = "", group = "" } = eventTypeByName(opens[0]) ?? {};
    const node = rule?.isPoolWide === true ? {} : NODE;
    assertEquals(opened.labels, { alertname: name, severity, group, ...labels, ...node });
    for (const [event, message] of closes) {
      const closed = one(event, message);
      assertEquals(closed.labels, opened.labels);
      assertEquals([closed.endsAt === closed.startsAt, opened.endsAt === opened.startsAt], [
        true,
        false,
      ]);
    }
  });
});

Deno.test("rules name events and fields of the catalog, and no alert is opened twice", () => {
  const names = ALERT_RULES.flatMap(({ opens, closes }) => [opens, ...closes]);
  for (const name of names) assert(eventTypeByName(name) !== undefined, name);
  assertEquals(new Set(ALERT_RULES.map(({ opens }) => opens)).size, ALERT_RULES.length);
  for (const { opens, closes } of ALERT_RULES) {
    assert(!closes.includes(opens));
    assert(eventTypeByName(opens)?.severity !== "info", opens);
  }
  for (const { opens: [name, message] } of ALERT_EXAMPLES) {
    const type = eventTypeByName(name);
    for (const key in message) assert(type !== undefined && isFieldOf(type, key), `${name} ${key}`);
  }
});

Deno.test("releases before 10 call the session of geo-replication otherwise", () => {
  const [alert] = alertsOf(postedEvent("GEOREP_FAULTY", {
    master_volume: "gv0",
    master_node: "gl2",
    slave_volume: "backup",
    brick_path: "/b/1",
  }));
  assertEquals(alert?.labels["secondary_volume"], "backup");
  assertEquals([alert?.labels["volume"], alert?.labels["brick"]], ["gv0", "gl2:/b/1"]);
  const [stopped] = alertsOf(postedEvent("GEOREP_STOP", { master: "gv0", slave: "s1::backup" }));
  assertEquals(stopped?.labels["secondary"], "s1::backup");
});

Deno.test("what is bad and has no recovery is left to Alertmanager's own timeout", () => {
  const event = postedEvent("QUOTA_CROSSED_SOFT_LIMIT", {
    Usage: "8.0GB",
    volume: "gv0",
    path: "/home",
  });
  const [alert, ...others] = alertsOf(event);
  assertEquals(others, []);
  assertEquals(alert?.endsAt, undefined);
  assertEquals(alert?.labels, {
    alertname: "GlusterQuotaCrossedSoftLimit",
    severity: "warning",
    group: "QUOTA",
    volume: "gv0",
    path: "/home",
    ...NODE,
  });
  const names = [postedEvent("UNKNOWN_150", {}), postedEvent("EVENTING_GAP", {}, { seq: 0 })]
    .flatMap(alertsOf).map(({ labels }) => `${labels["alertname"]} ${labels["severity"]}`);
  assertEquals(names.map((name) => name.split(" ")[0]), [
    "GlusterUnknown150",
    "GlusterEventingGap",
  ]);
});

Deno.test("an event that is no alert and ends none is an empty list, and a test is an alert", () => {
  const encode = (name: string) =>
    encodeEvents({ format: "alertmanager", batch: 1 }, [postedEvent(name, {})]);
  assertEquals(encode("VOLUME_CREATE"), {
    headers: { "content-type": "application/json" },
    body: "[]",
  });
  const [alert] = JSON.parse(encode("TEST").body);
  assertEquals([alert.labels.alertname, alert.endsAt], ["GlusterTest", undefined]);
});

Deno.test("every event that is worse than info opens an alert, and no other does", () => {
  for (const { name, severity } of EVENT_TYPES) {
    const opened = alertsOf(postedEvent(name, {}))
      .filter(({ labels }) => labels["alertname"] === toAlertName(name));
    assertEquals(opened.length, severity === "info" ? 0 : 1, name);
  }
});

Deno.test("several events are one list, in their order", () => {
  const events = [
    postedEvent("VOLUME_STOP", { name: "gv0" }),
    postedEvent("VOLUME_DELETE", { name: "gv0" }),
  ];
  const { body } = encodeEvents({ format: "alertmanager", batch: 10 }, events);
  assertEquals(JSON.parse(body).map(({ labels, endsAt }: Alert) => [labels["alertname"], endsAt]), [
    ["GlusterVolumeStop", "2026-12-01T08:00:57.250Z"],
    ["GlusterVolumeStop", "2026-11-24T07:59:57.000Z"],
    ["GlusterVolumeDelete", undefined],
  ]);
});

Deno.test("a sender whose clock is ahead does not open an alert in the future", () => {
  const ahead = postedEvent("QUORUM_LOST", { volume: "gv0" }, {
    ts: 999_999_999_999_999,
    receivedMs: 60_000,
  });
  const behind = postedEvent("QUORUM_REGAINED", { volume: "gv0" }, { ts: 0, receivedMs: 60_000 });
  assertEquals(
    [ahead, behind].flatMap(alertsOf).map(({ startsAt, endsAt }) => [startsAt, endsAt]),
    [
      ["1970-01-01T00:01:00.000Z", "1970-01-08T00:01:00.000Z"],
      ["1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z"],
    ],
  );
});

Deno.test("labels and annotations are short and well-formed, whatever an event holds", () => {
  const hostile = HOSTILE_TEXTS.map((text) =>
    postedEvent("BRICK_DISCONNECTED", { peer: text, volume: text, brick: text, other: text })
  );
  for (
    const { labels, annotations, startsAt } of [...hostile, ...fixtureEvents()].flatMap(alertsOf)
  ) {
    assertMatch(startsAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    for (const [name, value] of [...Object.entries(labels), ...Object.entries(annotations)]) {
      assertMatch(name, /^[a-z_]+$/);
      assert(value !== "" && [...value].length <= 1000 && value.isWellFormed(), `${name} ${value}`);
    }
    for (const value of Object.values(labels)) assert([...value].length <= 256, value);
  }
});
