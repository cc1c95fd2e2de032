import { eventTypeByName } from "../../../src/event/catalog.ts";
import { parseDatagram } from "../../../src/event/datagram.ts";
import type { Message, Report } from "../../../src/event/event.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { readFixtureLines } from "./fixture_lines.ts";

const LINES = readFixtureLines();

/** How often each event stands in the fixture, counted with other tools. */
const COUNTS: Readonly<Record<string, number>> = {
  PEER_DETACH: 1,
  VOLUME_CREATE: 1,
  VOLUME_START: 2,
  VOLUME_STOP: 2,
  VOLUME_DELETE: 2,
  VOLUME_SET: 3,
  VOLUME_RESET: 1,
  BRICK_RESET_START: 1,
  BRICK_RESET_COMMIT: 1,
  BRICK_REPLACE: 1,
  BITROT_ENABLE: 1,
  BITROT_DISABLE: 1,
  BITROT_SCRUB_FREQ: 1,
  BITROT_SCRUB_OPTION: 1,
  QUOTA_ENABLE: 1,
  QUOTA_DISABLE: 1,
  QUOTA_SET_USAGE_LIMIT: 1,
  SNAPSHOT_CREATE_FAILED: 1,
  SNAPSHOT_CONFIG_UPDATE_FAILED: 1,
  SVC_CONNECTED: 11,
  PEER_CONNECT: 4,
  PEER_DISCONNECT: 3,
  BRICK_DISCONNECTED: 1,
  BRICK_CONNECTED: 8,
  EC_MIN_BRICKS_NOT_UP: 1,
  EC_MIN_BRICKS_UP: 3,
  CLIENT_CONNECT: 91,
  CLIENT_DISCONNECT: 75,
  AFR_QUORUM_MET: 25,
  AFR_QUORUM_FAIL: 9,
  AFR_SUBVOL_UP: 24,
  AFR_SUBVOLS_DOWN: 10,
  VOLUME_ADD_BRICK: 1,
  VOLUME_REMOVE_BRICK_START: 1,
  VOLUME_REMOVE_BRICK_COMMIT: 1,
  VOLUME_REBALANCE_START: 1,
  VOLUME_REBALANCE_STOP: 1,
  VOLUME_REBALANCE_COMPLETE: 4,
};

/** Lines of the fixture, and what they say. */
const GOLDEN: readonly (readonly [payload: string, event: string, message: Message])[] = [
  [
    "1795333034 6 name=gv1;options=,auth.allow,10.0.0.1,10.0.0.2",
    "VOLUME_SET",
    { name: "gv1", options: [["auth.allow", "10.0.0.1,10.0.0.2"]] },
  ],
  [
    "1795333034 6 name=gv1;options=,user.note,a=b;c=d",
    "VOLUME_SET",
    { name: "gv1", options: [["user.note", "a=b;c=d"]] },
  ],
  [
    "1795333034 6 name=gv1;options=,cluster.quorum-type,auto",
    "VOLUME_SET",
    { name: "gv1", options: [["cluster.quorum-type", "auto"]] },
  ],
  ["1795333034 7 name=gv1;option=all", "VOLUME_RESET", { name: "gv1", option: "all" }],
  ["1795333039 19 (null)", "BITROT_ENABLE", {}],
  ["1795333039 20 (null)", "BITROT_DISABLE", {}],
  [
    "1795333043 27 volume=gv1;path=/;limit=10GB",
    "QUOTA_SET_USAGE_LIMIT",
    { volume: "gv1", path: "/", limit: "10GB" },
  ],
  [
    "1795333044 36 snapshot_name=s1;volume_name=gv1;" +
    "error=LVM commands not found, snapshot functionality is disabled",
    "SNAPSHOT_CREATE_FAILED",
    {
      snapshot_name: "s1",
      volume_name: "gv1",
      error: "LVM commands not found, snapshot functionality is disabled",
    },
  ],
  [
    "1795333044 123 volume=gv1;bricks=gl1:/data/n1/c gl2:/data/n2/c gl3:/data/n3/c ",
    "VOLUME_ADD_BRICK",
    { volume: "gv1", bricks: "gl1:/data/n1/c gl2:/data/n2/c gl3:/data/n3/c" },
  ],
  [
    "1795333082 2 name=ec1;bricks= gl1:/data/n1/e gl2:/data/n2/e gl3:/data/n3/e ",
    "VOLUME_CREATE",
    { name: "ec1", bricks: "gl1:/data/n1/e gl2:/data/n2/e gl3:/data/n3/e" },
  ],
  [
    "1795333077 10 Volume=gv1;source-brick=gl3:/data/n3/b;destination-brick=gl3:/data/n3/b=2;x",
    "BRICK_REPLACE",
    {
      "Volume": "gv1",
      "source-brick": "gl3:/data/n3/b",
      "destination-brick": "gl3:/data/n3/b=2;x",
    },
  ],
  ["1795333082 3 name=ec1;force=0", "VOLUME_START", { name: "ec1", force: false }],
  ["1795333087 3 name=ec1;force=1", "VOLUME_START", { name: "ec1", force: true }],
  [
    "1795333089 71 peer=gl2;uuid=e9bfb6da-6bc7-431f-9139-d20d93663784;state=Peer in Cluster",
    "PEER_DISCONNECT",
    { peer: "gl2", uuid: "e9bfb6da-6bc7-431f-9139-d20d93663784", state: "Peer in Cluster" },
  ],
  [
    "1795333069 108 client-pid=0; subvol=gv1-replicate-0",
    "AFR_SUBVOL_UP",
    { "client-pid": "0", "subvol": "gv1-replicate-0" },
  ],
  [
    "1795333081 106 client-pid=-12; subvol=gv1-replicate-0",
    "AFR_QUORUM_MET",
    { "client-pid": "-12", "subvol": "gv1-replicate-0" },
  ],
  [
    "1795333089 97 client_uid=CTX_ID:9af11b2c-01f1-4a02-a91a-6168b38bb93c-GRAPH_ID:0-PID:28358-" +
    "HOST:gl1-PC_NAME:gv1-client-1-RECON_NO:-0;client_identifier=10.99.0.1:49057;" +
    "server_identifier=10.99.0.2:56495;brick_path=/data/n2/b;subdir_mount=(null)",
    "CLIENT_CONNECT",
    {
      client_uid: "CTX_ID:9af11b2c-01f1-4a02-a91a-6168b38bb93c-GRAPH_ID:0-PID:28358-" +
        "HOST:gl1-PC_NAME:gv1-client-1-RECON_NO:-0",
      client_identifier: "10.99.0.1:49057",
      server_identifier: "10.99.0.2:56495",
      brick_path: "/data/n2/b",
      subdir_mount: "(null)",
    },
  ],
];

