import {
  EVENT_TYPES,
  eventTypeByIndex,
  eventTypeByName,
  isFieldOf,
  SEVERITIES,
} from "../../../src/event/catalog.ts";
import { assert, assertEquals } from "../../support/assert.ts";

/** Names at indexes that no release since 3.9.1 has moved. */
const ANCHORS: readonly (readonly [number, string])[] = [
  [0, "PEER_ATTACH"],
  [2, "VOLUME_CREATE"],
  [6, "VOLUME_SET"],
  [10, "BRICK_REPLACE"],
  [24, "BITROT_SCRUB_ONDEMAND"],
  [50, "SNAPSHOT_CONFIG_UPDATE_FAILED"],
  [77, "BRICK_CONNECTED"],
  [78, "BRICKPATH_RESOLVE_FAILED"],
  [97, "CLIENT_CONNECT"],
  [110, "AFR_SPLIT_BRAIN"],
  [137, "VOLUME_REBALANCE_COMPLETE"],
  [139, "TIER_START_FORCE"],
  [140, "DHT_DISK_USAGE"],
  [141, "DHT_INODES_USAGE"],
];

function countBy(read: (type: typeof EVENT_TYPES[number]) => string): Record<string, number> {
  const groups = Object.entries(Object.groupBy(EVENT_TYPES, read));
  return Object.fromEntries(groups.map(([key, types]) => [key, types?.length ?? 0]));
}

function typeNamed(name: string): typeof EVENT_TYPES[number] {
  const type = eventTypeByName(name);
  assert(type !== undefined, `The catalog lacks ${name}`);
  return type;
}

Deno.test("the catalog has 142 events, each at its index and under its name", () => {
  assertEquals(EVENT_TYPES.length, 142);
  assertEquals(new Set(EVENT_TYPES.map(({ name }) => name)).size, 142);
  EVENT_TYPES.forEach((type, index) => {
    assertEquals(type.index, index);
    assertEquals(eventTypeByIndex(index), type);
    assertEquals(eventTypeByName(type.name), type);
  });
});

Deno.test("the events stand at the indexes that Gluster sends", () => {
  for (const [index, name] of ANCHORS) assertEquals(eventTypeByIndex(index)?.name, name);
});

Deno.test("no event stands outside of the indexes, and none has another name", () => {
  for (const index of [-1, 142, 1.5, NaN, Infinity]) {
    assertEquals(eventTypeByIndex(index), undefined, String(index));
  }
  for (const name of ["", "volume_create", "EVENT_VOLUME_CREATE", "__proto__", "toString"]) {
    assertEquals(eventTypeByName(name), undefined, name);
  }
});

Deno.test("each event has one of the four severities", () => {
  assertEquals(SEVERITIES, ["info", "warning", "alert", "critical"]);
  assertEquals(countBy(({ severity }) => severity), {
    info: 66,
    warning: 24,
    alert: 45,
    critical: 7,
  });
});

Deno.test("each event belongs to one of the 18 groups", () => {
  assertEquals(countBy(({ group }) => group), {
    SNAPSHOT: 28,
    VOLUME: 17,
    TIER: 14,
    GEOREP: 12,
    QUOTA: 11,
    PEER: 9,
    BRICK: 8,
    BITROT: 7,
    REBALANCE: 6,
    POSIX: 6,
    AFR: 5,
    GLUSTERD: 5,
    SVC: 4,
    CLIENT: 3,
    QUORUM: 2,
    EC: 2,
    DHT: 2,
    NFS: 1,
  });
});

Deno.test("the critical events are those that mean data cannot be reached or trusted", () => {
  const critical = EVENT_TYPES.filter(({ severity }) => severity === "critical");
  assertEquals(critical.map(({ name }) => name).toSorted(), [
    "AFR_QUORUM_FAIL",
    "AFR_SPLIT_BRAIN",
    "AFR_SUBVOLS_DOWN",
    "BITROT_BAD_FILE",
    "EC_MIN_BRICKS_NOT_UP",
    "POSIX_HEALTH_CHECK_FAILED",
    "QUORUM_LOST",
  ]);
});

Deno.test("every name, description and field can stand in a table", () => {
  for (const { name, group, description, fields } of EVENT_TYPES) {
    assert(/^[A-Z][A-Z0-9_]*$/.test(name), name);
    assert(/^[A-Z]+$/.test(group), group);
    assert(description.length > 10 && !/[\n\t]/.test(description), `${name}: ${description}`);
    const names = fields.flatMap((field) => [field.name, field.formerName ?? field.name]);
    assert(names.every((field) => /^[A-Za-z_][A-Za-z0-9_-]*$/.test(field)), `${name}: ${names}`);
    assertEquals(new Set(fields.map((field) => field.name)).size, fields.length, name);
  }
});

Deno.test("the catalog tells optional fields and former names", () => {
  assertEquals(typeNamed("SVC_CONNECTED").fields, [
    { name: "volume", optional: true },
    { name: "svc_name", optional: false },
  ]);
  assertEquals(typeNamed("GEOREP_START").fields.slice(-2), [
    { name: "primary", optional: false, formerName: "master" },
    { name: "secondary", optional: false, formerName: "slave" },
  ]);
  assertEquals(typeNamed("VOLUME_ADD_BRICK_FAILED").fields, []);
});

const FIELD_CASES: readonly (readonly [event: string, key: string, isField: boolean])[] = [
  ["VOLUME_CREATE", "bricks", true],
  ["VOLUME_CREATE", "volume", false],
  ["VOLUME_CREATE", "Bricks", false],
  ["VOLUME_CREATE", "__proto__", false],
  ["BRICK_REPLACE", "Volume", true],
  ["GEOREP_FAULTY", "primary_node", true],
  ["GEOREP_FAULTY", "master_node", true],
  ["GEOREP_FAULTY", "slave_node", false],
  ["AFR_SPLIT_BRAIN", "child-0", true],
  ["AFR_SPLIT_BRAIN", "ia_type-123", true],
  ["AFR_SPLIT_BRAIN", "child-", false],
  ["AFR_SPLIT_BRAIN", "child-x", false],
  ["AFR_SPLIT_BRAIN", "count-1", false],
  ["VOLUME_CREATE", "name-1", false],
  ["NFS_GANESHA_EXPORT_FAILED", "anything", true],
];

for (const [event, key, isField] of FIELD_CASES) {
  Deno.test(`"${key}" is ${isField ? "a" : "no"} field of ${event}`, () => {
    assertEquals(isFieldOf(typeNamed(event), key), isField);
  });
}
