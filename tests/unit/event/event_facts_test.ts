import { readFacts, subjectOf } from "../../../src/event/event_facts.ts";
import { type Message, toPayload } from "../../../src/event/event.ts";
import { assertEquals } from "../../support/assert.ts";

function subject(event: string, message: Message): string | undefined {
  const about = { id: "01A", nodeId: "e9bfb6da", host: "gl1", ts: 1 };
  return subjectOf(readFacts(JSON.stringify(toPayload({ ...about, event, message }))));
}

const SUBJECTS: readonly (readonly [event: string, message: Message, subject: string])[] = [
  ["BRICK_DISCONNECTED", { peer: "gl2", volume: "gv0", brick: "/b/1" }, "brick/gl2:/b/1"],
  ["BRICK_RESET_START", { "Volume": "gv0", "source-brick": "gl3:/b" }, "brick/gl3:/b"],
  ["IMPORT_BRICK_FAILED", { "peer": "gl3", "ta-brick": "/ta" }, "brick/gl3:/ta"],
  ["CLIENT_CONNECT", { client_uid: "CTX", brick_path: "/b" }, "brick/gl1:/b"],
  ["BITROT_BAD_FILE", { gfid: "g", path: "/f", brick: "/b" }, "brick/gl1:/b"],
  ["POSIX_BRICK_NOT_IN_VOLUME", { brick: "gl1.example.com:/b" }, "brick/gl1.example.com:/b"],
  [
    "POSIX_HEALTH_CHECK_FAILED",
    { op: "open", path: "/b/.h", error: "EIO", brick: "gl1:/b timeout is 20" },
    "brick/gl1:/b",
  ],
  [
    "GEOREP_FAULTY",
    { primary_volume: "gv0", primary_node: "gl2", secondary_host: "s1", brick_path: "/b" },
    "volume/gv0",
  ],
  ["VOLUME_CREATE", { name: "gv0", bricks: "gl1:/b" }, "volume/gv0"],
  ["AFR_QUORUM_FAIL", { "client-pid": "-6", "subvol": "gv0-replicate-1" }, "volume/gv0"],
  ["PEER_CONNECT", { host: "gl3", uuid: "u" }, "peer/gl3"],
  ["PEER_DISCONNECT", { peer: "gl3", uuid: "u", state: "Peer in Cluster" }, "peer/gl3"],
  ["SNAPSHOT_CREATED", { snapshot_name: "s1", volume_name: "gv0" }, "volume/gv0"],
  ["SNAPSHOT_DELETED", { snapshot_name: "s1", snapshot_uuid: "u" }, "snapshot/s1"],
  ["SVC_CONNECTED", { svc_name: "bitd" }, "service/bitd"],
];

Deno.test("the subject is the brick, else the volume, else what there is", () => {
  assertEquals(
    SUBJECTS.map(([event, message]) => subject(event, message)),
    SUBJECTS.map(([, , expected]) => expected),
  );
});

Deno.test("what Gluster writes for nothing is no subject", () => {
  assertEquals(subject("QUOTA_DISABLE", { volume: "(null)" }), undefined);
  assertEquals(subject("CLIENT_DISCONNECT", { brick_path: "(null)" }), undefined);
  assertEquals(subject("PEER_ATTACH", { host: "" }), undefined);
  assertEquals(subject("BITROT_ENABLE", {}), undefined);
});

Deno.test("a payload without a message names nothing", () => {
  const { volume, brick, peer } = readFacts('{"ts":1,"event":"VOLUME_CREATE"}');
  assertEquals([volume, brick, peer], ["", "", ""]);
});
