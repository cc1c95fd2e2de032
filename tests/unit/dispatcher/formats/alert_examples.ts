import type { Message } from "../../../../src/event/event.ts";

/** What opens an alert, and the messages that close it. */
export interface AlertExample {
  readonly opens: readonly [event: string, message: Message];
  readonly closes: readonly (readonly [event: string, message: Message])[];
  /** The labels that tell it from others of its name. */
  readonly labels: Readonly<Record<string, string>>;
}

const BRICK = { peer: "gl2", volume: "gv0", brick: "/b/1" };
const BRICK_LABELS = { volume: "gv0", brick: "gl2:/b/1" };
const CONNECTED = ["BRICK_CONNECTED", BRICK] as const;
const PART_LABELS = { volume: "gv0", subvolume: "gv0-replicate-0" };
const SESSION = { primary: "gv0", secondary: "s1::backup" };
const SESSION_LABELS = { volume: "gv0", secondary: "s1::backup" };
const WORKER = {
  primary_volume: "gv0",
  primary_node: "gl2",
  primary_node_id: "e9bfb6da",
  secondary_volume: "backup",
  brick_path: "/b/1",
};

/** One for each rule, with messages as Gluster sends them. */
export const ALERT_EXAMPLES: readonly AlertExample[] = [
  { opens: ["BRICK_DISCONNECTED", BRICK], closes: [CONNECTED], labels: BRICK_LABELS },
  { opens: ["BRICK_START_FAILED", BRICK], closes: [CONNECTED], labels: BRICK_LABELS },
  {
    opens: [
      "POSIX_HEALTH_CHECK_FAILED",
      // The process of the brick has the node's full name.
      { op: "open", path: "/h", error: "EIO", brick: "gl2.example.com:/b/1 timeout is 20" },
    ],
    closes: [CONNECTED],
    labels: { brick: "gl2:/b/1" },
  },
  ...["BRICK_NOT_IN_VOLUME", "ALREADY_PART_OF_VOLUME", "BRICK_VERIFICATION_FAILED"].map((name) => ({
    opens: [`POSIX_${name}`, { brick: "gl2.example.com:/b/1" }] as const,
    closes: [CONNECTED],
    labels: { brick: "gl2:/b/1" },
  })),
  {
    opens: ["PEER_DISCONNECT", { peer: "gl3", uuid: "6139dcd1", state: "Peer in Cluster" }],
    closes: [["PEER_CONNECT", { host: "gl3", uuid: "6139dcd1" }]],
    labels: { peer: "gl3" },
  },
  {
    opens: ["QUORUM_LOST", { volume: "gv0" }],
    closes: [["QUORUM_REGAINED", { volume: "gv0" }]],
    labels: { volume: "gv0" },
  },
  {
    opens: ["SVC_DISCONNECTED", { svc_name: "glustershd" }],
    closes: [["SVC_CONNECTED", { svc_name: "glustershd" }]],
    labels: { service: "glustershd" },
  },
  {
    opens: ["AFR_QUORUM_FAIL", { "client-pid": "-6", "subvol": "gv0-replicate-0" }],
    closes: [["AFR_QUORUM_MET", { "client-pid": "0", "subvol": "gv0-replicate-0" }]],
    labels: PART_LABELS,
  },
  {
    opens: ["AFR_SUBVOLS_DOWN", { "client-pid": "-6", "subvol": "gv0-replicate-0" }],
    closes: [["AFR_SUBVOL_UP", { "client-pid": "-6", "subvol": "gv0-replicate-0" }]],
    labels: PART_LABELS,
  },
  {
    opens: ["EC_MIN_BRICKS_NOT_UP", { subvol: "ec1-disperse-0" }],
    closes: [["EC_MIN_BRICKS_UP", { subvol: "ec1-disperse-0" }]],
    labels: { volume: "ec1", subvolume: "ec1-disperse-0" },
  },
  {
    opens: ["GEOREP_FAULTY", { ...WORKER, secondary_host: "s1", current_secondary_host: "s2" }],
    closes: [
      ["GEOREP_ACTIVE", { ...WORKER, secondary_host: "root@s1" }],
      ["GEOREP_PASSIVE", { ...WORKER, secondary_host: "root@s1" }],
    ],
    labels: { ...BRICK_LABELS, secondary_volume: "backup" },
  },
  {
    opens: ["REBALANCE_START_FAILED", { volume: "gv0" }],
    closes: [["VOLUME_REBALANCE_COMPLETE", { volume: "gv0" }]],
    labels: { volume: "gv0" },
  },
  {
    opens: ["VOLUME_REBALANCE_FAILED", { volume: "gv0" }],
    closes: [["VOLUME_REBALANCE_COMPLETE", { volume: "gv0" }]],
    labels: { volume: "gv0" },
  },
  {
    opens: ["TIER_WATERMARK_HI", { vol: "gv0" }],
    closes: [
      ["TIER_WATERMARK_DROPPED_TO_MID", { vol: "gv0" }],
      ["TIER_WATERMARK_DROPPED_TO_LOW", { vol: "gv0" }],
    ],
    labels: { volume: "gv0" },
  },
  {
    opens: ["VOLUME_STOP", { name: "gv0", force: false }],
    closes: [["VOLUME_START", { name: "gv0", force: true }], ["VOLUME_DELETE", { name: "gv0" }]],
    labels: { volume: "gv0" },
  },
  {
    opens: ["BRICK_RESET_START", { "Volume": "gv0", "source-brick": "gl2:/b/1" }],
    closes: ["BRICK_RESET_COMMIT", "BRICK_REPLACE"].map((event) => [
      event,
      { "Volume": "gv0", "source-brick": "gl2:/b/1", "destination-brick": "gl2:/b/2" },
    ]),
    labels: BRICK_LABELS,
  },
  {
    opens: ["GEOREP_STOP", SESSION],
    closes: [["GEOREP_START", { force: true, ...SESSION }], ["GEOREP_DELETE", SESSION]],
    labels: SESSION_LABELS,
  },
  {
    opens: ["GEOREP_PAUSE", SESSION],
    closes: ["RESUME", "START", "STOP", "DELETE"].map((name) => [`GEOREP_${name}`, SESSION]),
    labels: SESSION_LABELS,
  },
];
