import { EVENT_TYPES, isFieldOf } from "../../../src/event/catalog.ts";
import { readFacts } from "../../../src/event/event_facts.ts";
import { type Message, toPayload } from "../../../src/event/event.ts";
import { descriptionOf, headlineOf } from "../../../src/event/headline.ts";
import { HEADLINES } from "../../../src/event/headline_data.ts";
import { assert, assertEquals, assertMatch } from "../../support/assert.ts";

function headline(event: string, message: Message): string {
  const about = { id: "01A", nodeId: "e9bfb6da", host: "gl2", ts: 1 };
  return headlineOf(readFacts(JSON.stringify(toPayload({ ...about, event, message }))));
}

Deno.test("a headline says where, what and how bad", () => {
  const lines: readonly (readonly [string, Message, string])[] = [
    [
      "BRICK_DISCONNECTED",
      { peer: "gl2", volume: "gv0", brick: "/bricks/b1" },
      "gl2: brick gl2:/bricks/b1 of volume gv0 disconnected (alert)",
    ],
    ["VOLUME_STOP", { name: "gv0", force: false }, "gl2: volume gv0 was stopped (warning)"],
    [
      "AFR_QUORUM_FAIL",
      { "client-pid": "-6", "subvol": "gv0-replicate-0" },
      "gl2: subvolume gv0-replicate-0 has no quorum, writes fail (critical)",
    ],
    [
      "QUOTA_CROSSED_SOFT_LIMIT",
      { Usage: "8.0GB", volume: "gv0", path: "/home" },
      "gl2: /home of volume gv0 passed its soft limit, it holds 8.0GB (warning)",
    ],
    ["PEER_DISCONNECT", { peer: "gl3", uuid: "u" }, "gl2: peer gl3 disconnected (alert)"],
    ["SVC_DISCONNECTED", { svc_name: "bitd" }, "gl2: service bitd disconnected (warning)"],
    [
      "GEOREP_FAULTY",
      { primary_volume: "gv0", primary_node: "gl1", brick_path: "/b" },
      "gl2: geo-replication of volume gv0 is faulty at brick gl1:/b (alert)",
    ],
  ];
  assertEquals(
    lines.map(([event, message]) => headline(event, message)),
    lines.map(([, , line]) => line),
  );
});

Deno.test("a headline is one line, also of what says nothing or is not known", () => {
  assertEquals(
    headline("BITROT_ENABLE", {}),
    "gl2: bit-rot detection of a volume was switched on (info)",
  );
  assertEquals(
    headline("UNKNOWN_150", {}),
    "gl2: UNKNOWN_150, an event that is not known here (warning)",
  );
  assertEquals(
    headline("constructor", {}),
    "gl2: constructor, an event that is not known here (warning)",
  );
  assertEquals(
    headline("VOLUME_DELETE", { name: "a\r\n{peer} $1" }),
    "gl2: volume a {peer} $1 was deleted (warning)",
  );
});

Deno.test("every type has words of its own, and no fields that it cannot have", () => {
  for (const type of EVENT_TYPES) {
    const words = HEADLINES[type.name];
    assert(words !== undefined, type.name);
    assertMatch(words, /^(?:[^{}]|\{=?[\w-]+\})+$/);
    for (const [, field = ""] of words.matchAll(/\{=([\w-]+)\}/g)) {
      assert(isFieldOf(type, field), `${type.name} has no ${field}`);
    }
    assertMatch(headline(type.name, {}), /^gl2: [^{}]+ \((?:info|warning|alert|critical)\)$/);
  }
  const others = Object.keys(HEADLINES).filter((name) =>
    !EVENT_TYPES.some((type) => type.name === name)
  );
  assertEquals(others, ["EVENTING_GAP", "TEST"]);
  assertEquals(new Set(Object.values(HEADLINES)).size, Object.keys(HEADLINES).length);
});

Deno.test("a description is the catalog's", () => {
  assertMatch(descriptionOf("BRICK_DISCONNECTED"), /^A running brick lost its connection/);
  assertEquals(descriptionOf("UNKNOWN_150"), "");
  for (const event of ["TEST", "EVENTING_GAP"]) assert(descriptionOf(event) !== "");
});