function parse(payload: string): Report {
  const report = parseDatagram(new TextEncoder().encode(payload));
  assert(report !== undefined, `Refused: ${payload}`);
  return report;
}

Deno.test("every datagram of the fixture gets the name of its event", () => {
  const counts: Record<string, number> = {};
  for (const { payload } of LINES) {
    const { event } = parse(payload);
    counts[event] = (counts[event] ?? 0) + 1;
  }
  assertEquals(counts, COUNTS);
});

Deno.test("every datagram of the fixture keeps the sender's time", () => {
  for (const { payload } of LINES) {
    assertEquals(parse(payload).ts, Number(payload.split(" ")[0]), payload);
  }
});

Deno.test("a message of the fixture has the fields of its event, and only those", () => {
  for (const { payload } of LINES) {
    if (payload.endsWith(" (null)")) continue;
    const { event, message } = parse(payload);
    const fields = eventTypeByName(event)?.fields ?? [];
    const required = fields.filter(({ optional }) => !optional).map(({ name }) => name);
    // The optional fields are those that these datagrams lack.
    assertEquals(Object.keys(message).toSorted(), required.toSorted(), payload);
  }
});

Deno.test("no message of the fixture is empty but those whose body is (null)", () => {
  const empty = LINES.filter(({ payload }) => Object.keys(parse(payload).message).length === 0);
  assertEquals(empty.map(({ payload }) => payload), [
    "1795333039 19 (null)",
    "1795333039 20 (null)",
  ]);
});

Deno.test("a datagram of the fixture without quirks reads as a plain split reads it", () => {
  // Those that a plain split gets wrong are among the golden ones.
  const plain = LINES.filter(({ payload }) => !/ \(null\)$| 6 name=|=2;x|;force=/.test(payload));
  assert(plain.length > 280, `Only ${plain.length} lines are left to compare`);
  for (const { payload } of plain) {
    const body = payload.split(" ").slice(2).join(" ");
    const pairs = body.split(";").map((piece) => piece.split("=").map((part) => part.trim()));
    assertEquals(parse(payload).message, Object.fromEntries(pairs), payload);
  }
});

for (const [payload, event, message] of GOLDEN) {
  Deno.test(`the fixture's ${JSON.stringify(payload.slice(0, 70))} reads as expected`, () => {
    assert(LINES.some((line) => line.payload === payload), `Not in the fixture: ${payload}`);
    assertEquals(parse(payload), { ts: Number(payload.slice(0, 10)), event, message });
  });
}
