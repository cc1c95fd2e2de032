import { parseDatagram } from "../../../src/event/datagram.ts";
import type { Message } from "../../../src/event/event.ts";
import { assertEquals } from "../../support/assert.ts";

/** What Gluster's processes send beyond the plain form, and what has to come of it. */
const QUIRKS: readonly (readonly [
  what: string,
  body: string,
  event: string,
  message: Message,
])[] = [
  ["a body of (null) gives an empty message", "24 (null)", "BITROT_SCRUB_ONDEMAND", {}],
  ["no body gives an empty message", "89", "EC_MIN_BRICKS_NOT_UP", {}],
  ["a value of (null) stays", "26 volume=(null)", "QUOTA_DISABLE", { volume: "(null)" }],
  ["an empty value stays", "7 name=gv1;option=", "VOLUME_RESET", { name: "gv1", option: "" }],
  [
    "a key may have a space before it",
    "109 client-pid=-6; subvol=gv1-replicate-1",
    "AFR_SUBVOLS_DOWN",
    { "client-pid": "-6", "subvol": "gv1-replicate-1" },
  ],
  [
    "a unit glued on with a space stays with the number",
    "140 volume=gv1;subvol=gv1-client-0;usage=91.00 %",
    "DHT_DISK_USAGE",
    { volume: "gv1", subvol: "gv1-client-0", usage: "91.00 %" },
  ],
  [
    "a size with its unit stays text",
    "95 Usage=1.0GB;volume=gv1;path=/a b",
    "QUOTA_CROSSED_SOFT_LIMIT",
    { Usage: "1.0GB", volume: "gv1", path: "/a b" },
  ],
  [
    "text glued on behind a brick stays with it",
    "105 op=open;path=/b/.glusterfs/health_check;error=Read-only file system;" +
    "brick=h:/b timeout is 20",
    "POSIX_HEALTH_CHECK_FAILED",
    {
      op: "open",
      path: "/b/.glusterfs/health_check",
      error: "Read-only file system",
      brick: "h:/b timeout is 20",
    },
  ],
  [
    "AFR_SPLIT_BRAIN may number its keys",
    "110 client-pid=-6;subvol=gv1-replicate-0;type=gfid;file=<gfid:00-01>/f;x=1>;count=2;" +
    "child-0=gv1-client-0;gfid-0=aa;child-12=gv1-client-12;gfid-12=bb",
    "AFR_SPLIT_BRAIN",
    {
      "client-pid": "-6",
      "subvol": "gv1-replicate-0",
      "type": "gfid",
      "file": "<gfid:00-01>/f;x=1>",
      "count": "2",
      "child-0": "gv1-client-0",
      "gfid-0": "aa",
      "child-12": "gv1-client-12",
      "gfid-12": "bb",
    },
  ],
  [
    "AFR_SPLIT_BRAIN may number its types",
    "110 subvol=gv1-replicate-0;type=file;gfid=aa;ia_type-0=FILE;ia_type-1=DIR",
    "AFR_SPLIT_BRAIN",
    {
      "subvol": "gv1-replicate-0",
      "type": "file",
      "gfid": "aa",
      "ia_type-0": "FILE",
      "ia_type-1": "DIR",
    },
  ],
  [
    "geo-replication keeps the names of releases before 10",
    "93 master_volume=a;master_node=n;master_node_id=i;slave_host=h;slave_volume=b;brick_path=/p",
    "GEOREP_ACTIVE",
    {
      master_volume: "a",
      master_node: "n",
      master_node_id: "i",
      slave_host: "h",
      slave_volume: "b",
      brick_path: "/p",
    },
  ],
  [
    "geo-replication's commands keep the names of releases before 10",
    "12 force=1;push_pem=1;master=gv1;slave=h::gv2",
    "GEOREP_START",
    { force: true, push_pem: "1", master: "gv1", slave: "h::gv2" },
  ],
  [
    "a value of geo-replication may hold = and ;",
    '17 option=rsync-options;value=--rsh="ssh -o A=b;x=1" -z;primary=gv1;secondary=h::gv2',
    "GEOREP_CONFIG_SET",
    {
      option: "rsync-options",
      value: '--rsh="ssh -o A=b;x=1" -z',
      primary: "gv1",
      secondary: "h::gv2",
    },
  ],
  ["force=1 is true", "4 name=gv1;force=1", "VOLUME_STOP", { name: "gv1", force: true }],
  ["force=0 is false", "4 name=gv1;force=0", "VOLUME_STOP", { name: "gv1", force: false }],
  ["force is a switch in words too", "9999 force=true", "UNKNOWN_9999", { force: true }],
  ["a force that is no switch stays text", "4 force=maybe", "VOLUME_STOP", { force: "maybe" }],
  [
    "a free text may hold ;word= where the event has no such field",
    "50 error=rc=22;reason=disk full; see=log",
    "SNAPSHOT_CONFIG_UPDATE_FAILED",
    { error: "rc=22;reason=disk full; see=log" },
  ],
  [
    "a free text may hold line breaks",
    "50 error=first\nsecond=2;\nthird=3",
    "SNAPSHOT_CONFIG_UPDATE_FAILED",
    { error: "first\nsecond=2;\nthird=3" },
  ],
  [
    "a field that comes a second time belongs to the value before it",
    "96 gfid=aa;path=/x;gfid=bb;brick=h:/b",
    "BITROT_BAD_FILE",
    { gfid: "aa", path: "/x;gfid=bb", brick: "h:/b" },
  ],
  [
    "a ; at the end belongs to the value before it",
    "81 volume=gv1;",
    "QUORUM_REGAINED",
    { volume: "gv1;" },
  ],
  ["a key is split off at the first =", "1 host==a=b=", "PEER_DETACH", { host: "=a=b=" }],
  ["a first key is kept though the event has no such field", "1 peer=a", "PEER_DETACH", {
    peer: "a",
  }],
  [
    "an event without a list of fields may have any key",
    "124 volume=gv1;bricks=h:/b;x_1-y=z",
    "VOLUME_ADD_BRICK_FAILED",
    { "volume": "gv1", "bricks": "h:/b", "x_1-y": "z" },
  ],
  ["an unknown index is delivered", "142 a=1;b=2", "UNKNOWN_142", { a: "1", b: "2" }],
  ["a negative index is not the last of the list", "-1 a=1", "UNKNOWN_-1", { a: "1" }],
  ["an index far away is delivered", "999999999999999 a=1", "UNKNOWN_999999999999999", { a: "1" }],
  [
    "options of which each has commas keep them whole",
    "6 name=gv1;options=,auth.allow,h1.example.com,h2.example.com,user.x,a,b,nfs.disable,on",
    "VOLUME_SET",
    {
      name: "gv1",
      options: [
        ["auth.allow", "h1.example.com,h2.example.com"],
        ["user.x", "a,b"],
        ["nfs.disable", "on"],
      ],
    },
  ],
];

for (const [what, body, event, message] of QUIRKS) {
  Deno.test(`in a datagram, ${what}`, () => {
    assertEquals(parseDatagram(`1700000000 ${body}`), { ts: 1700000000, event, message });
  });
}
